"""The hub's ear: all shard groups on one line, and the question for everything when something was missed."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog

from apps.observability import metrics
from apps.realtime import limits
from apps.realtime.layer_line import LayerLine, LineDownError
from apps.realtime.shards import ASK_GROUP, GROUPS, ShardMessage

log = structlog.get_logger(__name__)


#: In the place of a publisher's name: nobody knows yet who there is.
_ANYBODY = ""


class ShardLine:
    """Each publisher counts its messages in each shard: a hole, or a publisher that was not there before, means that values were
    missed.

    The layer loses messages, questions among them, so it is asked again until every publisher has sent all that it has in every
    shard. Each says something in each shard every second, so who has been silent for longer is gone, and is waited for no more.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, on_message: Callable[[ShardMessage], None]) -> None:
        self._loop = loop
        self._on_message = on_message
        self._line = LayerLine(loop, GROUPS, self._take, self.ask)
        self._counts: dict[tuple[int, str], int] = {}
        self._heard_at: dict[str, float] = {}
        self._incomplete: set[tuple[int, str]] = set()
        self._asking: asyncio.Task[None] | None = None

    async def run(self) -> None:
        await self._line.run()

    def ask(self) -> None:
        """Ask the publishers for all values, until they came."""
        self._want([*self._counts, *((shard, _ANYBODY) for shard in range(len(GROUPS)))], "subscribed")

    def _want(self, shards: Iterable[tuple[int, str]], why: str) -> None:
        metrics.REALTIME_HUB_ASKS.labels(why=why).inc()
        self._incomplete.update(shards)
        if self._asking is None or self._asking.done():
            self._asking = self._loop.create_task(self._ask_until_complete())

    def _take(self, message: Mapping[str, Any]) -> None:
        shard, boot, number = message["shard"], message["boot"], message["n"]
        if boot not in self._heard_at:
            self._forget_silent()
        self._heard_at[boot] = self._loop.time()
        known = self._counts.get((shard, boot))
        self._counts[shard, boot] = number
        if message["full"]:
            # A publisher's messages come in order: what was missed is in this one.
            self._incomplete -= {(shard, boot), (shard, _ANYBODY)}
        elif known is None:
            self._meet(shard, boot)
        elif known != number - 1:
            self._want(((shard, boot),), "hole")
        self._on_message(message)

    def _meet(self, shard: int, boot: str) -> None:
        """A publisher speaks for the first time in ``shard``, and does not begin with all it has."""
        if (shard, _ANYBODY) in self._incomplete:
            self._incomplete.add((shard, boot))
        elif any(place == shard and other != boot for place, other in self._counts):
            self._want(((shard, boot),), "publisher")

    def _forget_silent(self) -> None:
        since = self._loop.time() - limits.PUBLISHER_GONE_AFTER
        gone = {boot for boot, heard_at in self._heard_at.items() if heard_at < since}
        for boot in gone:
            del self._heard_at[boot]
        self._counts = {place: number for place, number in self._counts.items() if place[1] not in gone}
        self._incomplete = {place for place in self._incomplete if place[1] not in gone}

    async def _ask_until_complete(self) -> None:
        pause = limits.ASK_EVERY
        while self._incomplete:
            try:
                await self._line.send(ASK_GROUP, {"type": "ask"})
            except LineDownError as error:
                log.info("stream_ask_failed", error=str(error))
            await asyncio.sleep(pause)
            pause = min(2 * pause, limits.ASK_EVERY_MAX)
            self._forget_silent()
