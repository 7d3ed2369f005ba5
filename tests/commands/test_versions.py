"""The two ends of the engine's socket are of different versions, as in every upgrade: each says what it can, and nobody is told
that something was refused because a process was older."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from apps.commands import framing
from apps.commands.answers import UNREAD, AnyAnswer, DoneAnswer, RefusedAnswer, is_unread
from apps.commands.async_client import AsyncEngineClient
from apps.commands.client import EngineClient, EngineUnavailableError
from apps.commands.outcomes import _outcome
from apps.commands.reasons import Reason
from apps.commands.types import Actor, CloseId
from apps.core.enums import Role

_encode = msgspec.msgpack.Encoder().encode
COMMAND = CloseId(command_id="lost-1", actor=Actor(1, Role.CUSTOMER), account_id=1)


class Sibling(msgspec.Struct, tag_field="type", kw_only=True):
    """Of the wire as another version has it."""

    command_id: str


class NewerDone(Sibling, tag="DONE"):
    reason: str = ""
    reference: int = 0
    at_ns: int = 0
    settled_by: str = "an engine of tomorrow"


def unread() -> RefusedAnswer:
    """What an engine says that knows no such command, in its decoder's own words."""
    return RefusedAnswer(
        command_id="lost-1", reason=Reason.INVALID_FIELD, message="Invalid value 'CLOSE_ID' - at `$.type`", field=UNREAD
    )


@contextmanager
def engine(directory: Path, answer: Callable[[int], Any]) -> Iterator[str]:
    """An engine that answers its nth command with ``answer(n)``."""
    path = directory / "engine.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        thread = threading.Thread(target=_serve, args=(listener, answer), daemon=True)
        thread.start()
        yield f"unix://{path}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _serve(listener: socket.socket, answer: Callable[[int], Any]) -> None:
    count = 0
    while True:
        try:
            caller, _ = listener.accept()
        except OSError:
            return
        with caller:
            frames = framing.FrameReader(framing.CALLER_LIMITS)
            while data := caller.recv(65536):
                for kind, _body in frames.feed(data):
                    if kind == framing.HELLO:
                        newer = {"version": framing.PROTOCOL_VERSION, "epoch": 7, "release": "2"}
                        caller.sendall(framing.frame(framing.HELLO, _encode(newer)))
                    else:
                        count += 1
                        caller.sendall(framing.frame(framing.ANSWER, _encode(answer(count))))


def test_what_an_older_engine_cannot_read_is_asked_again_of_its_successor(tmp_path: Path) -> None:
    done = DoneAnswer(command_id="lost-1", reason=Reason.NEVER_RECEIVED)
    with engine(tmp_path, lambda count: unread() if count < 3 else done) as url:
        client = EngineClient(url)
        assert client.send(COMMAND) == done
        client.close()


def test_while_only_an_older_one_is_there_nothing_is_known(tmp_path: Path) -> None:
    """Regression: an older engine's refusal of CLOSE_ID was told as the end of the change whose answer was lost."""
    with engine(tmp_path, lambda count: unread()) as url:
        client = EngineClient(url)
        with pytest.raises(EngineUnavailableError):
            client.send(COMMAND, deadline_s=0.3)
        client.close()


@pytest.mark.asyncio
async def test_a_program_s_command_waits_for_the_successor_too(tmp_path: Path) -> None:
    done = DoneAnswer(command_id="lost-1")
    with engine(tmp_path, lambda count: unread() if count < 3 else done) as url:
        client = AsyncEngineClient(url)
        assert await client.send(COMMAND) == done
        await client.aclose()


def test_a_newer_engine_may_say_more_than_is_understood(tmp_path: Path) -> None:
    with engine(tmp_path, lambda count: NewerDone(command_id="lost-1", reference=5)) as url:
        client = EngineClient(url)
        assert client.send(COMMAND) == DoneAnswer(command_id="lost-1", reference=5)
        client.close()


def test_a_reason_of_tomorrow_is_told_by_its_code() -> None:
    outcome = _outcome(DoneAnswer(command_id="c", reason="MOON_IS_FULL"))
    assert (outcome.done, outcome.sentence) == (False, "MOON_IS_FULL")


def test_the_engine_s_own_refusal_is_told_from_that_of_a_value() -> None:
    answers: list[AnyAnswer] = [unread(), RefusedAnswer(command_id="c", reason="INVALID_FIELD", message="no", field="memo")]
    assert [is_unread(answer) for answer in answers] == [True, False]


def test_what_crosses_the_socket_is_read_by_both_neighbours() -> None:
    """A command keeps its fields; a later version adds only such as the former may leave out. An answer keeps its own."""
    from tests.commands.wire import changes, current, saved

    assert changes(saved(), current()) == []


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ([("note", str)], ["CLOSE_ID.note is new and has no default: the former version sends none"]),
        ([("note", str, "")], []),
    ],
)
def test_a_new_field_must_be_one_that_may_be_left_out(more: list[Any], found: list[str]) -> None:
    from tests.commands.wire import changes, described

    newer = msgspec.defstruct("CloseId", more, bases=(CloseId,), frozen=True, tag="CLOSE_ID", kw_only=True)
    assert changes({"commands": described([CloseId])}, {"commands": described([newer])}) == found
    gone = changes({"commands": described([newer])}, {"commands": described([CloseId])})
    assert gone == ["CLOSE_ID.note is gone or has another type: the former version sends it"]
