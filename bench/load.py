"""Callers of the engine's socket: many connections in one thread, each with one command in flight."""

import selectors
import socket
import statistics
import time
from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

from apps.commands import framing
from apps.commands.answers import AnyAnswer
from apps.commands.types import AnyCommand
from bench.flow import Flow

if TYPE_CHECKING:
    from bench.live import Live

_encoder = msgspec.msgpack.Encoder()
_answers: msgspec.msgpack.Decoder[AnyAnswer] = msgspec.msgpack.Decoder(AnyAnswer)


class Result(NamedTuple):
    per_second: float
    p50_ms: float


class HasEngine(Protocol):
    """Where an engine listens, and what a caller must know there: nothing on a unix socket."""

    @property
    def engine_url(self) -> str: ...

    @property
    def engine_token(self) -> str: ...


class Engine(NamedTuple):
    engine_url: str
    engine_token: str = ""


class Caller:
    __slots__ = ("command", "reader", "sent_at", "socket")

    def __init__(self, live: HasEngine) -> None:
        family, address = framing.parse_url(live.engine_url)
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.connect(address)
        self.socket.sendall(framing.hello_frame(live.engine_token))
        self.reader = framing.FrameReader(framing.ENGINE_LIMITS)
        while not list(self.reader.feed(self.socket.recv(4096))):
            pass
        self.command: AnyCommand | None = None
        self.sent_at = 0.0

    def send(self, command: AnyCommand) -> None:
        self.command = command
        self.sent_at = time.perf_counter()
        self.socket.sendall(framing.frame(framing.COMMAND, _encoder.encode(command)))


def pipeline(live: HasEngine, commands: list[AnyCommand], in_flight: int = 400) -> None:
    """Send ``commands`` over one connection, many in flight, and read every answer; an answer that is no success raises."""
    caller = Caller(live)
    answered = 0
    for start in range(0, len(commands), in_flight):
        part = commands[start : start + in_flight]
        caller.socket.sendall(b"".join(framing.frame(framing.COMMAND, _encoder.encode(command)) for command in part))
        while answered < start + len(part):
            for _, body in caller.reader.feed(caller.socket.recv(1 << 20)):
                answer = _answers.decode(body)
                if type(answer).__name__ not in ("DoneAnswer", "OrderAnswer"):
                    raise RuntimeError(f"the engine answered {answer}")
                answered += 1
    caller.socket.close()


def closed_loop(live: "Live", *, callers: int, seconds: float, seed: int) -> Result:
    """``callers`` connections, each sending its next command when the last was answered, for ``seconds``."""
    flow = Flow(live.account_ids, seed)
    selector = selectors.DefaultSelector()
    pool = [Caller(live) for _ in range(callers)]
    for caller in pool:
        selector.register(caller.socket, selectors.EVENT_READ, caller)
    latencies: list[float] = []
    started = time.perf_counter()
    deadline = started + seconds
    for caller in pool:
        caller.send(flow.next())
    working = callers
    while working:
        for key, _ in selector.select(5):
            caller = key.data
            for _, body in caller.reader.feed(caller.socket.recv(65536)):
                now = time.perf_counter()
                latencies.append(now - caller.sent_at)
                answer = _answers.decode(body)
                if caller.command is not None:
                    flow.learn(caller.command, answer)
                if now < deadline:
                    caller.send(flow.next())
                else:
                    working -= 1
    elapsed = time.perf_counter() - started
    for caller in pool:
        selector.unregister(caller.socket)
        caller.socket.close()
    selector.close()
    return Result(len(latencies) / elapsed, statistics.median(latencies) * 1000)
