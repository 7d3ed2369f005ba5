"""Whether there is room for what new orders would leave behind: on the disk of the books, and in the outbox, where what was
decided waits for the event log.

Orders go on while the log is away, for hours if need be. An outbox that grows for ever would fill the disk of the books, and then
nothing could be decided at all, not even a cancel; and so would anything else that grows there. So beyond a limit of either new
orders are refused, which decides nothing and stores nothing, until some of it is free again. It is asked of the relay's own mark
and of the file system, and no part of a decision: a replay asks nobody.

Pages know of it without asking the engine: while there is no room its session holds a lock that the others see
(:func:`told_by_lock`), so that nobody is offered what would be refused, and an engine that ends takes its word back.
"""

import logging
from collections.abc import Callable
from typing import Any

import psycopg

from apps.observability import metrics

log = logging.getLogger(__name__)

LOOK_APART_S = 5.0
#: A disk that was full has room again so many hundredths below the limit: else orders would come and go with every checkpoint.
DISK_BACK_PERCENT = 1
#: The first half of the advisory lock that says so; the second is the engine's shard.
NO_ROOM_LOCK = 0x726D


def _unseen() -> int | None:
    return None


def _untold(is_full: bool) -> None:
    pass


def told_by_lock(connection: "psycopg.Connection[Any]", shard: int) -> Callable[[bool], None]:
    """What tells everybody by a lock of ``connection``'s session. Shared, so that it waits for no engine of before, whose own may
    not have ended yet. Raises psycopg.Error as every statement of the engine does."""

    def tell(is_full: bool) -> None:
        take = "pg_advisory_lock_shared" if is_full else "pg_advisory_unlock_shared"
        connection.execute(f"SELECT {take}(%s, %s)", [NO_ROOM_LOCK, shard])

    return tell


class Room:
    """``limit`` is how many events may wait for the log, ``disk_full`` the hundredths of the books' disk from which on it is
    full, and ``disk`` tells how many are taken; None where that cannot be seen. ``tell`` is called when it becomes full, and when
    there is room again."""

    def __init__(
        self,
        limit: int,
        disk_full: int = 100,
        disk: Callable[[], int | None] = _unseen,
        tell: Callable[[bool], None] = _untold,
    ) -> None:
        self.limit = limit
        self.is_full = False
        self._disk_full = disk_full
        self._disk = disk
        self._tell = tell
        self._outbox_is_full = self._disk_is_full = False
        self._looked_s: float | None = None

    def look(self, sequence: int, published: Callable[[], int], now_s: float) -> None:
        """Ask, when it is time to, ``published``: up to which of the engine's sequence the log has everything. ``now_s`` is
        monotonic."""
        if self._looked_s is not None and now_s - self._looked_s < LOOK_APART_S:
            return
        self._looked_s = now_s
        self._look_at_outbox(max(0, sequence - published()))
        self._look_at_disk(self._disk())
        was_full, self.is_full = self.is_full, self._outbox_is_full or self._disk_is_full
        if self.is_full is not was_full:
            self._tell(self.is_full)
        metrics.ENGINE_ORDERS_REFUSED.set(self.is_full)

    def _look_at_outbox(self, waiting: int) -> None:
        metrics.ENGINE_UNPUBLISHED.set(waiting)
        was_full = self._outbox_is_full
        self._outbox_is_full = waiting >= (self.limit * 9 // 10 if was_full else self.limit)
        if self._outbox_is_full and not was_full:
            log.critical("%d events wait for the event log: no new orders are taken; cancels are", waiting)
        elif was_full and not self._outbox_is_full:
            log.warning("%d events wait for the event log: orders are taken again", waiting)

    def _look_at_disk(self, used: int | None) -> None:
        """A disk that cannot be seen is taken for one with room: what is written to it tells."""
        was_full = self._disk_is_full
        self._disk_is_full = used is not None and used >= (self._disk_full - DISK_BACK_PERCENT if was_full else self._disk_full)
        if self._disk_is_full and not was_full:
            log.critical("the disk of the books is %d %% full: no new orders are taken; cancels are", used)
        elif was_full and not self._disk_is_full:
            log.warning("the disk of the books has room again: orders are taken")
