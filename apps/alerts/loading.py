"""What the evaluator reads: every alert that is watched, and then whatever was changed since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.alerts.kinds import Basis, Direction, State
from apps.alerts.watching import FOREVER_NS, Watched

_COLUMNS = """
SELECT a.id, a.version, i.symbol, a.basis, a.direction, a.price, a.watch_from, a.expires_at, a.pause_s, a.is_armed, a.state
FROM alerts_pricealert a JOIN instruments_instrument i ON i.id = a.instrument_id
"""
_ACTIVE = f"{_COLUMNS} WHERE a.state = 'ACTIVE' ORDER BY a.id"
# A mark from before the database was restored from a dump may lie ahead of its transactions: nobody can have made it yet.
_CHANGED = f"""{_COLUMNS}
WHERE a.changed_xid >= %s AND (a.changed_xid < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    OR a.changed_xid = pg_current_xact_id_if_assigned()::text::bigint) ORDER BY a.id
"""
_FETCH = 2_000


@dataclass(frozen=True, slots=True)
class Change:
    """``watched`` is None for an alert that is not watched any more."""

    alert_id: int
    watched: Watched | None


def now_mark() -> int:
    """All transactions below this number have ended, so what they changed is seen by whoever reads from now on.

    What is not seen then carries this number or a higher one, and is found by :func:`changes_since`. Some is found twice.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def all_watched() -> Iterator[Watched]:
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVE)
        while rows := cursor.fetchmany(_FETCH):
            yield from (_watched(*row[:-1]) for row in rows)


def changes_since(mark: int) -> list[Change]:
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [mark])
        return [Change(row[0], _watched(*row[:-1]) if row[-1] == State.ACTIVE else None) for row in cursor.fetchall()]


def nanoseconds(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000_000 + at.microsecond * 1000


def _watched(
    alert_id: int, version: int, symbol: str, basis: str, direction: str, price: Decimal, watch_from: datetime,
    expires_at: datetime | None, pause_s: int | None, is_armed: Any,
) -> Watched:
    return Watched(
        alert_id, version, symbol, Basis(basis), Direction(direction), price, nanoseconds(watch_from),
        FOREVER_NS if expires_at is None else nanoseconds(expires_at),
        None if pause_s is None else pause_s * 1_000_000_000, bool(is_armed),
    )  # fmt: skip
