"""The stream's protocol fuzzed on a real server: what is no message is answered so, or ends its socket by a code of the protocol;
what is one is served; nobody else notices."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import websockets
from hypothesis import strategies as st
from websockets.sync.client import ClientConnection, connect

from apps.realtime import limits, protocol
from apps.realtime.protocol import BadMessageError, read_message
from tests.fuzzing import VALUES, changed, fuzz, fuzz_at_length
from tests.realtime.conftest import ORIGIN, Market, Server
from tests.realtime.hostile import VALID
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.fault("F26")]

#: Of the protocol, and what RFC 6455 has for what is no text.
CODES = {1002, 1003, 1007, protocol.POLICY, 1009, protocol.LOGGED_OUT}
#: So few that no limit of messages a second is met.
MESSAGES_MAX = 6

MESSAGES = st.one_of(
    *(changed(json.loads(text), numbers=("n", "v", "account_sequence")).map(json.dumps) for text in VALID),
    st.sampled_from(VALID),
    VALUES.map(json.dumps),
    st.text(max_size=200),
    st.binary(max_size=200),
)


class Witness(threading.Thread):
    """Somebody else on the server, who answers heartbeats whatever the others say and however long they think about it."""

    def __init__(self, connection: ClientConnection) -> None:
        super().__init__(daemon=True)
        self.connection = connection
        self.snapshots = 0
        self.ended: websockets.ConnectionClosed | None = None
        self.start()

    def run(self) -> None:
        try:
            while True:
                message = json.loads(self.connection.recv())
                self.snapshots += message["t"] == "q"
                if message["t"] == "h":
                    self.connection.send(json.dumps({"op": "ack", "n": message["n"]}))
        except websockets.ConnectionClosed as ended:
            self.ended = ended

    def is_served(self) -> None:
        before = self.snapshots
        self.connection.send(json.dumps({"op": "watch", "symbols": []}))
        wait_until(lambda: self.ended or self.snapshots > before, what="the witness is served")
        assert self.ended is None, self.ended


@contextmanager
def opened(server: Server) -> Iterator[ClientConnection]:
    """A socket that has said hello."""
    with connect(server.url, origin=ORIGIN, compression=None, open_timeout=30) as socket:  # type: ignore[arg-type]
        socket.send(json.dumps({"op": "hello", "v": 1}))
        yield socket


class Target:
    def __init__(self, server: Server, witness: ClientConnection) -> None:
        self.server = server
        self.wait_for(witness, "welcome")
        self.witness = Witness(witness)

    def wait_for(self, socket: ClientConnection, kind: str) -> list[dict[str, Any]]:
        """What came up to a message of ``kind``; heartbeats are answered."""
        came = []
        while True:
            message = json.loads(socket.recv(timeout=30))
            came.append(message)
            if message["t"] == "h":
                socket.send(json.dumps({"op": "ack", "n": message["n"]}))
            if message["t"] == kind:
                return came

    def say(self, messages: list[str | bytes]) -> None:
        with opened(self.server) as socket:
            self.wait_for(socket, "welcome")
            try:
                for message in messages:
                    socket.send(message)
                socket.send(json.dumps({"op": "watch", "symbols": []}))
                came = self.wait_for(socket, "q")
            except websockets.ConnectionClosed as closed:
                assert closed.rcvd is not None and closed.rcvd.code in CODES, (closed, messages)
                is_deserved = len(messages) >= limits.BAD_MESSAGES_MAX or any(map(is_too_long, messages))
                assert closed.rcvd.code != protocol.POLICY or is_deserved, messages
            else:
                bad = sum(is_bad(message) for message in messages)
                if bad >= limits.BAD_MESSAGES_MAX:  # what came was the answer to one that is right among them
                    self.is_closed(socket)
                elif bad == len(messages):  # one that is read may have an answer of its own, or be an ack of what was never sent
                    assert sum(message["t"] == "err" for message in came) == bad, (came, messages)
        self.server.check()
        assert self.witness.ended is None, self.witness.ended

    def is_closed(self, socket: ClientConnection) -> None:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            while True:
                socket.recv(timeout=30)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == protocol.POLICY

    def is_well(self) -> None:
        self.server.check()
        self.witness.is_served()


def is_bad(message: str | bytes) -> bool:
    """Whether the reader refuses it; a hello is refused by the socket, which has had one."""
    try:
        read = read_message(message if isinstance(message, str) else "")
    except BadMessageError:
        return True
    return type(read).__name__ == "Hello"


def is_too_long(message: str | bytes) -> bool:
    return len(message.encode() if isinstance(message, str) else message) > limits.MESSAGE_BYTES_MAX


@pytest.fixture
def target(uvicorn: Server, market: Market) -> Iterator[Target]:
    before = uvicorn.log.read_text()
    with opened(uvicorn) as witness:
        made = Target(uvicorn, witness)
        yield made
        made.is_well()
    assert "Traceback" not in uvicorn.log.read_text().removeprefix(before)


def test_whatever_is_said_is_answered_or_ends_its_socket(target: Target) -> None:
    fuzz(st.lists(MESSAGES, min_size=1, max_size=MESSAGES_MAX), target.say, 300)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_however_much_is_said_it_is_answered_or_ends_its_socket(target: Target) -> None:
    fuzz_at_length(st.lists(MESSAGES, min_size=1, max_size=MESSAGES_MAX), target.say, 200_000)
