"""What browsers measure of themselves: ``POST /beacon``, every 15 s from a sampled page (docs/stream.md, "What a page measures").

It asks nobody: no session, no database, no Redis, so it works while they are away, and it is answered before Django's request
cycle. It changes nothing but counters. What comes is a claim: the reading is strict, and one beacon weighs so little, one in five
seconds from an address, that a liar spoils no more than the share that was its own.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Annotated, Any, Literal

import msgspec
from django.conf import settings
from msgspec import Meta

from apps.observability import metrics

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATH = "/beacon"
BODY_BYTES_MAX = 8 * 1024
BODY_WITHIN_S = 5.0
#: One from an address in this time.
EVERY_S = 5.0
ADDRESSES_MAX = 10_000
#: A page that paints 60 times a second for 15 s has 900 frames.
SAMPLES_MAX = 1_000
PLACES = len(metrics.BROWSER_EDGES_MS) + 1

Page = Literal["landing", "markets", "instrument", "orders", "order", "portfolio", "ledger", "other"]
#: A close code, or why the page itself gave the socket up.
Why = Literal[
    "1000", "1001", "1005", "1006", "1008", "1011", "1012", "1013", "4001", "4003", "4008", "4009",
    "silent", "hole", "offline", "slept", "ticket", "other",
]  # fmt: skip
Count = Annotated[int, Meta(ge=0, le=SAMPLES_MAX)]
#: How many samples fell into each bucket: up to the first edge, up to the second, …, beyond the last.
Counts = Annotated[list[Count], Meta(min_length=PLACES, max_length=PLACES)]
Ticks = Annotated[int, Meta(ge=0, le=100_000)]
Milliseconds = Annotated[int, Meta(ge=0, le=60_000)]


class Resyncs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    checksum: Count = 0
    gap: Count = 0


class Beacon(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whole numbers only, and nothing that names a person. ``longest_ms`` and ``inp_ms`` are 0 when there was none."""

    v: Literal[1]
    page: Page
    frames: Counts
    paint: Counts
    waited: Counts
    painted: Counts
    feed: Counts
    longtasks: Count
    longest_ms: Milliseconds
    inp_ms: Milliseconds
    reconnects: dict[Why, Count]
    resyncs: Resyncs
    conflated: Ticks
    dropped: Ticks

    def __post_init__(self) -> None:
        """No more samples together than one page can have: msgspec makes a ValidationError of this."""
        for counts in (self.frames, self.paint, self.waited, self.painted, self.feed):
            if sum(counts) > SAMPLES_MAX:
                raise ValueError(f"at most {SAMPLES_MAX} samples of a kind, was {sum(counts)}")


_read = msgspec.json.Decoder(Beacon).decode


class Pace:
    """One from each address in ``EVERY_S``. An address is remembered for that long, in memory, and nowhere else."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, float] = OrderedDict()

    def take(self, address: str, now_s: float) -> bool:
        """``now_s`` is monotonic. False when it is too early, or when more addresses come than are remembered."""
        while self._seen and next(iter(self._seen.values())) <= now_s - EVERY_S:
            self._seen.popitem(last=False)
        if address in self._seen or len(self._seen) >= ADDRESSES_MAX:
            return False
        self._seen[address] = now_s
        return True


_pace = Pace()


async def beacon(scope: Message, receive: Receive, send: Send) -> None:
    """An ``http`` scope whose path is :data:`PATH`."""
    status, fate = await _take(scope, receive)
    metrics.BROWSER_BEACONS.labels(fate).inc()
    headers = [(b"content-length", b"0"), (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
    if status == 405:
        headers.append((b"allow", b"POST"))
    elif status == 429:
        headers.append((b"retry-after", str(round(EVERY_S)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _take(scope: Message, receive: Receive) -> tuple[int, str]:
    """The status of the answer, and the fate as the metric has it. The cheapest refusals come first."""
    if scope["method"] != "POST":
        return 405, "unreadable"
    if not _is_own_page(scope["headers"]):
        return 403, "foreign"
    if not _pace.take(str((scope.get("client") or ("unknown", 0))[0]), time.monotonic()):
        return 429, "too_often"
    body = await _body(receive)
    if body is None:
        return 413, "unreadable"
    try:
        count(_read(body))
    except (msgspec.DecodeError, RecursionError):
        return 400, "unreadable"
    return 204, "taken"


def _is_own_page(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Sent by one of our pages, as the browser says: no other page can write these headers."""
    told = [(name.lower(), value.decode("latin-1")) for name, value in headers]
    origins = [value for name, value in told if name == b"origin"]
    sites = [value for name, value in told if name == b"sec-fetch-site"]
    return len(origins) == 1 and origins[0] in settings.PUBLIC_ORIGINS and sites in ([], ["same-origin"])


async def _body(receive: Receive) -> bytes | None:
    """The body; None when it is too long, too slow, or was cut off."""
    body = b""
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return None
                body += message.get("body", b"")
                if len(body) > BODY_BYTES_MAX:
                    return None
                if not message.get("more_body"):
                    return body
    except TimeoutError:
        return None


def count(told: Beacon) -> None:
    """Into the metrics, each with no other label than the kind of page or why."""
    for histogram, counts in (
        (metrics.BROWSER_FRAME_SECONDS, told.frames),
        (metrics.BROWSER_PAINT_SECONDS, told.paint),
        (metrics.BROWSER_WAIT_SECONDS, told.waited),
        (metrics.BROWSER_SOCKET_TO_PAINTED_SECONDS, told.painted),
        (metrics.BROWSER_FEED_TO_PAINTED_SECONDS, told.feed),
    ):
        metrics.observe_browser_counts(histogram.labels(told.page), counts)
    metrics.BROWSER_LONG_TASKS.labels(told.page).inc(told.longtasks)
    if told.longtasks:
        metrics.BROWSER_LONGEST_TASK_SECONDS.labels(told.page).observe(told.longest_ms / 1000)
    if told.inp_ms:
        metrics.BROWSER_INTERACTION_SECONDS.labels(told.page).observe(told.inp_ms / 1000)
    for why, times in told.reconnects.items():
        metrics.BROWSER_RECONNECTS.labels(why).inc(times)
    metrics.BROWSER_RESYNCS.labels("checksum").inc(told.resyncs.checksum)
    metrics.BROWSER_RESYNCS.labels("gap").inc(told.resyncs.gap)
    metrics.BROWSER_TICKS.labels("conflated").inc(told.conflated)
    metrics.BROWSER_TICKS.labels("dropped").inc(told.dropped)
