"""Writing the projection: apply fills to positions, or compute all of them again. Both paths end in the same arithmetic."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from apps.core.checks import check
from apps.core.enums import Side
from apps.orders import selectors as orders
from apps.portfolio.models import AccountProgress, Position
from apps.portfolio.position_math import PositionState, apply_fill

#: (account id, instrument id)
Key = tuple[int, int]

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
    counted = 0
    for key in sorted(by_key):
        row = known.get(key) or _new_position(key)
        applied = _apply(row, by_key[key])
        counted += applied
        if applied:
            changed.append(row)
    _store(changed)
    _raise_progress(progress)
    return counted


def rebuild() -> int:
    """Compute every position again from the fills of record; return how many positions there are.

    1. Lock the tables against the live consumer, which waits or retries.
    2. Read how far each account's events go, and only then the fills: a fill that is committed in between is counted here
       and dropped later, when its event comes, because its trade is not newer than the position's last one.
    3. Replace all rows in the same transaction: a reader sees the old table or the new one.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            # A whole history may take longer than a page may.
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL lock_timeout = '10s'")
            cursor.execute("LOCK TABLE portfolio_position, portfolio_accountprogress IN EXCLUSIVE MODE")
        progress = orders.list_last_order_sequences()
        rows: dict[Key, Position] = {}
        for fill in orders.iterate_fills():
            fact = _fact(fill)
            _apply(rows.setdefault(fact.key, _new_position(fact.key)), [fact])
        Position.objects.all().delete()
        AccountProgress.objects.all().delete()
        Position.objects.bulk_create(rows.values(), batch_size=1000)
        _raise_progress(progress)
    return len(rows)


def _fact(fill: orders.FillView) -> FillFact:
    return FillFact(fill.account_id, fill.instrument_id, fill.trade_id, fill.side, fill.price, fill.quantity, fill.fee, fill.at)


def _new_position(key: Key) -> Position:
    zero = Decimal(0)
    return Position(
        account_id=key[0], instrument_id=key[1], quantity=zero, cost=zero, realized_pnl=zero, fees=zero, last_sequence=0
    )


def _apply(row: Position, fills: Iterable[FillFact]) -> int:
    """Apply those of ``fills`` that are newer than the row, in place; return how many they were."""
    state = PositionState(row.quantity, row.cost, row.realized_pnl, row.fees)
    applied = 0
    for fill in fills:
        if fill.trade_id <= row.last_sequence:
            continue
        state = apply_fill(state, side=fill.side, price=fill.price, quantity=fill.quantity, fee=fill.fee)
        row.last_sequence, row.updated_at = fill.trade_id, fill.at
        applied += 1
    row.quantity, row.cost, row.realized_pnl, row.fees = state.quantity, state.cost, state.realized_pnl, state.fees
    return applied


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
        update_fields=["quantity", "cost", "realized_pnl", "fees", "last_sequence", "updated_at"],
    )


def _raise_progress(progress: dict[int, int]) -> None:
    if not progress:
        return
    accounts = sorted(progress)  # one lock order for everyone
    with connection.cursor() as cursor:
        cursor.execute(_RAISE_PROGRESS, [accounts, [progress[account_id] for account_id in accounts]])
