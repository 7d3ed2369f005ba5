"""The frames of quotes, a partition a day: made ahead of time, dropped when all of it is old.

``marketdata_quoteframe_before`` holds the days before there were partitions, ``marketdata_quoteframe_default`` what no partition
expects: nothing, unless days were not made in time; their frames are moved when they are. The tables
are made and dropped by functions in the database that do what its owner may (0004): the login of the jobs owns none.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from apps.jobs.registry import Progress

TABLE = "marketdata_quoteframe"
#: Days made ahead: as long as jobs may stand still before a frame goes to the DEFAULT partition.
DAYS_AHEAD = 14
FRAMES_KEPT = timedelta(days=30)

# The upper bound of each partition, as an instant: its text is ours and Postgres', "FOR VALUES FROM (...) TO ('2026-11-22 ...')".
_PARTITIONS = """
SELECT child.relname, substring(pg_get_expr(child.relpartbound, child.oid) from 'TO \\(''([^'']+)''\\)')::timestamptz
  FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
 WHERE inhparent = %s::regclass ORDER BY 2 NULLS LAST
"""
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('marketdata partitions'))"
#: Longer than an autovacuum worker takes to give way, which is a second. Meanwhile only frames of days without a partition wait.
_LOCK_TIMEOUT = "10s"
#: For one day's frames, two million at most, on their way out of the DEFAULT partition: more than a statement usually may take.
_MOVE_TIMEOUT = "10min"
_PATIENCE = "SELECT set_config('lock_timeout', %s, true), set_config('statement_timeout', %s, true)"


@dataclass(frozen=True, slots=True)
class Partition:
    """``until`` is the instant at which it ends, which it does not hold; None for the DEFAULT one."""

    name: str
    until: datetime | None


def list_partitions() -> tuple[Partition, ...]:
    """Oldest first, the DEFAULT one last."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTITIONS, [TABLE])
        return tuple(Partition(*row) for row in cursor.fetchall())


def make_partitions(today: date | None = None) -> int:
    """Make the partitions of ``today`` and the days ahead that are missing; returns how many were."""
    first = today or datetime.now(UTC).date()
    made = 0
    for number in range(DAYS_AHEAD + 1):
        made += _make_day(first + timedelta(days=number))
    return made


def _make_day(day: date) -> bool:
    """Frames of the day that went to the DEFAULT partition move to its own. Returns whether the partition was made."""
    name = f"{TABLE}_{day:%Y%m%d}"
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if any(_holds(partition, name, start) for partition in list_partitions()):
            return False
        cursor.execute(_PATIENCE, [_LOCK_TIMEOUT, _MOVE_TIMEOUT])
        cursor.execute("SELECT marketdata_make_day(%s)", [day])
        cursor.execute("SELECT marketdata_attach_day(%s)", [day])
    return True


def _holds(partition: Partition, name: str, start: datetime) -> bool:
    """Whether it is the partition ``name``, or that of the days before there were any and reaches beyond ``start``."""
    before = partition.name == f"{TABLE}_before" and partition.until is not None and start < partition.until
    return before or partition.name == name


def drop_partitions(before: datetime) -> list[str]:
    """Drop every partition that ends at ``before`` or earlier; returns their names."""
    old = [partition.name for partition in list_partitions() if partition.until is not None and partition.until <= before]
    for name in old:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_LOCK)
            cursor.execute(_PATIENCE, [_LOCK_TIMEOUT, _MOVE_TIMEOUT])
            cursor.execute("SELECT marketdata_drop_day(%s)", [name])
    return old


def sweep_frames(now: datetime, progress: Progress) -> int:
    """Drop the days that are older than 30 days at ``now``, and make the coming ones (from today, whatever ``now`` is)."""
    made = make_partitions(timezone.now().astimezone(UTC).date())
    progress(f"{made} partitions of quote frames made")
    dropped = drop_partitions(now - FRAMES_KEPT)
    for name in dropped:
        progress(f"dropped {name}")
    return len(dropped)
