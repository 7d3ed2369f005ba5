"""What an account has done in one instrument over a stretch of time: its fills, for its chart and its tape.

No index leads from an account to its fills. Its events are in one sequence without a gap, their instants nearly in order, so a
stretch of time is a stretch of the sequence: its end is found by halving, and at most :data:`WALK_MAX` events are read from
there back.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.enums import Side
from apps.orders.models import AccountEvent
from apps.orders.narrowing import CLOCK_SLACK

FILLS_MAX = 500
#: Of all the account's events, whatever they tell of.
WALK_MAX = 5_000

# Some twenty steps down the index of (account, sequence).
_END = """
WITH RECURSIVE halved(low, high) AS (
    SELECT 1::bigint, coalesce((SELECT max(account_sequence) + 1 FROM {events} WHERE account_id = %(account)s), 1)
     UNION ALL
    SELECT CASE WHEN probe.at < %(until)s THEN probe.account_sequence + 1 ELSE low END,
           CASE WHEN probe.at < %(until)s THEN high ELSE (low + high) / 2 END
      FROM halved, LATERAL (
           SELECT account_sequence, at FROM {events}
            WHERE account_id = %(account)s AND account_sequence >= (low + high) / 2 ORDER BY account_sequence LIMIT 1) AS probe
     WHERE low < high)
SELECT max(low) FROM halved
"""
_FILLS = """
SELECT told.at, told.data->>'side', (told.data->>'price')::numeric, (told.data->>'quantity')::numeric, told.order_id,
       (told.data->>'trade_id')::bigint
  FROM (SELECT account_sequence, at, order_id, data::json AS data FROM {events}
         WHERE account_id = %(account)s AND account_sequence < %(end)s AND account_sequence >= %(end)s - %(walk)s
           AND type = 'ORDER_FILLED' AND at >= %(from)s AND at < %(until)s) AS told
 WHERE told.data->>'symbol' = %(symbol)s
 ORDER BY told.account_sequence DESC LIMIT %(limit)s
"""
_NAMES = {"events": AccountEvent._meta.db_table}


@dataclass(frozen=True, slots=True)
class ChartFill:
    at: datetime
    side: Side
    price: Decimal
    quantity: Decimal
    order_id: int
    trade_id: int


def list_chart_fills(
    account_id: int, symbol: str, start: datetime, until: datetime, limit: int = FILLS_MAX
) -> tuple[ChartFill, ...]:
    """The newest fills (at most 500) of the account in ``symbol`` from ``start`` on and before ``until``, oldest first."""
    wanted: dict[str, Any] = {"account": account_id, "symbol": symbol, "from": start, "until": until}
    wanted |= {"walk": WALK_MAX, "limit": min(limit, FILLS_MAX)}
    with connection.cursor() as cursor:
        cursor.execute(_END.format(**_NAMES), {"account": account_id, "until": until + CLOCK_SLACK})
        cursor.execute(_FILLS.format(**_NAMES), wanted | {"end": cursor.fetchone()[0]})
        rows = cursor.fetchall()
    return tuple(ChartFill(row[0], Side(row[1]), *row[2:]) for row in reversed(rows))
