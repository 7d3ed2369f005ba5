"""Pushes the newest values into the shard groups: a batch at a time, encoded once for all processes and all sockets.

One event loop in a thread of its own, because a synchronous loop that calls the asynchronous layer per message would open a loop
and a connection each time (7 ms, measured). A tick that finds things idle leaves at once; others wait for the window.
"""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from apps.observability import metrics
from apps.realtime import limits
from apps.realtime.layer_line import LayerLine, LineDownError
from apps.realtime.newest import Newest, empty_parts
from apps.realtime.shards import ASK_GROUP, GROUPS, ShardMessage

log = structlog.get_logger(__name__)


class Publisher:
    """``newest`` is filled from any thread, :meth:`wake` told about it; the rest happens in the publisher's own thread.

    ``direct``: who speaks is no reader of the log but a feed itself, its source and the epoch of its lease. ``on_others`` is told
    what other publishers say, in the publisher's thread.
    """

    def __init__(
        self,
        newest: Newest,
        *,
        direct: tuple[str, int] | None = None,
        on_others: Callable[[ShardMessage], None] | None = None,
    ) -> None:
        self._newest = newest
        self._extra: dict[str, Any] = {} if direct is None else {"direct": direct}
        self._on_others = on_others
        self._boot = secrets.token_hex(4)
        self._counts = [0] * limits.SHARDS
        self._sent_at = [float("-inf")] * limits.SHARDS
        self._echoed_at = float("-inf")
        self._full = True
        self._quoted_at: float | None = None
        self._taken_ns = 0  # the wall clock when the oldest quote was taken that has not been pushed; 0 when there is none
        self._loop = asyncio.new_event_loop()
        self._pending = asyncio.Event()
        self._awake = False
        self._down = False
        self._many = False
        self._running: asyncio.Task[None] | None = None
        self._failure: BaseException | None = None
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._main, name="stream-publisher", daemon=True)

    def start(self, within_s: float = 5.0) -> None:
        self._thread.start()
        self._started.wait(within_s)

    def wake(self, *, quotes: bool) -> None:
        """Say that ``newest`` has changed; ``quotes`` when a quote was among it."""
        if quotes:
            self._quoted_at = time.monotonic()
            self._taken_ns = self._taken_ns or time.time_ns()
        if not self._awake and self._thread.is_alive():
            self._awake = True
            self._loop.call_soon_threadsafe(self._pending.set)

    def check(self) -> None:
        """Raise what ended the publisher's thread, if it ended."""
        if self._failure is not None:
            raise self._failure
        if self._started.is_set() and not self._thread.is_alive():
            raise RuntimeError("the publisher's thread has ended")

    def stop(self) -> None:
        if self._running is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._running.cancel)
        self._thread.join(5.0)

    # --- In the publisher's thread ---------------------------------------------------------------------------------------

    def _main(self) -> None:
        try:
            self._loop.run_until_complete(self._run())
        except asyncio.CancelledError:
            pass
        except BaseException as failure:
            self._failure = failure
            log.exception("stream_publisher_failed")

    async def _run(self) -> None:
        self._running = asyncio.current_task()
        groups = (ASK_GROUP,) if self._on_others is None else (ASK_GROUP, *GROUPS)
        line = LayerLine(self._loop, groups, self._heard, self._ask_for_full)
        listening = self._loop.create_task(line.run())
        self._started.set()
        try:
            while True:
                await self._wait_for_work()
                pushed_at = self._loop.time()
                await self._push(line)
                window = limits.PUSH_MANY_EVERY if self._many else limits.PUSH_EVERY
                if self._down:
                    window = limits.PUSH_AGAIN_AFTER
                await asyncio.sleep(max(0.0, pushed_at + window - self._loop.time()))
        finally:
            listening.cancel()
            await asyncio.wait({listening}, timeout=limits.LAYER_CALL_WITHIN * 3)

    async def _wait_for_work(self) -> None:
        next_watchdog = min((*self._sent_at, self._echoed_at)) + limits.WATCHDOG_EVERY
        try:
            async with asyncio.timeout(max(0.0, next_watchdog - self._loop.time())):
                await self._pending.wait()
        except TimeoutError:
            pass
        self._pending.clear()
        self._awake = False

    async def _push(self, line: LayerLine) -> None:
        full, self._full = self._full, False
        taken_ns, self._taken_ns = self._taken_ns, 0
        shards = self._newest.take(full=full)
        now = self._loop.time()
        messages = [
            self._message(shard, shards.get(shard) or empty_parts(), full, taken_ns)
            for shard in range(limits.SHARDS)
            if full or shard in shards or now - self._sent_at[shard] >= limits.WATCHDOG_EVERY
        ]
        if now - self._echoed_at >= limits.WATCHDOG_EVERY:
            self._echoed_at = now
            messages.append((ASK_GROUP, {"type": "echo"}))
        self._many = sum(len(parts["q"]) for parts in shards.values()) >= limits.PUSH_MANY
        try:
            if messages:
                await line.send_all(messages)
        except LineDownError as error:
            metrics.REALTIME_PUSH_FAILURES.inc()
            # What was taken is lost for the hubs, so all goes out once the line is up again.
            self._full = True
            if not self._down and line.subscriptions:
                log.warning("stream_push_failed", error=str(error))
            self._down = True
        else:
            self._down = False
            metrics.REALTIME_PUSH_SECONDS.observe(self._loop.time() - now)

    def _message(self, shard: int, parts: dict[str, Any], full: bool, taken_ns: int) -> tuple[str, dict[str, Any]]:
        """The group of ``shard``, and its next message."""
        self._counts[shard] += 1
        self._sent_at[shard] = self._loop.time()
        age_ms = -1 if self._quoted_at is None else int((time.monotonic() - self._quoted_at) * 1000)
        head = {"type": "shard", "shard": shard, "boot": self._boot, "n": self._counts[shard], "full": full, "age_ms": age_ms}
        return GROUPS[shard], head | self._extra | {"at_ns": taken_ns if parts["q"] else 0} | parts

    def _heard(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "ask":
            self._ask_for_full()
        elif self._on_others is not None and message["type"] == "shard" and message["boot"] != self._boot:
            self._on_others(message)

    def _ask_for_full(self) -> None:
        self._full = True
        self._pending.set()
