"""The peer of ``prices.cpu_per_tick_vs_naive``: live prices as Channels' tutorial has its chat. It is not part of the product.

A group per symbol, a ``group_send`` per tick, a consumer that turns each into a message.
"""

import json
import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.prices.tutorial_settings")
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.urls import path  # noqa: E402


class TickConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    groups: list[str]

    async def connect(self) -> None:
        self.watched: list[str] = []
        await self.accept()

    async def disconnect(self, code: int) -> None:
        for symbol in self.watched:
            await self.channel_layer.group_discard(f"ticks.{symbol}", self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message = json.loads(text_data or "{}")
        if message.get("op") != "watch":
            return
        self.watched = message["symbols"]
        for symbol in self.watched:
            await self.channel_layer.group_add(f"ticks.{symbol}", self.channel_name)
        await self.send(text_data=json.dumps({"t": "q", "d": []}))

    async def tick(self, event: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps({"t": "q", "d": [event["quote"]]}))


application = ProtocolTypeRouter(
    {"http": get_asgi_application(), "websocket": URLRouter([path("stream", TickConsumer.as_asgi())])}
)
