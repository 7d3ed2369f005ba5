"""The evidence that this process does not come by itself: what the others did, as Postgres tells of it, twice a second.

A page that nobody asks anything of the engine sees nothing of it, and must yet say that trading is paused. Nobody is pinged for
that. The engine moves its session at least every second (:data:`apps.engine.server.LEASE_PROOF_S`) and holds a lock while it
takes no new order for want of room (:mod:`apps.engine.room`), the feed counts what it publishes into its row, the relay moves
its cursor and the consumers their positions: one statement reads how long ago. Of Redis alone nothing stands in Postgres; when
nobody used it for a second, the operation that a log-in needs is done for nobody, which also finds a Redis that is there and
full.

One thread a process, with a loop and a connection of its own: no page waits for it, and a frozen server costs it one connection.
"""

import asyncio
import threading
import time
from typing import Any, NamedTuple

import psycopg
import structlog
from django.conf import settings
from redis.exceptions import RedisError

from apps import degraded
from apps.breakers.postgres import AsyncConnection, connection_arguments
from apps.degraded import Dependency, Witness
from apps.engine.room import NO_ROOM_LOCK
from apps.observability import metrics
from apps.stores.redis_cache import shared_cache

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 0.5
ANSWER_S = 1.0
LEFT_MAX = 3
#: A living engine moves its session every second, one that commits much more often.
ENGINE_SILENT_S = 1.7
#: What customers are told of a price, so of all of them.
FEED_SILENT_S = 3.0
#: A batch that waits for the log, or a consumer of prices that moves no position while prices are made.
LOG_LATE_S = 5.0
REDIS_UNUSED_S = 1.0

_LOOK = """
WITH lease AS (SELECT shard, epoch FROM engine_lease ORDER BY shard LIMIT 1),
     sessions AS (SELECT pid, state_change FROM pg_stat_activity, lease WHERE datname = current_database()
                  AND application_name = 'engine:' || lease.shard || ':' || lease.epoch)
SELECT EXISTS (SELECT FROM lease),
       (SELECT count(*) FROM sessions),
       (SELECT extract(epoch FROM clock_timestamp() - max(state_change))::float8 FROM sessions),
       EXISTS (SELECT FROM pg_locks, lease WHERE locktype = 'advisory' AND granted AND objsubid = 2
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND classid::bigint = %s AND objid::bigint = lease.shard),
       EXISTS (SELECT FROM instruments_instrument WHERE trading_state = 'OPEN'),
       (SELECT sum(published)::bigint FROM marketdata_feedstate),
       (SELECT extract(epoch FROM clock_timestamp() - min(batch.recorded_at))::float8
        FROM eventlog_relaycursor AS relay CROSS JOIN LATERAL (
            SELECT recorded_at FROM eventlog_outboxbatch WHERE lane = relay.lane AND last_sequence > relay.last_sequence
            ORDER BY last_sequence LIMIT 1) AS batch),
       (SELECT extract(epoch FROM clock_timestamp() - max(moved_at))::float8
        FROM eventlog_consumerposition WHERE consumer = 'marketdata')
"""


class Seen(NamedTuple):
    """One look. Ages are in seconds, by the database's clock; None where there is nothing to be of any age."""

    has_engine: bool
    engine_sessions: int
    engine_still_s: float | None
    has_no_room: bool
    is_any_open: bool
    published: int | None
    outbox_waits_s: float | None
    consumer_still_s: float | None


class Reading:
    """What looks come to: keeps what one look does not tell, and reports the evidence."""

    def __init__(self) -> None:
        self._published: int | None = None
        self._published_at_s = 0.0

    def take(self, seen: Seen, now_s: float) -> None:
        """``now_s`` is monotonic."""
        degraded.saw(Dependency.POSTGRES, Witness.WATCH)
        if seen.has_engine:
            self._take_engine(seen)
            self._take_room(seen)
        if seen.published is not None:
            self._take_feed(seen, now_s)
        self._take_log(seen, now_s)

    def _take_engine(self, seen: Seen) -> None:
        still_s = seen.engine_still_s
        if not seen.engine_sessions:
            degraded.failed(Dependency.ENGINE, "it has no session in the database", Witness.WATCH)
        elif still_s is not None and still_s > ENGINE_SILENT_S:
            _is_silent(Dependency.ENGINE, f"its session has been still for {still_s:.1f} s", still_s)
        elif still_s is not None:  # a role that may not see it knows nothing
            degraded.saw(Dependency.ENGINE, Witness.WATCH, ago_s=max(0.0, still_s))

    def _take_room(self, seen: Seen) -> None:
        if seen.has_no_room:
            degraded.failed(Dependency.ROOM, "the engine takes no new order", Witness.WATCH)
        else:
            degraded.saw(Dependency.ROOM, Witness.WATCH)

    def _take_feed(self, seen: Seen, now_s: float) -> None:
        if seen.published != self._published:
            self._published, self._published_at_s = seen.published, now_s
        silent_s = now_s - self._published_at_s
        if seen.is_any_open and silent_s >= FEED_SILENT_S:
            _is_silent(Dependency.FEED, f"nothing was published for {silent_s:.1f} s", silent_s)
        else:
            degraded.saw(Dependency.FEED, Witness.WATCH, ago_s=silent_s if seen.is_any_open else 0.0)

    def _take_log(self, seen: Seen, now_s: float) -> None:
        waits_s, still_s = seen.outbox_waits_s or 0.0, seen.consumer_still_s or 0.0
        prices_come = self._published is not None and now_s - self._published_at_s < FEED_SILENT_S
        if waits_s > LOG_LATE_S:
            _is_silent(Dependency.LOG, f"what the relay should publish waits for {waits_s:.0f} s", waits_s)
        elif prices_come and seen.is_any_open and still_s > LOG_LATE_S:
            _is_silent(Dependency.LOG, f"prices are made, and have not been read for {still_s:.0f} s", still_s)
        else:
            degraded.saw(Dependency.LOG, Witness.WATCH, ago_s=max(0.0, waits_s))


def _is_silent(dependency: Dependency, why: str, silent_s: float) -> None:
    degraded.failed(dependency, why, Witness.WATCH, waited_s=silent_s)


class Watch:
    def __init__(self, database: dict[str, Any]) -> None:
        self._arguments = connection_arguments(database, "watch")
        self._connection: AsyncConnection | None = None
        self._reading = Reading()
        self._thread: threading.Thread | None = None
        self._left: set[asyncio.Task[Seen]] = set()
        self._told: tuple[Dependency, ...] = ()

    def start(self) -> None:
        """Look for as long as the process lives. Once is enough."""
        if self._thread is None:
            self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="watch", daemon=True)
            self._thread.start()

    async def _run(self) -> None:
        while True:
            began_s = time.monotonic()
            try:
                await asyncio.gather(self.look(), asyncio.to_thread(use_redis))
                self._tell()
            except Exception:
                log.exception("watch_failed")
            await asyncio.sleep(max(0.0, began_s + LOOK_EVERY_S - time.monotonic()))

    async def look(self) -> None:
        """Read once, and report what was seen; within :data:`ANSWER_S`, whatever the server does."""
        began_s = time.monotonic()
        try:
            self._reading.take(await self._answer(), time.monotonic())
        except (psycopg.Error, OSError) as error:  # TimeoutError is one
            why = f"{type(error).__name__}: {error}".strip().replace("\n", " ")[:200]
            degraded.failed(Dependency.POSTGRES, why, Witness.WATCH, waited_s=time.monotonic() - began_s)

    async def _answer(self) -> Seen:
        """A question without an answer is left behind with its connection: the driver waits for a frozen server even to be
        cancelled. While :data:`LEFT_MAX` are, no more is asked."""
        if len(self._left) < LEFT_MAX:
            asking = asyncio.get_running_loop().create_task(self._ask())
            await asyncio.wait({asking}, timeout=ANSWER_S)
            if asking.done():
                return asking.result()
            self._left.add(asking)
            asking.add_done_callback(self._ended)
        else:
            await asyncio.wait(self._left, timeout=ANSWER_S, return_when=asyncio.FIRST_COMPLETED)
        raise TimeoutError(f"no answer within {ANSWER_S} s")

    async def _ask(self) -> Seen:
        connection, self._connection = self._connection, None
        if connection is None or connection.closed:
            connection = await AsyncConnection.connect(**self._arguments)
        try:
            row = await (await connection.execute(_LOOK, [NO_ROOM_LOCK])).fetchone()
            if row is None:
                raise psycopg.InterfaceError("the look gave no row")
            if self._connection is None:
                self._connection = connection
            return Seen(*row)
        finally:
            if self._connection is not connection:
                await connection.close()

    def _ended(self, asking: "asyncio.Task[Seen]") -> None:
        """One that was left behind: nobody waits for what it has to say, or for why it has nothing."""
        self._left.discard(asking)
        if not asking.cancelled():
            asking.exception()

    def _tell(self) -> None:
        """Metrics, and a line of the log for each mode that begins or ends."""
        found = {mode.dependency: mode.since for mode in degraded.modes().modes}
        for dependency in Dependency:
            since = found.get(dependency)
            metrics.DEGRADED.labels(dependency.value).set(0 if since is None else 1)
            metrics.DEGRADED_SINCE.labels(dependency.value).set(0 if since is None else since.timestamp())
            if since is not None and dependency not in self._told:
                why = degraded.standing(dependency).why
                log.warning("degraded", dependency=dependency.value, why=why, since=since.isoformat())
            elif since is None and dependency in self._told:
                log.info("well_again", dependency=dependency.value)
        self._told = tuple(found)


def use_redis() -> None:
    """Do for nobody what a log-in needs, unless somebody used Redis just now. What comes of it the client reports."""
    seen_s_ago = degraded.standing(Dependency.REDIS).seen_s_ago
    if seen_s_ago is not None and seen_s_ago < REDIS_UNUSED_S:
        return
    try:
        shared_cache().count("watch", "watch", lasts_s=1)
    except RedisError as error:
        log.debug("watch_redis", error=str(error))


_lock = threading.Lock()
_watches: dict[str, Watch] = {}


def watch() -> Watch:
    """The one of this process."""
    with _lock:
        return _watches.setdefault("", Watch(settings.DATABASES["default"]))
