"""What stands before two of each, and a page behind it: it comes back when its server dies, and notes all that it was shown."""

import asyncio
import itertools
import json
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import websockets

from tests.visitor import Visitor

_BACK_S = 0.5
_CHUNK = 64 * 1024


class Balancer:
    """One address for several servers, in turn, passing over who takes no connection: what ops/haproxy does, for a test."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        self._turns = itertools.cycle(range(len(ports)))
        self.port = 0

    async def __aenter__(self) -> "Balancer":
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        turn = next(self._turns)
        for port in (*self._ports[turn:], *self._ports[:turn]):
            try:
                there = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            await asyncio.gather(_pump(reader, there[1]), _pump(there[0], writer))
            return
        writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # either side has died; the other is told
    finally:
        writer.close()


class Page:
    """``url`` is asked again and again; each connection's quotes and prints are kept apart, the account's events are not."""

    def __init__(self, url: str, origin: str, symbols: list[str], visitor: Visitor) -> None:
        self._url, self._origin, self._symbols, self._visitor = url, origin, symbols, visitor
        self.connections = 0
        self.quotes: dict[str, tuple[int, int]] = {}
        self.prints: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        self.events: list[int] = []
        self.gaps: list[Any] = []
        self.wrong: list[str] = []
        self._prints_from = 0
        self._account_sequence: int | None = None
        self._running = asyncio.create_task(self._stay())

    async def leave(self) -> None:
        self._running.cancel()
        await asyncio.wait({self._running})

    async def until(self, condition: Callable[[], Any], what: str, within_s: float = 60.0) -> Any:
        deadline = time.monotonic() + within_s
        while not (found := condition()):
            assert not self._running.done(), f"the page has ended: {self._running}"
            assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
            await asyncio.sleep(0.02)
        return found

    async def _stay(self) -> None:
        while True:
            try:
                await self._visit()
            except (OSError, websockets.WebSocketException):
                pass
            await asyncio.sleep(_BACK_S)

    async def _visit(self) -> None:
        _, body = await asyncio.to_thread(self._visitor._send, "/stream/ticket", "/markets/BTC-USD/", {})
        hello: dict[str, Any] = {"op": "hello", "v": 1, "ticket": json.loads(body)["ticket"]}
        if self._account_sequence is not None:
            hello["account_sequence"] = self._account_sequence
        async with websockets.connect(self._url, origin=self._origin, open_timeout=20, compression=None) as socket:
            self.connections += 1
            served: dict[str, tuple[int, int]] = {}
            told: set[tuple[str, int, int]] = set()
            await socket.send(json.dumps(hello))
            await socket.send(json.dumps({"op": "watch", "symbols": self._symbols}))
            async for text in socket:
                message = json.loads(text)
                if message["t"] == "h":
                    await socket.send(json.dumps({"op": "ack", "n": message["n"]}))
                else:
                    self._take(message, served, told)

    def _take(self, message: dict[str, Any], served: dict[str, tuple[int, int]], told: set[tuple[str, int, int]]) -> None:
        match message["t"]:
            case "welcome":
                if self._account_sequence is None:
                    self._account_sequence = message["account_sequence"]
                elif not message["recovered"]:
                    self.wrong.append("what was missed could not be replayed")
            case "q":
                for symbol, epoch, sequence, *_ in message["d"]:
                    if (epoch, sequence) <= served.get(symbol, (-1, -1)):
                        self.wrong.append(f"{symbol} went from {served[symbol]} to {(epoch, sequence)}")
                    served[symbol] = self.quotes[symbol] = (epoch, sequence)
            case "p":
                for symbol, epoch, sequence, *_ in message["d"]:
                    if (symbol, epoch, sequence) in told:
                        self.wrong.append(f"print {(symbol, epoch, sequence)} was shown twice")
                    told.add((symbol, epoch, sequence))
            case "a":
                for event in message["d"]:
                    number = event["account_sequence"]
                    if self._account_sequence is not None and number != self._account_sequence + 1:
                        self.wrong.append(f"account event {number} came after {self._account_sequence}")
                    self._account_sequence = number
                    self.events.append(number)
            case "gap":
                self.wrong.append(f"a gap in the account's events: {message}")
