"""A line to the channel layer: subscribed to a few groups, watched, and built anew when it falls silent.

The layer forgets silently: a Redis restart loses what was sent meanwhile, and its hooks for that are never called. So something
travels every line each second; silence means that the line is dead.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from channels.layers import channel_layers

from apps.degraded import Dependency, failed, saw
from apps.observability import metrics
from apps.realtime import limits
from apps.realtime.layer import Ear, StreamLayer

log = structlog.get_logger(__name__)


class LineDownError(Exception):
    """The layer is away or did not answer in time; the line heals itself."""


class LayerLine:
    """Calls ``on_message`` for all that comes on ``groups``, and ``on_up`` after each (re)subscription."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        groups: Sequence[str],
        on_message: Callable[[Mapping[str, Any]], None],
        on_up: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._groups = groups
        self._on_message = on_message
        self._on_up = on_up
        self._layer: StreamLayer | None = None
        self._ear: Ear | None = None
        self._speaking = asyncio.Lock()
        self._heard_at = 0.0
        self.subscriptions = 0

    async def run(self) -> None:
        """Keep the line up for ever."""
        while True:
            try:
                await self._live_once()
                metrics.REALTIME_LINES_LOST.labels(why="silent").inc()
            except Exception as error:
                metrics.REALTIME_LINES_LOST.labels(why="error").inc()
                failed(Dependency.REDIS, f"{type(error).__name__}: {error}", waited_s=limits.LAYER_CALL_WITHIN)
                log.warning("stream_layer_lost", groups=len(self._groups), error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(0.5)

    async def send(self, group: str, message: Mapping[str, Any]) -> None:
        """Send ``message``; raises :class:`LineDownError` when that did not work within a second."""
        await self.send_all([(group, message)])

    async def send_all(self, messages: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Send ``messages``, each to its group, together; raises :class:`LineDownError` like :meth:`send`."""
        if self._layer is None:
            raise LineDownError("not subscribed")
        try:
            async with asyncio.timeout(limits.LAYER_CALL_WITHIN):
                async with self._speaking:
                    await self._layer.send_all(messages)
        except Exception as error:
            raise LineDownError(f"{type(error).__name__}: {error}") from error

    async def _live_once(self) -> None:
        # A layer of its own for every subscription: one that hangs in a dead connection holds its lock for ever.
        layer: StreamLayer = channel_layers.make_backend("default")
        try:
            async with asyncio.timeout(limits.LAYER_CALL_WITHIN):
                self._ear = await layer.ear(self._groups)
            self._layer, self._heard_at, self.subscriptions = layer, self._loop.time(), self.subscriptions + 1
            self._on_up()
            await self._listen(self._ear)
        finally:
            ear, self._layer, self._ear = self._ear, None, None
            await _abandon(layer, ear)

    async def _listen(self, ear: Ear) -> None:
        receiving = self._loop.create_task(ear.listen(self._take))
        try:
            while self._loop.time() - self._heard_at < limits.LAYER_SILENT_AFTER:
                done, _ = await asyncio.wait({receiving}, timeout=0.25)
                if done:
                    receiving.result()
        finally:
            receiving.cancel()
            await asyncio.wait({receiving}, timeout=limits.LAYER_CALL_WITHIN)

    def _take(self, message: Mapping[str, Any]) -> None:
        self._heard_at = self._loop.time()
        saw(Dependency.REDIS)
        self._on_message(message)


async def _abandon(layer: StreamLayer, ear: Ear | None) -> None:
    try:
        async with asyncio.timeout(limits.LAYER_CALL_WITHIN):
            if ear is not None:
                await ear.close()
            await layer.hang_up()
    except Exception as error:
        log.info("stream_layer_abandoned", error=f"{type(error).__name__}: {error}")
