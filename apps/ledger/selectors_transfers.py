"""The transfers of an account by kind, asset and day: newest first, by keyset, with a bounded look at those that do not fit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from apps.ledger.models import TransferKind
from apps.ledger.selectors import LIMIT_MAX, TransferView, ledger_accounts_of, transfer_views

#: Transfers that one page looks at, whether they fit the filters or not.
WALK_MAX = 2_000
#: How far the instants of two transfers may be out of order: clocks are set, and commits take a moment.
CLOCK_SLACK = timedelta(minutes=5)

# A short walk of the index (ledger account, transfer) for each ledger account, as of the newest transfers of all; what was walked
# is looked up by primary key and filtered. How far it went is told, so that the next page goes on from there.
_FILTERED = """
WITH walked AS MATERIALIZED (
  SELECT DISTINCT newest.transfer_id AS id
    FROM unnest(%(ledger_accounts)s::bigint[]) AS mine(id)
   CROSS JOIN LATERAL (
         SELECT DISTINCT transfer_id FROM ledger_posting
          WHERE ledger_account_id = mine.id AND transfer_id < %(below)s AND transfer_id >= %(first)s
          ORDER BY transfer_id DESC LIMIT %(walk)s) AS newest
   ORDER BY 1 DESC LIMIT %(walk)s)
SELECT array(SELECT t.id FROM walked JOIN ledger_transfer t ON t.id = walked.id
              WHERE (%(kind)s::text = '' OR t.kind = %(kind)s::text)
                AND (%(moved_from)s::timestamptz IS NULL OR t.at >= %(moved_from)s::timestamptz)
                AND (%(moved_before)s::timestamptz IS NULL OR t.at < %(moved_before)s::timestamptz)
              ORDER BY 1 DESC LIMIT %(limit)s),
       (SELECT count(*) FROM walked), (SELECT min(id) FROM walked)
"""

# The first id at or after an instant, by halving: ids are given out in time, so no index of instants is needed. About forty looks
# at the primary key, however many transfers there are.
_FIRST_ID_AT = """
WITH RECURSIVE halved(low, high) AS (
    SELECT 0::bigint, coalesce((SELECT max(id) + 1 FROM ledger_transfer), 0)
     UNION ALL
    SELECT CASE WHEN probe.at < %(at)s THEN probe.id + 1 ELSE low END,
           CASE WHEN probe.at < %(at)s THEN high ELSE (low + high) / 2 END
      FROM halved, LATERAL (SELECT id, at FROM ledger_transfer WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1) AS probe
     WHERE low < high)
SELECT max(low) FROM halved
"""


@dataclass(frozen=True, slots=True)
class LedgerFilters:
    """``asset`` is a code. Transfers at ``moved_from`` or later, and before ``moved_before``. Empty means all."""

    asset: str = ""
    kind: TransferKind | None = None
    moved_from: datetime | None = None
    moved_before: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.asset or self.kind or self.moved_from or self.moved_before)

    @property
    def may_skip(self) -> bool:
        """Whether transfers that are walked past may not fit."""
        return self.kind is not None or self.moved_from is not None or self.moved_before is not None


@dataclass(frozen=True, slots=True)
class TransferPage:
    """``next_cursor`` is the transfer below which the next page starts; None on the last page.

    ``cut_short``: the page ends where it had looked at :data:`WALK_MAX` transfers, not where it was full.
    """

    transfers: tuple[TransferView, ...]
    next_cursor: int | None
    cut_short: bool = False


def list_transfers(account_id: int, filters: LedgerFilters, cursor: int | None = None, limit: int = 50) -> TransferPage:
    """The account's transfers that fit, newest first; with a filter by asset, that asset's legs alone."""
    limit = max(1, min(limit, LIMIT_MAX))
    mine = ledger_accounts_of(account_id, filters.asset)
    if not mine:
        return TransferPage((), None)
    walk = WALK_MAX if filters.may_skip else limit + 1
    first, below = _bounds(filters)
    parameters: dict[str, Any] = {
        "ledger_accounts": list(mine),
        "below": below if cursor is None else min(cursor, below),
        "first": first,
        "walk": walk,
        "kind": filters.kind.value if filters.kind else "",
        "moved_from": filters.moved_from,
        "moved_before": filters.moved_before,
        "limit": limit + 1,
    }
    with connection.cursor() as database:
        database.execute(_FILTERED, parameters)
        ids, walked, last = database.fetchone()
    transfers = transfer_views(ids[:limit], mine)
    if len(ids) > limit:
        return TransferPage(transfers, ids[limit - 1])
    cut_short = filters.may_skip and walked == walk
    return TransferPage(transfers, last if cut_short else None, cut_short)


def iterate_transfers(account_id: int, filters: LedgerFilters, pages_max: int) -> Iterator[TransferPage]:
    """The same page by page, at most ``pages_max`` of :data:`LIMIT_MAX`; the last one tells whether there are more."""
    cursor: int | None = None
    for _ in range(pages_max):
        page = list_transfers(account_id, filters, cursor, LIMIT_MAX)
        yield page
        cursor = page.next_cursor
        if cursor is None:
            return


def _bounds(filters: LedgerFilters) -> tuple[int, int]:
    """The ids among which the days' transfers are: the first one, and the one that is too many."""
    first = 0 if filters.moved_from is None else _first_id_at(filters.moved_from - CLOCK_SLACK)
    below = 2**63 - 1 if filters.moved_before is None else _first_id_at(filters.moved_before + CLOCK_SLACK)
    return first, below


def _first_id_at(at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_ID_AT, {"at": at})
        found: int = cursor.fetchone()[0]
    return found
