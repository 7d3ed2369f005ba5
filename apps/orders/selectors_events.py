"""Every event of the accounts, in the engine's order, as it was published: for whoever publishes them again."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection

_CHUNK = 2_000
_NEXT = """
SELECT id, account_id, epoch, order_id, data FROM orders_accountevent WHERE id > %s AND id <= %s ORDER BY id LIMIT %s
"""


class PublishedEvent(NamedTuple):
    """``data`` is the event byte for byte; ``order_id`` None for an event of the account itself."""

    sequence: int
    account_id: int
    epoch: int
    order_id: int | None
    data: bytes


def iterate_published(up_to: int) -> Iterator[PublishedEvent]:
    """All events up to the sequence ``up_to``, read in chunks by their key: a history of any length fits in memory."""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [last, up_to, _CHUNK])
            rows = cursor.fetchall()
        for row in rows:
            yield PublishedEvent(row[0], row[1], row[2], row[3], row[4].encode())
        if len(rows) < _CHUNK:
            return
        last = rows[-1][0]
