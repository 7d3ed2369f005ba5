"""The engine's socket as an event loop uses it: one connection, many commands in flight, told apart by their ids.

One connection and no more: the engine is one thread that takes what has come as one batch, so a second one would carry nothing
that the first does not, and commands of one request reach the engine in their order. The promise is that of ``client``: silence
is not a refusal. While there is no answer the same command goes out again with the same id, which is safe because the engine
answers an id once and for ever; whoever has waited long enough is told that nothing is known.

An answer names the id of its command and nothing else, and two accounts may use the same id. So an id is in flight once: a second
command with it waits for the answer to the first, even when nobody waits for that one any more.
"""

import asyncio
import random
from collections import deque
from collections.abc import Sequence
from typing import Any

import msgspec

from apps.commands import framing
from apps.commands.answers import AnyAnswer, RetryAnswer, is_unread
from apps.commands.client import (
    CONNECT_TIMEOUT_S,
    PAUSE_S_MAX,
    PAUSE_S_MIN,
    EngineUnavailableError,
    PausedError,
    shortened,
)
from apps.commands.reasons import Reason
from apps.commands.sending import note_sending
from apps.commands.types import AnyCommand
from apps.degraded import Action, Dependency, Verdict, failed, may, saw
from apps.observability import metrics

#: Commands that one process may have in flight, those that nobody waits for any more among them.
IN_FLIGHT_MAX = 2000
#: An engine that owes an answer and says nothing for this long is frozen: the connection is made anew.
SILENT_S = 1.0

_encoder = msgspec.msgpack.Encoder()
_answers: msgspec.msgpack.Decoder[AnyAnswer] = msgspec.msgpack.Decoder(AnyAnswer)

Outcome = AnyAnswer | EngineUnavailableError


class EngineBusyError(RuntimeError):
    """Too many commands are in flight already. Nothing was sent: the same command may be sent again."""


class _Call:
    """One caller, who waits for all answers to what was sent together."""

    __slots__ = ("deadline_s", "entries", "future", "missing", "outcomes", "verdict")

    def __init__(self, future: "asyncio.Future[None]", count: int, deadline_s: float, verdict: Verdict) -> None:
        self.future = future
        self.missing = count
        self.deadline_s = deadline_s
        self.verdict = verdict
        self.outcomes: list[Outcome | None] = [None] * count
        self.entries: list[_Entry] = []

    def settle(self, index: int, outcome: Outcome) -> None:
        self.outcomes[index] = outcome
        self.missing -= 1
        if not self.missing and not self.future.done():
            self.future.set_result(None)


    def silence(self, entry: "_Entry") -> EngineUnavailableError:
        """What no answer means to ``entry``: that nobody knows, or that trading is paused and nothing was sent."""
        if self.verdict.allowed or entry.attempts:
            return EngineUnavailableError(entry.command_id, self.deadline_s)
        return PausedError(self.verdict, entry.command_id, self.deadline_s)


class _Entry:
    """One command in flight. ``call`` is None once nobody waits for it; ``sent_at`` is None while it is on no connection."""

    __slots__ = ("attempts", "call", "command_id", "frame", "index", "sent_at")

    def __init__(self, command: AnyCommand, call: _Call, index: int) -> None:
        self.command_id = command.command_id
        self.frame = framing.frame(framing.COMMAND, _encoder.encode(command))
        self.call: _Call | None = call
        self.index = index
        self.attempts = 0
        self.sent_at: float | None = None

    def settle(self, outcome: Outcome) -> None:
        if self.call is not None:
            self.call.settle(self.index, outcome)
            self.call = None


class _Link(asyncio.Protocol):
    """The connection: says hello, and hands on what comes once the engine has said welcome."""

    def __init__(self, client: "AsyncEngineClient", hello: bytes, welcomed: "asyncio.Future[None]") -> None:
        self._client = client
        self._hello = hello
        self._welcomed = welcomed
        self._reader = framing.FrameReader(framing.ENGINE_LIMITS)
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.transport.write(self._hello)

    def data_received(self, data: bytes) -> None:
        try:
            for kind, body in self._reader.feed(data):
                if self._welcomed.done():
                    self._client.on_frame(self, kind, body)
                else:
                    self._greet(kind, body)
        except framing.UNREADABLE:
            self.transport.abort()

    def _greet(self, kind: int, body: bytes) -> None:
        welcome = msgspec.msgpack.decode(body, type=framing.Welcome)
        if kind != framing.HELLO or welcome.version != framing.PROTOCOL_VERSION:
            raise framing.FrameError(f"the engine speaks version {welcome.version}")
        self._welcomed.set_result(None)
        self._client.on_welcome(self)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._welcomed.done():
            self._welcomed.set_exception(ConnectionError("the engine closed the connection before its welcome"))
        self._client.on_lost(self)


class AsyncEngineClient:
    """For one event loop. It connects at its first command, and anew whenever the engine was restarted."""

    def __init__(self, url: str, token: str = "", *, in_flight_max: int = IN_FLIGHT_MAX) -> None:
        framing.check_token(url, token)
        self._family, self._address = framing.parse_url(url)
        self._hello = framing.hello_frame(token)
        self._loop = asyncio.get_running_loop()
        self._in_flight_max = in_flight_max
        self._link: _Link | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._asked: dict[str, _Entry] = {}  # in flight, in the order in which they were sent
        self._held: dict[str, deque[_Entry]] = {}  # their id is in flight
        self._held_count = 0
        self._heard_at = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def in_flight(self) -> int:
        return len(self._asked) + self._held_count

    async def send(self, command: AnyCommand, *, deadline_s: float = 2.0) -> AnyAnswer:
        """Return the engine's definite answer, or that it was too fast (``RetryAnswer``, when it cannot have been done).

        Raises :class:`EngineUnavailableError` when none came within ``deadline_s``, and :class:`EngineBusyError` when nothing was
        sent.
        """
        outcome = (await self.send_all((command,), deadline_s=deadline_s))[0]
        if isinstance(outcome, EngineUnavailableError):
            raise outcome
        return outcome

    async def send_all(self, commands: Sequence[AnyCommand], *, deadline_s: float = 2.0) -> list[Outcome]:
        """As :meth:`send`, for commands that go out together in their order; what is not known stands in its place.

        While trading is known to be paused, a :class:`~apps.commands.client.PausedError` for what no engine took meanwhile.
        """
        with note_sending(*commands):
            return await self._send_all(commands, deadline_s)

    async def _send_all(self, commands: Sequence[AnyCommand], deadline_s: float) -> list[Outcome]:
        if self._closed or self.in_flight + len(commands) > self._in_flight_max:
            raise EngineBusyError(f"{self.in_flight} commands are in flight")
        verdict = may(Action.CANCEL)
        deadline_s = shortened(deadline_s, verdict)
        call = _Call(self._loop.create_future(), len(commands), deadline_s, verdict)
        call.entries = [_Entry(command, call, index) for index, command in enumerate(commands)]
        self._write([entry for entry in call.entries if self._claim(entry)])
        timer = self._loop.call_later(deadline_s, self._give_up, call)
        try:
            await call.future
        finally:
            timer.cancel()
            if call.missing:  # the caller went away: what was sent stays in flight, for its answer is still to come
                self._give_up(call)
        return [outcome for outcome in call.outcomes if outcome is not None]

    async def aclose(self) -> None:
        self._closed = True
        if self._connecting is not None:
            self._connecting.cancel()
        if self._watch is not None:
            self._watch.cancel()
        if self._link is not None:
            self._link.transport.abort()

    # --- What is in flight ------------------------------------------------------------------------------------------------

    def _claim(self, entry: _Entry) -> bool:
        """Take the id, or wait for whoever has it."""
        if entry.command_id in self._asked:
            self._held.setdefault(entry.command_id, deque()).append(entry)
            self._held_count += 1
            return False
        self._asked[entry.command_id] = entry
        return True

    def _write(self, entries: Sequence[_Entry]) -> None:
        """Send ``entries`` now, or as soon as there is a connection."""
        if self._link is None:
            if self._asked and self._connecting is None and not self._closed:
                self._connecting = self._loop.create_task(self._connect())
            return
        if not entries:
            return
        now = self._loop.time()
        for entry in entries:
            entry.attempts += 1
            entry.sent_at = now
        self._link.transport.write(b"".join([entry.frame for entry in entries]))
        if self._watch is None:
            self._watch = self._loop.call_later(SILENT_S / 2, self._look_for_silence)

    def _release(self, entry: _Entry) -> None:
        """The id is free: the next command that waits for it is sent."""
        del self._asked[entry.command_id]
        waiting = self._held.get(entry.command_id)
        if waiting is None:
            return
        following = waiting.popleft()
        self._held_count -= 1
        if not waiting:
            del self._held[entry.command_id]
        self._asked[entry.command_id] = following
        self._write((following,))

    def _give_up(self, call: _Call) -> None:
        """Nobody waits any longer. What is on a connection keeps its id until it is answered or the connection is gone."""
        for entry in call.entries:
            if entry.call is None:
                continue
            entry.settle(call.silence(entry))
            if self._asked.get(entry.command_id) is not entry:
                waiting = self._held[entry.command_id]
                waiting.remove(entry)
                self._held_count -= 1
                if not waiting:
                    del self._held[entry.command_id]
            elif entry.sent_at is None:
                self._release(entry)

    def _look_for_silence(self) -> None:
        self._watch = None
        oldest = next((entry.sent_at for entry in self._asked.values() if entry.sent_at is not None), None)
        if self._link is None or oldest is None:
            return
        silent_s = self._loop.time() - max(self._heard_at, oldest)
        if silent_s > SILENT_S:
            failed(Dependency.ENGINE, "it owes an answer and says nothing", waited_s=silent_s)
            self._link.transport.abort()
        else:
            self._watch = self._loop.call_later(SILENT_S / 2, self._look_for_silence)

    # --- What the connection tells ------------------------------------------------------------------------------------------

    def on_welcome(self, link: _Link) -> None:
        self._link = link
        self._heard_at = self._loop.time()
        self._write(list(self._asked.values()))

    def on_frame(self, link: _Link, kind: int, body: bytes) -> None:
        """One answer. Raises ValueError at what is none, or is to nothing that was asked: then the connection ends."""
        if kind != framing.ANSWER:
            raise framing.FrameError(f"expected an answer, was a frame of kind {kind}")
        self._heard_at = self._loop.time()
        answer = _answers.decode(body)
        entry = self._asked.get(answer.command_id)
        if entry is None or entry.sent_at is None:
            raise framing.FrameError(f"an answer to {answer.command_id[:48]!r}, which was not asked")
        wait_s = _wait_s(answer)
        if wait_s is not None and entry.call is not None and not self._is_final(answer, entry):
            entry.sent_at = None
            self._loop.call_later(wait_s, self._ask_again, entry)
            return
        saw(Dependency.ENGINE)
        entry.settle(answer)
        self._release(entry)

    def _is_final(self, answer: AnyAnswer, entry: _Entry) -> bool:
        """Whether the caller may be told that nothing was done: not when an earlier try went unanswered."""
        return isinstance(answer, RetryAnswer) and answer.reason == Reason.TOO_FAST and entry.attempts == 1

    def _ask_again(self, entry: _Entry) -> None:
        if self._asked.get(entry.command_id) is entry and entry.sent_at is None:
            self._write((entry,))

    def on_lost(self, link: _Link) -> None:
        """The engine is gone, or was: whoever still waits is asked for again. Answers to the others can no longer come."""
        if self._link is not link:
            return
        self._link = None
        metrics.API_ENGINE_CONNECTIONS_LOST.inc()
        for entry in list(self._asked.values()):
            entry.sent_at = None
            if entry.call is None:
                self._release(entry)
        self._write(())

    async def _connect(self) -> None:
        """Try until there is a connection, or nobody waits for one."""
        pause_s = PAUSE_S_MIN
        try:
            while self._asked and self._link is None and not self._closed:
                if not await self._try_to_connect():
                    await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))
                    pause_s = min(pause_s * 2, PAUSE_S_MAX)
        finally:
            self._connecting = None

    async def _try_to_connect(self) -> bool:
        welcomed: asyncio.Future[None] = self._loop.create_future()
        transport: Any = None
        began_s = self._loop.time()
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                transport, _ = await self._open(lambda: _Link(self, self._hello, welcomed))
                await welcomed
        except (OSError, TimeoutError) as error:
            failed(Dependency.ENGINE, f"{type(error).__name__}: {error}", waited_s=self._loop.time() - began_s)
            if transport is not None:
                transport.abort()
            welcomed.cancel()
            return False
        return True

    async def _open(self, make: Any) -> tuple[Any, Any]:
        if isinstance(self._address, str):
            return await self._loop.create_unix_connection(make, self._address)
        host, port = self._address
        return await self._loop.create_connection(make, host, port)


def _wait_s(answer: AnyAnswer) -> float | None:
    """After how long to ask again; None after a definite answer."""
    if isinstance(answer, RetryAnswer):
        return answer.retry_after_ms / 1000
    return PAUSE_S_MAX if is_unread(answer) else None


_clients: dict[tuple[asyncio.AbstractEventLoop, str, str], AsyncEngineClient] = {}


def get_async_client() -> AsyncEngineClient:
    """This event loop's client of the engine that the settings name."""
    from django.conf import settings

    key = (asyncio.get_running_loop(), settings.ENGINE_URL, str(settings.ENGINE_TOKEN))
    client = _clients.get(key)
    if client is None:
        for former in [known for known in _clients if known[0].is_closed()]:
            del _clients[former]
        client = _clients[key] = AsyncEngineClient(settings.ENGINE_URL, settings.ENGINE_TOKEN)
    return client
