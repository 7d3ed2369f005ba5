"""The engine's socket fuzzed: bytes that are no frames, frames of nothing known, and commands that are nearly right. Whoever
sends them is answered or cut off, everybody else is served, and the books stay right."""

import socket
import uuid
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import strategies as st

from apps.commands import framing
from apps.commands.answers import AnyAnswer, RefusedAnswer
from tests.authorization.matrix_commands import COMMANDS
from tests.engine.callers import Feed, accepted
from tests.engine.processes import Cluster
from tests.fuzzing import VALUES, changed, fuzz, fuzz_at_length

pytestmark = [pytest.mark.processes, pytest.mark.fault("F26")]

_decode = msgspec.msgpack.Decoder(AnyAnswer).decode
NUMBERS = (
    *("quantity", "price", "trigger_price", "trail_amount", "amount", "max_quantity", "max_notional", "tick_size", "lot_size"),
    *("max_order_notional",),
)
#: What would change what all others are answered: the market itself, and who may trade on it.
_LEFT_ALONE = frozenset(
    {
        *("KILL_VENUE", "CONFIGURE_INSTRUMENT", "SET_SESSIONS", "SET_TRADING_STATE", "SUSPEND_ACCOUNT", "HALT_INSTRUMENT"),
        *("PAUSE_INSTRUMENT", "SET_INSTRUMENT_LIMITS"),
    }
)


class Target:
    """A running engine, and somebody who is served all the while."""

    def __init__(self, engines: Cluster) -> None:
        self.engines = engines
        self.process = engines.start()
        accepted(engines, "before")

    def connect(self, *, greeted: bool = True) -> socket.socket:
        opened = socket.socket(socket.AF_UNIX)
        opened.settimeout(30)
        opened.connect(framing.parse_url(self.engines.url)[1])
        if greeted:
            opened.sendall(framing.hello_frame(""))
            assert opened.recv(4096)
        return opened

    def is_well(self) -> None:
        assert self.process.poll() is None, self.engines.log.read_text()[-4000:]

    def endure(self, sent: tuple[bool, bytes]) -> None:
        """Bytes of any kind: the engine closes the connection in the end, and lives."""
        greeted, data = sent
        with self.connect(greeted=greeted) as opened:
            try:
                opened.sendall(data)
                opened.shutdown(socket.SHUT_WR)
                while opened.recv(65536):
                    pass
            except (ConnectionResetError, BrokenPipeError):
                pass
        self.is_well()

    def answers(self, bodies: list[bytes]) -> None:
        """Commands of any kind: each is answered, in its place or later, and so is one that is right after them."""
        ours = uuid.uuid4().hex
        right = {"type": "CLOSE_ID", "command_id": ours, "actor": [None, "SYSTEM"], "account_id": self.engines.account_ids[-1]}
        sent = [*bodies, msgspec.msgpack.encode(right)]
        with self.connect() as opened:
            opened.sendall(b"".join(framing.frame(framing.COMMAND, body) for body in sent))
            reader, got = framing.FrameReader(framing.ENGINE_LIMITS), []
            while len(got) < len(sent):
                data = opened.recv(65536)
                assert data, f"cut off after {len(got)} answers of {len(sent)}"
                got += [_decode(body) for _kind, body in reader.feed(data)]
        assert ours in [answer.command_id for answer in got if not isinstance(answer, RefusedAnswer)]
        self.is_well()


@pytest.fixture
def target(engines: Cluster) -> Iterator[Target]:
    before = engines.log.stat().st_size
    with Feed(engines.url):
        made = Target(engines)
        yield made
        accepted(engines, "after")
        made.is_well()
    assert b"Traceback" not in engines.log.read_bytes()[before:]
    engines.check_books()


@st.composite
def noise(draw: st.DrawFn) -> tuple[bool, bytes]:
    """Bytes, frames of bytes, and right frames that were cut or have a byte changed."""
    frames = st.builds(framing.frame, st.integers(0, 255) | st.sampled_from([0x48, 0x43, 0x41, 0x51]), st.binary(max_size=300))
    data = b"".join(draw(st.lists(st.binary(max_size=200) | frames, max_size=5)))
    right = framing.frame(framing.COMMAND, msgspec.msgpack.encode({"type": "CANCEL_ALL", "command_id": "x", "account_id": 1}))
    place, byte = draw(st.integers(0, len(right) - 1)), draw(st.integers(0, 255))
    spoiled = right[:place] + bytes([byte]) + right[place + 1 :]
    return draw(st.booleans()), draw(st.sampled_from([data, spoiled + data, right[:place] + data, data + spoiled]))


def commands(account_id: int) -> st.SearchStrategy[list[bytes]]:
    """A few commands, nearly right, of the house's own actor: whoever is on this socket may say so."""
    kinds = [kind for kind in COMMANDS if kind.__struct_config__.tag not in _LEFT_ALONE]

    def nearly(kind: Any) -> st.SearchStrategy[dict[str, Any]]:
        fields = msgspec.to_builtins(COMMANDS[kind][1]) | {"type": kind.__struct_config__.tag, "actor": [None, "SYSTEM"]}
        fields |= {name: value for name, value in (("account_id", account_id), ("order_id", 1)) if name in kind.__struct_fields__}
        return st.builds(dict, changed(fields, numbers=NUMBERS), command_id=st.uuids().map(lambda each: each.hex) | VALUES)

    each = st.sampled_from(kinds).flatmap(nearly) | VALUES | st.fixed_dictionaries({"type": VALUES, "command_id": VALUES})
    return st.lists(st.builds(packed, each) | st.binary(max_size=100), min_size=1, max_size=6)


def packed(value: Any) -> bytes:
    """MessagePack of what it can say: a whole number beyond 64 bits, or half a surrogate, it cannot."""
    try:
        return msgspec.msgpack.encode(value)
    except (OverflowError, UnicodeEncodeError):
        return b"\xc1"


def test_bytes_are_endured(target: Target) -> None:
    fuzz(noise(), target.endure, 500)


def test_every_command_is_answered(target: Target) -> None:
    fuzz(commands(target.engines.account_ids[0]), target.answers, 500)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_many_bytes_are_endured(target: Target) -> None:
    fuzz_at_length(noise(), target.endure, 500_000)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_each_of_many_commands_is_answered(target: Target) -> None:
    fuzz_at_length(commands(target.engines.account_ids[0]), target.answers, 500_000)
