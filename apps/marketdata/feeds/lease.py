"""One process publishes as a source, and another may stand by. Postgres says which; no tick waits for it.

The one that publishes holds an advisory lock, and moves its row every second. When it dies, its session ends and the lock is
free: the standby has it within a quarter of a second. When it is frozen, the row stands still: after three seconds the standby
ends its session. Either way the successor begins under a higher epoch, and that is what fences: the engine, the stream and the
marketdata consumer drop what a lower epoch of the same source says, so the one that wakes up can publish nothing that counts. It
finds out at its next beat, and ends; its supervisor starts it again, as the standby.

While Postgres is away the holder goes on: nobody can take what nobody can reach.
"""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from apps.eventlog.database import Connection, own_connection
from apps.observability import metrics

log = logging.getLogger(__name__)

BEAT_S = 1.0
LOOK_S = 0.25
#: A holder whose row has not moved for so long is taken for frozen.
SILENCE_S = 3.0
#: A process that did not come to publish for so long may have been frozen itself, and replaced: it asks first.
ASLEEP_S = 2.0
#: … but not for ever: Postgres may hang as well, and the epoch fences anyway.
DOUBT_S_MAX = 5.0
_RETRY_S = 0.5
_LOCK_CLASS = 0x54726564  # any number of our own: the second one is the source's


class LeaseLostError(RuntimeError):
    """Another process publishes as this source now."""


@dataclass(frozen=True, slots=True)
class Beat:
    """What the holder tells with every beat: the epoch that it publishes under, and figures."""

    epoch: int
    published: int = 0
    quarantined: int = 0
    flagged: int = 0


class Lease:
    """Waits for the right to publish as ``source``, and keeps it, in a thread of its own.

    ``beat`` is asked every second for what to write; ``errand`` is done on the same connection, for what may wait;
    ``on_lost`` is called when another process has taken over.
    """

    def __init__(
        self,
        source: str,
        *,
        beat: Callable[[], Beat] | None = None,
        errand: Callable[[Connection], None] | None = None,
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        self.source = source
        self.on_lost = on_lost
        self.beat = beat
        self.errand = errand
        self.epoch = 0
        self.is_standby = False
        self.lost = threading.Event()
        self._holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._held = threading.Event()
        self._closing = threading.Event()
        self._word_s = 0.0  # when Postgres last confirmed us, or could not be reached
        self._called_s = 0.0
        self._doubt_s: float | None = None
        self._active = metrics.FEED_ACTIVE.labels(source)
        self._active.set(0)
        self._thread = threading.Thread(target=self._run, name="feed-lease", daemon=True)
        self._thread.start()

    def wait(self, stopping: threading.Event) -> int | None:
        """The epoch to publish under, once it is our turn; None when ``stopping`` was set first."""
        told = False
        while not stopping.is_set():
            if self._held.wait(LOOK_S):
                self._called_s = time.monotonic()
                return self.epoch
            if not told and self.is_standby:
                log.info("%s is published by another process: standing by", self.source)
                told = True
        return None

    def may_publish(self, now_s: float) -> bool:
        """False once the lease is lost, and while we cannot know: after a sleep, until Postgres said that it is still ours."""
        if self.lost.is_set():
            return False
        if now_s - self._called_s > ASLEEP_S:
            self._doubt_s = now_s
        self._called_s = now_s
        if self._doubt_s is not None:
            if self._word_s <= self._doubt_s and now_s - self._doubt_s < DOUBT_S_MAX:
                return False
            self._doubt_s = None
        return True

    def check(self) -> None:
        """Raise :class:`LeaseLostError` when another process has taken over."""
        if self.lost.is_set():
            raise LeaseLostError(f"another process publishes as {self.source} now")

    def close(self) -> None:
        """Let go at once, so that a standby need not wait, and say that it was meant."""
        self._closing.set()
        self._thread.join(timeout=10)

    # --- In the lease's thread --------------------------------------------------------------------------------------------

    def _run(self) -> None:
        said = ""
        while not self._closing.is_set() and not self.lost.is_set():
            database = None
            try:
                database = own_connection(f"feed-standby:{self.source}", options="-c statement_timeout=2000")
                said = ""
                self._serve(database)
            except psycopg.Error as error:
                words = str(error).strip().split("\n")[0]
                if words != said:
                    log.warning("the lease of %s cannot be looked after now: %s", self.source, words)
                said = words
                if database is None:
                    self._word_s = time.monotonic()  # nobody can have taken over by a Postgres that is away
                self._closing.wait(_RETRY_S)
            finally:
                if database is not None:
                    database.close()
        self._active.set(0)

    def _serve(self, database: Connection) -> None:
        """Take the lock, or wait for it; then beat. Returns when the lease is lost or given back."""
        watch = _Watch()
        while not self._closing.is_set() and not self._take(database):
            if self._held.is_set():
                self._check_row(database)  # our former session may linger: the row tells whether we are replaced
                if self.lost.is_set():
                    return
            else:
                self._stand_by(database, watch)
            self._closing.wait(LOOK_S)
        while not self._closing.is_set() and not self.lost.is_set():
            self._beat(database)
            self._closing.wait(BEAT_S)
        if self._held.is_set() and not self.lost.is_set():
            self._beat(database)
            database.execute(
                "UPDATE marketdata_feedstate SET ended_at = now() WHERE source = %s AND holder = %s", [self.source, self._holder]
            )

    def _take(self, database: Connection) -> bool:
        row = database.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_LOCK_CLASS, self.source]).fetchone()
        if row is None or not row[0]:
            return False
        if self._held.is_set():
            self._check_row(database)
            return True
        taken = database.execute(_TAKE, [self.source, time.time_ns(), self._holder]).fetchone()
        if taken is None:
            raise psycopg.OperationalError("the lease's row was not written")
        self.epoch = taken[0]
        self.is_standby = False
        database.execute("SELECT set_config('application_name', %s, false)", [f"feed:{self.source}"])
        self._active.set(1)
        self._word_s = time.monotonic()
        self._held.set()
        return True

    def _stand_by(self, database: Connection, watch: "_Watch") -> None:
        self.is_standby = True
        if watch.looks % 4 == 0:
            database.execute("UPDATE marketdata_feedstate SET standby_at = now() WHERE source = %s", [self.source])
        row = database.execute("SELECT beat_at, holder FROM marketdata_feedstate WHERE source = %s", [self.source]).fetchone()
        if row is not None and watch.is_silent(row, time.monotonic()):
            log.warning("%s: its publisher %s stands still; its session is ended", self.source, row[1])
            database.execute(_END_HOLDER, [_LOCK_CLASS, self.source])

    def _beat(self, database: Connection) -> None:
        told = self.beat() if self.beat is not None else Beat(self.epoch)
        changed = database.execute(
            _BEAT,
            [told.epoch, told.published, told.quarantined, told.flagged, self.source, self._holder],
        ).rowcount
        if not changed:
            self._lose()
            return
        self._word_s = time.monotonic()
        if self.errand is not None:
            self.errand(database)

    def _check_row(self, database: Connection) -> None:
        row = database.execute("SELECT holder FROM marketdata_feedstate WHERE source = %s", [self.source]).fetchone()
        if row is None or row[0] != self._holder:
            self._lose()
        else:
            self._word_s = time.monotonic()

    def _lose(self) -> None:
        log.warning("%s is published by another process now", self.source)
        self.lost.set()
        self._active.set(0)
        if self.on_lost is not None:
            self.on_lost()


class _Watch:
    """Tells when the holder's row has not moved for ``SILENCE_S``, and is not fooled by a sleep of our own."""

    def __init__(self) -> None:
        self.looks = 0
        self._seen: object = None
        self._moved_s = self._looked_s = 0.0

    def is_silent(self, row: object, now_s: float) -> bool:
        self.looks += 1
        if row != self._seen or now_s - self._looked_s > 4 * LOOK_S:
            self._seen, self._moved_s = row, now_s
        self._looked_s = now_s
        return now_s - self._moved_s > SILENCE_S


_TAKE = """
INSERT INTO marketdata_feedstate AS known
  (source, epoch, holder, taken_at, beat_at, standby_at, ended_at, published, quarantined, flagged)
VALUES (%s, %s, %s, now(), now(), NULL, NULL, 0, 0, 0)
ON CONFLICT (source) DO UPDATE SET
  epoch = greatest(known.epoch + 1, EXCLUDED.epoch), holder = EXCLUDED.holder, taken_at = now(), beat_at = now(),
  standby_at = NULL, ended_at = NULL, published = 0, quarantined = 0, flagged = 0
RETURNING epoch
"""
_BEAT = """
UPDATE marketdata_feedstate SET beat_at = now(), epoch = %s, published = %s, quarantined = %s, flagged = %s
WHERE source = %s AND holder = %s
"""
_END_HOLDER = """
SELECT pg_terminate_backend(pid) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid::bigint = %s AND objid = hashtext(%s)::oid
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
