"""A line to the channel layer: subscribed to a few groups, watched, and built anew when it falls silent.

The layer forgets silently: a Redis restart loses what was sent meanwhile, and its hooks for that are never called. So something
travels every line each second; silence means that the line is dead.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from channels.layers import channel_layers

from apps.realtime import limits

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
        self._layer: Any = None
        self._heard_at = 0.0
        self.subscriptions = 0

    async def run(self) -> None:
        """Keep the line up for ever."""
        while True:
            try:
                await self._live_once()
            except Exception as error:
                log.warning("stream_layer_lost", groups=len(self._groups), error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(0.5)

    async def send(self, group: str, message: Mapping[str, Any]) -> None:
        """Send ``message``; raises :class:`LineDownError` when that did not work within a second."""
        if self._layer is None:
            raise LineDownError("not subscribed")
        try:
            async with asyncio.timeout(limits.LAYER_CALL_WITHIN):
                await self._layer.group_send(group, message)
        except Exception as error:
            raise LineDownError(f"{type(error).__name__}: {error}") from error

    async def _live_once(self) -> None:
        # A layer of its own for every subscription: one that hangs in a dead connection holds its lock for ever.
        layer = channel_layers.make_backend("default")
        try:
            async with asyncio.timeout(limits.LAYER_CALL_WITHIN):
                channel = await layer.new_channel("line.")
                for group in self._groups:
                    await layer.group_add(group, channel)
            self._layer, self._heard_at, self.subscriptions = layer, self._loop.time(), self.subscriptions + 1
            self._on_up()
            await self._listen(layer, channel)
        finally:
            self._layer = None
            await _abandon(layer)

    async def _listen(self, layer: Any, channel: str) -> None:
        receiving = self._loop.create_task(self._receive(layer, channel))
        try:
            while self._loop.time() - self._heard_at < limits.LAYER_SILENT_AFTER:
                done, _ = await asyncio.wait({receiving}, timeout=0.25)
                if done:
                    receiving.result()
        finally:
            receiving.cancel()
            await asyncio.wait({receiving}, timeout=limits.LAYER_CALL_WITHIN)

    async def _receive(self, layer: Any, channel: str) -> None:
        while True:
            message = await layer.receive(channel)
            self._heard_at = self._loop.time()
            self._on_message(message)


async def _abandon(layer: Any) -> None:
    try:
        async with asyncio.timeout(limits.LAYER_CALL_WITHIN):
            await layer.flush()
    except Exception as error:
        log.info("stream_layer_abandoned", error=f"{type(error).__name__}: {error}")
