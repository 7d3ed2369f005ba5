"""Writing the projection: apply fills to positions, or compute all of them again. Both paths end in the same arithmetic."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice

from django.db import connection, transaction

from apps.core.checks import check
from apps.core.enums import Side
from apps.orders import selectors as orders
from apps.portfolio.models import AccountProgress, Position, PositionFill
from apps.portfolio.position_math import EXACT, PositionState, apply_fill

#: Fills that are written at once.
CHUNK = 2000
#: (account id, instrument id)
Key = tuple[int, int]

#: What a fill changes of its position.
_COUNTED = (
    "quantity", "cost", "realized_pnl", "fees", "last_sequence", "updated_at",
    "day", "day_quantity", "day_cost", "day_realized_pnl",
)  # fmt: skip

_RAISE_PROGRESS = """
INSERT INTO portfolio_accountprogress AS stored (account_id, account_sequence)
SELECT * FROM unnest(%s::bigint[], %s::bigint[])
ON CONFLICT (account_id) DO UPDATE SET account_sequence = GREATEST(stored.account_sequence, EXCLUDED.account_sequence)
"""


@dataclass(frozen=True, slots=True)
class FillFact:
    """What a position needs to know of a fill. ``trade_id`` rises with time, so it also tells what was counted already."""

    account_id: int
    instrument_id: int
    trade_id: int
    order_id: int
    side: Side
    price: Decimal
    quantity: Decimal
    fee: Decimal
    at: datetime

    @property
    def key(self) -> Key:
        return self.account_id, self.instrument_id


def count_fills(fills: Iterable[FillFact], progress: dict[int, int]) -> int:
    """Apply each fill once, in order, and remember how far each account was read; return how many fills were new.

    ``progress`` maps account id to account sequence. Must run inside the transaction that stores the reader's position. A fill
    whose trade is not newer than the position's last one was counted before and is dropped.
    """
    check(connection.in_atomic_block, "fills must be counted inside the reader's transaction")
    by_key: dict[Key, list[FillFact]] = defaultdict(list)
    for fill in fills:
        by_key[fill.key].append(fill)
    known = _locked_positions(by_key)
    changed: list[Position] = []
    counted: list[PositionFill] = []
    for key in sorted(by_key):
        row = known.get(key) or _new_position(key)
        applied = _apply(row, by_key[key])
        counted += applied
        if applied:
            changed.append(row)
    _store(changed)
    PositionFill.objects.bulk_create(counted, batch_size=CHUNK)
    _raise_progress(progress)
    return len(counted)


def rebuild() -> int:
    """Compute every position again from the fills of record; return how many positions there are.

    1. Lock the tables against the live consumer, which waits or retries.
    2. Read how far each account's events go, and only then the fills: a fill that is committed in between is counted here
       and dropped later, when its event comes, because its trade is not newer than the position's last one.
    3. Replace all rows in the same transaction: a reader sees the old table or the new one. The fills as they were counted are
       written while they are read, a chunk at a time, so that the longest history fits in memory.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            # A whole history may take longer than a page may.
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL lock_timeout = '10s'")
            cursor.execute(
                "LOCK TABLE portfolio_position, portfolio_accountprogress, portfolio_positionfill IN EXCLUSIVE MODE"
            )
            cursor.execute("DELETE FROM portfolio_positionfill")
        progress = orders.list_last_order_sequences()
        rows: dict[Key, Position] = {}
        fills = orders.iterate_fills()
        while chunk := list(islice(fills, CHUNK)):
            counted: list[PositionFill] = []
            for fact in map(_fact, chunk):
                counted += _apply(rows.setdefault(fact.key, _new_position(fact.key)), [fact])
            PositionFill.objects.bulk_create(counted)
        Position.objects.all().delete()
        AccountProgress.objects.all().delete()
        Position.objects.bulk_create(rows.values(), batch_size=1000)
        _raise_progress(progress)
    return len(rows)


def _fact(fill: orders.FillView) -> FillFact:
    check(fill.order_id is not None, f"fill {fill.id} is the house's: it has no position")
    return FillFact(
        fill.account_id, fill.instrument_id, fill.trade_id, fill.order_id or 0, fill.side, fill.price, fill.quantity, fill.fee,
        fill.at,
    )  # fmt: skip


def _new_position(key: Key) -> Position:
    zero = Decimal(0)
    return Position(
        account_id=key[0], instrument_id=key[1], quantity=zero, cost=zero, realized_pnl=zero, fees=zero, last_sequence=0
    )


def _apply(row: Position, fills: Iterable[FillFact]) -> list[PositionFill]:
    """Apply those of ``fills`` that are newer than the row, in place; return them as they were counted."""
    state = PositionState(row.quantity, row.cost, row.realized_pnl, row.fees)
    applied: list[PositionFill] = []
    for fill in fills:
        if fill.trade_id <= row.last_sequence:
            continue
        _begin_day(row, state, fill.at)
        before = state.realized_pnl
        state = apply_fill(state, side=fill.side, price=fill.price, quantity=fill.quantity, fee=fill.fee)
        row.last_sequence, row.updated_at = fill.trade_id, fill.at
        applied.append(_counted(fill, state, EXACT.subtract(state.realized_pnl, before)))
    row.quantity, row.cost, row.realized_pnl, row.fees = state.quantity, state.cost, state.realized_pnl, state.fees
    return applied


def _begin_day(row: Position, state: PositionState, at: datetime) -> None:
    """Keep ``state`` when the fill at ``at`` is the first of its UTC day.

    A row from before days were kept, with a fill of this day already, has lost how the day began: it stays unknown till the next.
    """
    day = at.astimezone(UTC).date()
    is_lost = row.day is None and row.last_sequence > 0 and row.updated_at.astimezone(UTC).date() >= day
    if is_lost or (row.day is not None and day <= row.day):
        return
    row.day, row.day_quantity, row.day_cost, row.day_realized_pnl = day, state.quantity, state.cost, state.realized_pnl


def _counted(fill: FillFact, after: PositionState, earned: Decimal) -> PositionFill:
    return PositionFill(
        account_id=fill.account_id, instrument_id=fill.instrument_id, trade_id=fill.trade_id, order_id=fill.order_id,
        side=fill.side, price=fill.price, quantity=fill.quantity, fee=fill.fee, at=fill.at,
        quantity_after=after.quantity, cost_after=after.cost, realized_pnl=earned,
    )  # fmt: skip


def _locked_positions(keys: Iterable[Key]) -> dict[Key, Position]:
    """The stored rows of ``keys``, locked in one order for everyone."""
    wanted = set(keys)
    rows = Position.objects.select_for_update().filter(
        account_id__in={account_id for account_id, _ in wanted}, instrument_id__in={instrument_id for _, instrument_id in wanted}
    )
    found = rows.order_by("account_id", "instrument_id")
    return {(row.account_id, row.instrument_id): row for row in found if (row.account_id, row.instrument_id) in wanted}


def _store(rows: list[Position]) -> None:
    Position.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["account_id", "instrument_id"],
        update_fields=_COUNTED,
    )


def _raise_progress(progress: dict[int, int]) -> None:
    if not progress:
        return
    accounts = sorted(progress)  # one lock order for everyone
    with connection.cursor() as cursor:
        cursor.execute(_RAISE_PROGRESS, [accounts, [progress[account_id] for account_id in accounts]])
