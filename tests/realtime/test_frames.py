"""Frames as bytes: what a client's own parser makes of them."""

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from apps.realtime.frames import Frames, on_the_wire


def parsed(data: bytes) -> list[Frame]:
    client = ClientProtocol(parse_uri("ws://localhost/"), state=State.OPEN, max_size=None)
    client.receive_data(data)
    assert client.parser_exc is None
    return [event for event in client.events_received() if isinstance(event, Frame)]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
def test_every_length_is_one_whole_text_message(size: int) -> None:
    text = "x" * size
    frames = parsed(on_the_wire([text]))
    assert [(frame.opcode, frame.fin, frame.rsv1, frame.data) for frame in frames] == [(Opcode.TEXT, True, False, text.encode())]


def test_several_texts_keep_their_order_and_their_letters() -> None:
    texts = ['{"t":"q","d":[]}', "€" * 50, "", '{"t":"h","n":1}']
    frames = Frames(texts)
    assert [bytes(frame.data).decode() for frame in parsed(frames.wire)] == texts
    assert frames.wire is frames.wire, "made once, for all sockets"
    assert on_the_wire([]) == b""
