"""Balances and statements, as plain values. Models stay inside this app."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from apps.instruments import selectors as instruments
from apps.ledger.models import LedgerAccount, Posting, Transfer, TransferKind

#: No page and no selector returns more transfers than this at once.
LIMIT_MAX = 200

# The newest transfers of a few ledger accounts: one short walk of the index (ledger account, transfer) for each, however long
# the history is. A plain IN with ORDER BY would read all of it to sort it. DISTINCT: a trade posts its price and its fee.
_NEWEST_TRANSFERS = """
SELECT DISTINCT newest.transfer_id
  FROM unnest(%(ledger_accounts)s::bigint[]) AS mine(id)
 CROSS JOIN LATERAL (
       SELECT DISTINCT transfer_id FROM ledger_posting
        WHERE ledger_account_id = mine.id AND transfer_id < %(cursor)s
        ORDER BY transfer_id DESC LIMIT %(limit)s) AS newest
 ORDER BY 1 DESC LIMIT %(limit)s
"""

# The same from the other end, for a range that is closed.
_FIRST_TRANSFERS = """
SELECT DISTINCT first.transfer_id
  FROM unnest(%(ledger_accounts)s::bigint[]) AS mine(id)
 CROSS JOIN LATERAL (
       SELECT DISTINCT transfer_id FROM ledger_posting
        WHERE ledger_account_id = mine.id AND transfer_id > %(after)s AND transfer_id <= %(last)s
        ORDER BY transfer_id LIMIT %(limit)s) AS first
 ORDER BY 1 LIMIT %(limit)s
"""

# The engine numbers a trade and its transfer within one step of matching, so the transfer stands next to its trade. An index on
# trade_id would answer the same question and cost every settlement for a page that is seldom opened.
_TRANSFER_NEAR_TRADE = 32
_TRANSFERS_OF_TRADES = """
SELECT wanted.trade_id, near.id
  FROM unnest(%(trade_ids)s::bigint[]) AS wanted(trade_id)
 CROSS JOIN LATERAL (
       SELECT id, trade_id FROM ledger_transfer
        WHERE id BETWEEN wanted.trade_id - %(near)s AND wanted.trade_id + %(near)s) AS near
 WHERE near.trade_id = wanted.trade_id
"""


def places_of(asset: instruments.AssetView, *amounts: Decimal) -> int:
    """Decimals that show ``amounts`` exactly, and no fewer than the asset's own.

    Fees are finer than a cent. A ledger that rounds what it shows has columns that do not add up.
    """
    needed = [-int(amount.normalize().as_tuple().exponent) for amount in amounts]
    return max(asset.display_decimals, *needed)


@dataclass(frozen=True, slots=True)
class BalanceView:
    """``total = held + available``, always. ``places`` are the decimals that show all three exactly."""

    asset: instruments.AssetView
    total: Decimal
    held: Decimal

    @property
    def available(self) -> Decimal:
        return self.total - self.held

    @property
    def places(self) -> int:
        return places_of(self.asset, self.total, self.held)


@dataclass(frozen=True, slots=True)
class PostingView:
    """One leg of a transfer on this account: a signed amount, and the total of the asset that it left behind."""

    transfer_id: int
    leg: int
    asset: instruments.AssetView
    amount: Decimal
    balance_after: Decimal

    @property
    def places(self) -> int:
        return places_of(self.asset, self.amount, self.balance_after)


@dataclass(frozen=True, slots=True)
class NetView:
    """What a transfer moved of one asset."""

    asset: instruments.AssetView
    amount: Decimal

    @property
    def places(self) -> int:
        return places_of(self.asset, self.amount)


@dataclass(frozen=True, slots=True)
class TransferView:
    """A transfer as one account sees it: ``postings`` are that account's own, in order."""

    id: int
    kind: TransferKind
    trade_id: int | None
    command_id: str
    memo: str
    at: datetime
    postings: tuple[PostingView, ...]

    @property
    def net(self) -> tuple[NetView, ...]:
        """What it moved of each asset all in all, in the order of its legs."""
        amounts: dict[int, NetView] = {}
        for posting in self.postings:
            before = amounts.get(posting.asset.id)
            amount = posting.amount if before is None else before.amount + posting.amount
            amounts[posting.asset.id] = NetView(posting.asset, amount)
        return tuple(amounts.values())

    @property
    def legs(self) -> tuple[tuple[PostingView, str], ...]:
        """Each posting with what it is for. A trade posts a price and then its fee to the same balance."""
        if self.kind is not TransferKind.TRADE:
            return tuple((posting, self.kind.label) for posting in self.postings)
        seen: set[int] = set()
        named = []
        for posting in self.postings:
            is_fee = posting.asset.id in seen and posting.amount < 0
            named.append((posting, "Fee" if is_fee else "Received" if posting.amount > 0 else "Paid"))
            seen.add(posting.asset.id)
        return tuple(named)


@dataclass(frozen=True, slots=True)
class StatementPage:
    """``next_cursor`` is the transfer id below which the next page starts; None on the last page."""

    transfers: tuple[TransferView, ...]
    next_cursor: int | None


def list_balances(account_id: int, known: Mapping[int, instruments.AssetView] | None = None) -> tuple[BalanceView, ...]:
    """Every asset that the account has ever held, by code. Assets are looked up unless all of them are among ``known``, by id."""
    rows = list(LedgerAccount.objects.filter(account_id=account_id))
    assets = known or {}
    if not all(row.asset_id in assets for row in rows):
        assets = instruments.assets_by_id()
    views = [BalanceView(assets[row.asset_id], row.total, row.held) for row in rows]
    return tuple(sorted(views, key=lambda view: view.asset.code))


def available_of(account_id: int, asset_ids: Collection[int]) -> dict[int, Decimal]:
    """What the account could use of each of these assets, holds taken off; those that it never held are left out. One query."""
    rows = LedgerAccount.objects.filter(account_id=account_id, asset_id__in=asset_ids)
    return {asset_id: total - held for asset_id, total, held in rows.values_list("asset_id", "total", "held")}


def get_balance(account_id: int, asset_code: str) -> BalanceView | None:
    """The account's balance of one asset; None when it never had any."""
    return next((view for view in list_balances(account_id) if view.asset.code == asset_code), None)


def list_statement(account_id: int, asset_code: str = "", cursor: int | None = None, limit: int = 50) -> StatementPage:
    """The account's transfers, newest first, by keyset. ``asset_code`` keeps those that moved this asset, with that leg only."""
    limit = min(limit, LIMIT_MAX)
    mine = ledger_accounts_of(account_id, asset_code)
    if not mine:
        return StatementPage((), None)
    ids = _newest_transfer_ids(list(mine), cursor, limit + 1)
    transfers = transfer_views(ids[:limit], mine)
    return StatementPage(transfers, ids[limit - 1] if len(ids) > limit else None)


def list_transfers_in(account_id: int, after: int, last: int, limit: int = 50) -> StatementPage:
    """The account's transfers with ids in (``after``, ``last``], oldest first; ``next_cursor`` is the next page's ``after``."""
    limit = min(limit, LIMIT_MAX)
    mine = ledger_accounts_of(account_id, "")
    with connection.cursor() as database:
        database.execute(_FIRST_TRANSFERS, {"ledger_accounts": list(mine), "after": after, "last": last, "limit": limit + 1})
        ids = [transfer_id for (transfer_id,) in database.fetchall()]
    transfers = tuple(reversed(transfer_views(ids[:limit], mine)))
    return StatementPage(transfers, ids[limit - 1] if len(ids) > limit else None)


def list_postings_of_trades(account_id: int, trade_ids: Sequence[int]) -> dict[int, TransferView]:
    """Trade id -> the transfer that settled it, with this account's postings. A trade that is not found is left out."""
    if not trade_ids:
        return {}
    views = transfer_views(transfer_ids_of_trades(trade_ids), ledger_accounts_of(account_id, ""))
    return {view.trade_id: view for view in views if view.trade_id is not None and view.postings}


def transfer_ids_of_trades(trade_ids: Sequence[int]) -> list[int]:
    """The transfers that settled these trades; a trade that is not found is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_TRANSFERS_OF_TRADES, {"trade_ids": list(trade_ids), "near": _TRANSFER_NEAR_TRADE})
        return [transfer_id for _, transfer_id in cursor.fetchall()]


def ledger_accounts_of(account_id: int, asset_code: str) -> dict[int, int]:
    """Ledger account id -> asset id of the account's buckets."""
    rows = LedgerAccount.objects.filter(account_id=account_id)
    if asset_code:
        rows = rows.filter(asset_id__in=[asset.id for asset in instruments.assets_by_id().values() if asset.code == asset_code])
    return dict(rows.values_list("id", "asset_id"))


def _newest_transfer_ids(ledger_accounts: list[int], cursor: int | None, limit: int) -> list[int]:
    below = 2**63 - 1 if cursor is None else cursor
    with connection.cursor() as database:
        database.execute(_NEWEST_TRANSFERS, {"ledger_accounts": ledger_accounts, "cursor": below, "limit": limit})
        return [transfer_id for (transfer_id,) in database.fetchall()]


def transfer_views(transfer_ids: Iterable[int], mine: dict[int, int]) -> tuple[TransferView, ...]:
    """Views of these transfers in descending order, with the postings of the ledger accounts in ``mine``."""
    ids = list(transfer_ids)
    assets = instruments.assets_by_id()
    legs: dict[int, list[PostingView]] = defaultdict(list)
    for row in Posting.objects.filter(transfer_id__in=ids, ledger_account_id__in=list(mine)).order_by("transfer_id", "leg"):
        asset = assets[mine[row.ledger_account_id]]
        legs[row.transfer_id].append(PostingView(row.transfer_id, row.leg, asset, row.amount, row.balance_after))
    rows = Transfer.objects.filter(id__in=ids).order_by("-id")
    return tuple(
        TransferView(row.pk, TransferKind(row.kind), row.trade_id, row.command_id, row.memo, row.at, tuple(legs[row.pk]))
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class HeldView:
    """What is set aside of an asset for open orders, over all accounts, and of how many of them."""

    asset: str
    held: Decimal
    accounts: int


def list_held() -> list[HeldView]:
    """Of every asset that anybody has. Reads every ledger account: the caller bounds how long it may take."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT asset.code, sum(held), count(*) FILTER (WHERE held > 0) FROM ledger_ledgeraccount"
            " JOIN instruments_asset AS asset ON asset.id = asset_id GROUP BY asset.code ORDER BY asset.code"
        )
        return [HeldView(*row) for row in cursor.fetchall()]
