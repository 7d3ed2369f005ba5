"""The event loop's client of the engine, against a peer that says what a frozen, restarted or hurried engine says."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from apps.commands import async_client, framing
from apps.commands.answers import AnyAnswer, DoneAnswer, RetryAnswer
from apps.commands.async_client import AsyncEngineClient, EngineBusyError
from apps.commands.client import EngineUnavailableError
from apps.commands.types import Actor, AnyCommand, Deposit
from apps.core.enums import Role
from tests.realtime.conftest import free_port

pytestmark = pytest.mark.asyncio

_commands: msgspec.msgpack.Decoder[AnyCommand] = msgspec.msgpack.Decoder(AnyCommand)
_encode = msgspec.msgpack.Encoder().encode


def deposit(command_id: str, account_id: int = 1, amount: str = "1") -> Deposit:
    return Deposit(command_id=command_id, actor=Actor(1, Role.CUSTOMER), account_id=account_id, asset="USD", amount=amount)


class Peer:
    """The engine's end. ``answer`` decides what is said to each command, in the order of their coming; None is silence."""

    def __init__(self, answer: "Callable[[Peer, Deposit], Awaitable[AnyAnswer | None]]") -> None:
        self._answer = answer
        self.received: list[Deposit] = []
        self.connections = 0
        self.writers: list[asyncio.StreamWriter] = []
        self.tokens: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        frames = framing.FrameReader(framing.CALLER_LIMITS)
        while data := await reader.read(65536):
            for kind, body in frames.feed(data):
                if kind == framing.HELLO:
                    self.tokens.append(msgspec.msgpack.decode(body, type=framing.Hello).token)
                    writer.write(framing.frame(framing.HELLO, _encode(framing.Welcome(framing.PROTOCOL_VERSION, 1))))
                    continue
                command = _commands.decode(body)
                assert isinstance(command, Deposit)
                self.received.append(command)
                answer = await self._answer(self, command)
                if answer is not None:
                    self.say(answer)
        writer.close()

    def say(self, answer: AnyAnswer) -> None:
        self.writers[-1].write(framing.frame(framing.ANSWER, _encode(answer)))


def done(command: Deposit) -> DoneAnswer:
    """Tells whose command it was, as a real answer tells what was made."""
    return DoneAnswer(command_id=command.command_id, reference=command.account_id)


async def at_once(peer: Peer, command: Deposit) -> AnyAnswer:
    return done(command)


@asynccontextmanager
async def engine(directory: Path, peer: Peer, **more: int) -> AsyncIterator[AsyncEngineClient]:
    path = directory / f"{uuid.uuid4().hex[:8]}.sock"
    server = await asyncio.start_unix_server(peer.serve, path)
    client = AsyncEngineClient(f"unix://{path}", **more)
    try:
        yield client
    finally:
        await client.aclose()
        for writer in peer.writers:
            writer.transport.abort()
        server.close()


async def test_many_are_in_flight_on_one_connection_and_answers_may_come_in_any_order(tmp_path: Path) -> None:
    held: list[Deposit] = []

    async def backwards(peer: Peer, command: Deposit) -> None:
        held.append(command)
        if len(held) == 50:
            for each in reversed(held):
                peer.say(done(each))

    peer = Peer(backwards)
    async with engine(tmp_path, peer) as client:
        answers = await asyncio.gather(*(client.send(deposit(f"c{n}", account_id=n)) for n in range(50)))
    assert [answer.reference for answer in answers if isinstance(answer, DoneAnswer)] == list(range(50))
    assert peer.connections == 1


async def test_one_id_of_two_accounts_is_in_flight_once_and_each_gets_its_own_answer(tmp_path: Path) -> None:
    together: list[int] = []
    waiting = 0

    async def slowly(peer: Peer, command: Deposit) -> AnyAnswer:
        nonlocal waiting
        waiting += 1
        together.append(waiting)
        await asyncio.sleep(0.01)
        waiting -= 1
        return done(command)

    async with engine(tmp_path, Peer(slowly)) as client:
        answers = await asyncio.gather(*(client.send(deposit("same", account_id=n)) for n in range(10)))
    assert [answer.reference for answer in answers if isinstance(answer, DoneAnswer)] == list(range(10))
    assert set(together) == {1}


async def test_a_late_answer_is_never_taken_for_another_s(tmp_path: Path) -> None:
    async def late(peer: Peer, command: Deposit) -> AnyAnswer:
        if command.account_id == 1:
            await asyncio.sleep(0.4)
        return done(command)

    async with engine(tmp_path, Peer(late)) as client:
        with pytest.raises(EngineUnavailableError):
            await client.send(deposit("same", account_id=1), deadline_s=0.1)
        assert client.in_flight == 1, "its answer is still to come"
        answer = await client.send(deposit("same", account_id=2), deadline_s=20.0)
        assert client.in_flight == 0
    assert answer == DoneAnswer(command_id="same", reference=2)


async def test_silence_is_not_known_and_what_was_never_sent_is_forgotten(tmp_path: Path) -> None:
    async def silent(peer: Peer, command: Deposit) -> None:
        return None

    peer = Peer(silent)
    async with engine(tmp_path, peer) as client:
        outcomes = await client.send_all([deposit("a"), deposit("a"), deposit("b")], deadline_s=0.2)
        assert [type(outcome) for outcome in outcomes] == [EngineUnavailableError] * 3
        assert client.in_flight == 2, "one of each id was sent; the third waited for the first"
    assert [command.command_id for command in peer.received] == ["a", "b"]


async def test_a_frozen_engine_s_connection_is_made_anew_and_the_same_ids_go_out_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(async_client, "SILENT_S", 0.2)

    async def frozen_at_first(peer: Peer, command: Deposit) -> AnyAnswer | None:
        return done(command) if peer.connections > 1 else None

    peer = Peer(frozen_at_first)
    async with engine(tmp_path, peer) as client:
        outcomes = await client.send_all([deposit(f"c{n}", account_id=n) for n in range(3)], deadline_s=20.0)
    assert outcomes == [DoneAnswer(command_id=f"c{n}", reference=n) for n in range(3)]
    assert peer.connections == 2
    assert [command.command_id for command in peer.received] == ["c0", "c1", "c2"] * 2


async def test_a_lost_connection_is_not_a_refusal(tmp_path: Path) -> None:
    async def cut_twice(peer: Peer, command: Deposit) -> AnyAnswer | None:
        if peer.connections < 3:
            peer.writers[-1].transport.abort()
            return None
        return done(command)

    peer = Peer(cut_twice)
    async with engine(tmp_path, peer) as client:
        assert await client.send(deposit("c"), deadline_s=20.0) == DoneAnswer(command_id="c", reference=1)
    assert [command.command_id for command in peer.received] == ["c"] * 3


async def test_an_engine_that_is_away_is_waited_for_until_the_deadline(tmp_path: Path) -> None:
    path = tmp_path / "engine.sock"
    client = AsyncEngineClient(f"unix://{path}")
    with pytest.raises(EngineUnavailableError):
        await client.send(deposit("early"), deadline_s=0.2)
    assert client.in_flight == 0, "what was on no connection cannot be answered"
    peer = Peer(at_once)
    asked = asyncio.create_task(client.send(deposit("waits"), deadline_s=20.0))
    await asyncio.sleep(0.1)
    server = await asyncio.start_unix_server(peer.serve, path)
    assert await asked == DoneAnswer(command_id="waits", reference=1)
    assert [command.command_id for command in peer.received] == ["waits"]
    await client.aclose()
    server.close()


async def test_too_fast_is_told_at_once_but_not_when_an_earlier_try_went_unanswered(tmp_path: Path) -> None:
    async def hurried(peer: Peer, command: Deposit) -> AnyAnswer | None:
        if command.command_id == "torn" and peer.connections == 1:
            peer.writers[-1].transport.abort()
            return None
        if len([each for each in peer.received if each.command_id == command.command_id]) < 4:
            return RetryAnswer(command_id=command.command_id, reason="TOO_FAST", retry_after_ms=20)
        return done(command)

    peer = Peer(hurried)
    async with engine(tmp_path, peer) as client:
        assert isinstance(await client.send(deposit("fast")), RetryAnswer)
        assert await client.send(deposit("torn"), deadline_s=20.0) == DoneAnswer(command_id="torn", reference=1)
    assert [command.command_id for command in peer.received] == ["fast", *["torn"] * 4]


async def test_an_engine_that_asks_for_patience_gets_it(tmp_path: Path) -> None:
    async def busy(peer: Peer, command: Deposit) -> AnyAnswer:
        if len(peer.received) < 3:
            return RetryAnswer(command_id=command.command_id, reason="UNAVAILABLE", retry_after_ms=10)
        return done(command)

    async with engine(tmp_path, Peer(busy)) as client:
        assert await client.send(deposit("c"), deadline_s=20.0) == DoneAnswer(command_id="c", reference=1)


NONSENSE = [b"\x00\x00\x00\x01\x41\xc1", b"\xff\xff\xff\xff\x41", b"\x00\x00\x00\x00\x5a", b"HTTP/1.1 200 OK"]


@pytest.mark.parametrize("nonsense", NONSENSE)
async def test_what_makes_no_sense_ends_the_connection_and_not_the_caller(tmp_path: Path, nonsense: bytes) -> None:
    async def mad_at_first(peer: Peer, command: Deposit) -> AnyAnswer | None:
        if peer.connections > 1:
            return done(command)
        peer.writers[-1].write(nonsense)
        return None

    async with engine(tmp_path, Peer(mad_at_first)) as client:
        assert await client.send(deposit("c"), deadline_s=20.0) == DoneAnswer(command_id="c", reference=1)


async def test_an_answer_to_nothing_that_was_asked_ends_the_connection(tmp_path: Path) -> None:
    async def astray_at_first(peer: Peer, command: Deposit) -> AnyAnswer:
        return DoneAnswer(command_id="another") if peer.connections == 1 else done(command)

    peer = Peer(astray_at_first)
    async with engine(tmp_path, peer) as client:
        assert await client.send(deposit("c"), deadline_s=20.0) == DoneAnswer(command_id="c", reference=1)
    assert peer.connections == 2


async def test_what_is_in_flight_is_bounded_and_the_caller_who_left_still_counts(tmp_path: Path) -> None:
    free = asyncio.Event()

    async def when_free(peer: Peer, command: Deposit) -> AnyAnswer:
        await free.wait()
        return done(command)

    async with engine(tmp_path, Peer(when_free), in_flight_max=3) as client:
        left = asyncio.create_task(client.send(deposit("left")))
        stays = asyncio.create_task(client.send(deposit("stays")))
        await asyncio.sleep(0.05)
        left.cancel()
        await asyncio.sleep(0)
        with pytest.raises(EngineBusyError):
            await client.send_all([deposit("x"), deposit("y")])
        free.set()
        assert await stays == DoneAnswer(command_id="stays", reference=1)
        assert client.in_flight == 0


async def test_a_port_is_told_the_token(tmp_path: Path) -> None:
    peer, port = Peer(at_once), free_port()
    server = await asyncio.start_server(peer.serve, "127.0.0.1", port)
    client = AsyncEngineClient(f"tcp://127.0.0.1:{port}", "a-token-of-some-length")
    assert await client.send(deposit("c")) == DoneAnswer(command_id="c", reference=1)
    assert peer.tokens == ["a-token-of-some-length"]
    await client.aclose()
    for writer in peer.writers:
        writer.transport.abort()
    server.close()
    with pytest.raises(framing.AddressError):
        AsyncEngineClient(f"tcp://127.0.0.1:{port}")
