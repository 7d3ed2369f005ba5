"""An order's instant, put together from what the books and the journal say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.asof.book import BookThen, LevelThen, QuoteThen, book_then, quote_then
from apps.asof.moments import Moment, choose, moments_of
from apps.asof.words import Known, explain, what_was_shown
from apps.core.enums import Side
from apps.engine.selectors_journal import BatchView, find_batch
from apps.instruments.selectors import AssetView, instruments_by_id
from apps.ledger.selectors import places_of
from apps.ledger.selectors_then import list_totals_before
from apps.orders.receipts import span
from apps.orders.selectors import OrderView
from apps.orders.selectors_then import (
    OpenThen,
    QuoteName,
    Then,
    find_taker,
    held_together,
    list_open_before,
    list_resting_before,
    used_of_quote,
)
from apps.orders.timeline import Step
from apps.receipts.selectors import ShownView, find_receipt, find_shown


@dataclass(frozen=True, slots=True)
class BalanceThen:
    """What the account had of an asset before the moment: ``total = held + available``."""

    asset: AssetView
    total: Decimal
    held: Decimal

    @property
    def available(self) -> Decimal:
        return self.total - self.held

    @property
    def places(self) -> int:
        return places_of(self.asset, self.total, self.held)


@dataclass(frozen=True, slots=True)
class AccountThen:
    """``open_orders`` were open, the order itself among them where it was. ``since``: older ones that have ended may be missing,
    and what they held with them; None when none is."""

    balances: tuple[BalanceThen, ...]
    open_orders: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment of an order with all that it was decided by. ``batch`` is None where the journal has no row of it."""

    moment: Moment
    moments: tuple[Moment, ...]
    batch: BatchView | None
    quote: QuoteThen | None
    book: BookThen
    account: AccountThen
    shown: ShownView | None
    words: tuple[str, ...]
    screen_words: tuple[str, ...]

    @property
    def quote_age(self) -> str:
        return "" if self.quote is None else span(self.quote.age)

    @property
    def asks_down(self) -> tuple[LevelThen, ...]:
        """As a ladder shows them: the best ask last, above the best bid."""
        return tuple(reversed(self.book.asks))


def set_scene(order: OrderView, steps: Sequence[Step], wanted: int | None = None) -> Scene | None:
    """The moment ``wanted`` (a sequence of one of ``steps``), else the first fill, else the first step; None without steps.

    A fixed number of statements, each bounded, whatever the tables hold.
    """
    moments = moments_of(order.id, steps)
    moment = choose(moments, wanted)
    if moment is None:
        return None
    batch = find_batch(moment.before)
    journaled = None if batch is None else batch.quotes.get(order.instrument.id)
    quote = None if batch is None or journaled is None else quote_then(batch, journaled, order.instrument)
    used: dict[Side, Decimal] = {}
    if batch is not None and quote is not None:
        name = QuoteName(batch.epoch, quote.source, quote.epoch, quote.sequence)
        used = used_of_quote(order.instrument.id, name, moment.before)
    book = book_then(
        list_resting_before(order.instrument.id, moment.before, moment.step.event.at),
        journaled if quote is not None and quote.offers else None,
        used,
        instrument=order.instrument,
        account_id=order.account_id,
        without=_on_their_way(order, moment),
    )
    shown, receipt = find_shown(order.account_id, order.id), find_receipt(order.account_id, order.id)
    known = Known(order, moment, quote, book, shown, receipt)
    return Scene(
        moment=moment,
        moments=moments,
        batch=batch,
        quote=quote,
        book=book,
        account=_account_then(order.account_id, list_open_before(order.account_id, moment.before, moment.step.event.at), moment),
        shown=shown,
        words=explain(known),
        screen_words=what_was_shown(known),
    )


def _on_their_way(order: OrderView, moment: Moment) -> frozenset[int]:
    """Who took in the trade was accepted already, and rested nowhere yet."""
    if moment.fill is None:
        return frozenset()
    taker = order.id if moment.was_taker else find_taker(moment.fill.trade_id)
    return frozenset() if taker is None else frozenset({taker})


def _account_then(account_id: int, then: Then, moment: Moment) -> AccountThen:
    totals = list_totals_before(account_id, moment.before)
    holds = _holds_by_asset(then)
    balances = tuple(BalanceThen(each.asset, each.total, holds.get(each.asset.id, Decimal(0))) for each in totals)
    return AccountThen(tuple(each for each in balances if each.total or each.held), len(then.orders), then.since)


def _holds_by_asset(then: Then) -> dict[int, Decimal]:
    known = instruments_by_id() if then.orders else {}
    by_asset: dict[int, list[OpenThen]] = {}
    for order in then.orders:
        instrument = known[order.instrument_id]
        asset = instrument.quote if order.side is Side.BUY else instrument.base
        by_asset.setdefault(asset.id, []).append(order)
    return {asset_id: held_together(orders) for asset_id, orders in by_asset.items()}
