"""The hub's ear: all shard groups on one line, and the question for everything when something was missed."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog

from apps.realtime import limits
from apps.realtime.layer_line import LayerLine, LineDownError
from apps.realtime.shards import ASK_GROUP, GROUPS, ShardMessage

log = structlog.get_logger(__name__)


class ShardLine:
    """Each shard's messages are counted by the publisher: a hole, or another publisher, means that values were missed.

    The layer loses messages, questions among them, so it is asked again until every shard has sent all that it has.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, on_message: Callable[[ShardMessage], None]) -> None:
        self._loop = loop
        self._on_message = on_message
        self._line = LayerLine(loop, GROUPS, self._take, self.ask)
        self._counts: dict[int, tuple[str, int]] = {}
        self._incomplete: set[int] = set()
        self._asking: asyncio.Task[None] | None = None

    async def run(self) -> None:
        await self._line.run()

    def ask(self) -> None:
        """Ask the publisher for all values, until they came."""
        self._want(range(len(GROUPS)))

    def _want(self, shards: Iterable[int]) -> None:
        self._incomplete.update(shards)
        if self._asking is None or self._asking.done():
            self._asking = self._loop.create_task(self._ask_until_complete())

    def _take(self, message: Mapping[str, Any]) -> None:
        shard, boot, number = message["shard"], message["boot"], message["n"]
        known = self._counts.get(shard)
        self._counts[shard] = (boot, number)
        if message["full"]:
            self._incomplete.discard(shard)  # a shard's messages come in order: what was missed is in this one
        elif known is not None and known != (boot, number - 1):
            self._want((shard,))
        self._on_message(message)

    async def _ask_until_complete(self) -> None:
        pause = limits.ASK_EVERY
        while self._incomplete:
            try:
                await self._line.send(ASK_GROUP, {"type": "ask"})
            except LineDownError as error:
                log.info("stream_ask_failed", error=str(error))
            await asyncio.sleep(pause)
            pause = min(2 * pause, limits.ASK_EVERY_MAX)
