"""The hub's ear: all shard groups on one line, and the question for everything when something was missed."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from apps.realtime import limits
from apps.realtime.layer_line import LayerLine, LineDownError
from apps.realtime.shards import ASK_GROUP, GROUPS, ShardMessage

log = structlog.get_logger(__name__)


class ShardLine:
    """Each shard's messages are counted by the publisher: a hole, or another publisher, means that values were missed."""

    def __init__(self, loop: asyncio.AbstractEventLoop, on_message: Callable[[ShardMessage], None]) -> None:
        self._loop = loop
        self._on_message = on_message
        self._line = LayerLine(loop, GROUPS, self._take, self.ask)
        self._counts: dict[int, tuple[str, int]] = {}
        self._asked_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    async def run(self) -> None:
        await self._line.run()

    def ask(self) -> None:
        """Ask the publisher for all values, at most twice a second."""
        now = self._loop.time()
        if now - self._asked_at < limits.ASK_EVERY or (self._asking is not None and not self._asking.done()):
            return
        self._asked_at = now
        self._asking = self._loop.create_task(self._send_ask())

    def _take(self, message: Mapping[str, Any]) -> None:
        shard, boot, number = message["shard"], message["boot"], message["n"]
        known = self._counts.get(shard)
        self._counts[shard] = (boot, number)
        if known is not None and known != (boot, number - 1):
            self.ask()
        self._on_message(message)

    async def _send_ask(self) -> None:
        try:
            await self._line.send(ASK_GROUP, {"type": "ask"})
        except LineDownError as error:
            log.info("stream_ask_failed", error=str(error))
