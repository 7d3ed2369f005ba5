"""What rests in Tredye's book, by price: for whoever shows the depth and starts without having seen how it came about."""

from decimal import Decimal

from django.db import connection

from apps.core.enums import Side
from apps.orders.models import RESTING_STATUSES, AccountEvent, Order

# One statement, so that the levels and the sequence belong to one moment.
_LEVELS = f"""
SELECT latest.sequence, level.instrument_id, level.side, level.price, level.quantity
FROM (SELECT coalesce(max(id), 0) AS sequence FROM {AccountEvent._meta.db_table}) AS latest
LEFT JOIN (
  SELECT instrument_id, side, price, sum(quantity - filled_quantity) AS quantity
  FROM {Order._meta.db_table} WHERE status = ANY(%s) AND price IS NOT NULL
  GROUP BY instrument_id, side, price
) AS level ON true
"""  # noqa: S608 - the names are the models' own


def list_open_levels() -> tuple[int, list[tuple[int, Side, Decimal, Decimal]]]:
    """Return the engine's sequence at which this holds, and ``(instrument id, side, price, quantity)`` of every level.

    Every change of a level made an event of the same commit, so a change that carries a sequence up to this one is in it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LEVELS, [list(RESTING_STATUSES)])
        rows = cursor.fetchall()
    return rows[0][0], [(row[1], Side(row[2]), row[3], row[4]) for row in rows if row[1] is not None]
