"""The ASGI application: the same one under Daphne (pages) and uvicorn (sockets). It favours neither.

Lifespan messages are not answered; uvicorn runs with ``--lifespan off``. Static files are WhiteNoise's, inside Django.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import django

from tredye.settings.env import choose_settings

choose_settings()
django.setup(set_prefix=False)

# After the line above: importing what follows needs Django's apps.
from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.conf import settings  # noqa: E402

from apps.api.asgi import PREFIX, api  # noqa: E402
from apps.breakers.postgres import POSTGRES  # noqa: E402
from apps.breakers.redis import REDIS  # noqa: E402
from apps.observability.beacon import PATH as BEACON_PATH  # noqa: E402
from apps.observability.beacon import beacon  # noqa: E402
from apps.observability.metrics import serve_metrics  # noqa: E402
from apps.observability.proxies import behind_proxies  # noqa: E402
from apps.operations.watch import watch  # noqa: E402
from apps.realtime.consumer import StreamConsumer  # noqa: E402
from apps.receipts.line import receipt_line  # noqa: E402
from apps.web.draining import Draining  # noqa: E402
from apps.web.handler import PageHandler  # noqa: E402

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
stream = StreamConsumer.as_asgi()
pages = PageHandler()


async def sockets(scope: Message, receive: Receive, send: Send) -> None:
    """``/stream`` is the only socket; every other path is denied before the handshake."""
    if scope["path"] == "/stream":
        await stream(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close"})


async def requests(scope: Message, receive: Receive, send: Send) -> None:
    """What is for programs goes past Django's request cycle, and so do beacons; every page goes through it."""
    if scope["path"].startswith(PREFIX):
        await api(scope, receive, send)
    elif scope["path"] == BEACON_PATH:
        await beacon(scope, receive, send)
    else:
        await pages(scope, receive, send)


application = Draining(behind_proxies(ProtocolTypeRouter({"http": requests, "websocket": sockets}), settings.PROXY_COUNT))
serve_metrics()
POSTGRES.arm()
REDIS.arm()
receipt_line().start()
watch().start()
