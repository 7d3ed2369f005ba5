"""What was asked and what became of it, as plain values. Models stay inside this app."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max

from apps.commands.reasons import Reason
from apps.core.enums import LiquiditySide, OrderStatus, OrderType, Side, TimeInForce
from apps.core.numbers import plain
from apps.instruments import selectors as instruments
from apps.orders.display import CLOSED_AT, GROUP_STATUSES, TYPE_LABELS, WAITING_TYPES, Sort, StatusGroup, label_of
from apps.orders.models import AccountEvent, EventPosition, Fill, Order, OrderTerms
from apps.orders.narrowing import OrderFilters as OrderFilters
from apps.orders.narrowing import read_page
from apps.orders.selectors_terms import TermsView, terms_view

#: No page and no selector returns more rows than this at once.
LIMIT_MAX = 200
#: Orders that one is linked to, as far as its page shows them.
RELATED_MAX = 20
EIGHT_PLACES = Decimal("0.00000001")


class OrderNotFoundError(LookupError):
    """There is no such order on this account. The same for an order of someone else: its existence is not told."""


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order. ``fee`` and ``average_price`` are in the quote currency; ``held`` in quote for a buy, in base for a sell."""

    id: int
    account_id: int
    client_order_id: str
    instrument: instruments.InstrumentView
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    quantity: Decimal
    price: Decimal | None
    status: OrderStatus
    reason: str
    filled_quantity: Decimal
    filled_notional: Decimal
    fee: Decimal
    held: Decimal
    created_at: datetime
    updated_at: datetime
    terms: TermsView | None = None

    @property
    def is_open(self) -> bool:
        return self.status in GROUP_STATUSES[StatusGroup.OPEN]

    @property
    def is_waiting(self) -> bool:
        return self.status is OrderStatus.WAITING

    @property
    def type_label(self) -> str:
        return TYPE_LABELS[self.order_type]

    @property
    def waits_first(self) -> bool:
        """Whether its type waits for a trigger before it enters the market."""
        return self.order_type in WAITING_TYPES

    @property
    def trigger_price(self) -> Decimal | None:
        return None if self.terms is None else self.terms.trigger_price

    @property
    def closed_an_id(self) -> bool:
        """Whether it is no wish of anybody, but what keeps an order whose answer was lost from ever being done."""
        return self.terms is not None and self.terms.expires_at is not None and self.terms.expires_at <= CLOSED_AT

    @property
    def shown_reason(self) -> str:
        return Reason.NEVER_RECEIVED.value if self.closed_an_id else self.reason

    @property
    def trades_at(self) -> Decimal:
        """The limit, else the trigger; zero for what has neither."""
        return self.price or self.trigger_price or Decimal(0)

    @property
    def repeat_query(self) -> str:
        """What a ticket for the same order is opened with, as the query of its address."""
        asked = {"side": self.side.value, "type": self.order_type.value, "quantity": plain(self.quantity)}
        priced = {"price": self.price, "trigger_price": self.trigger_price}
        return urlencode(asked | {name: plain(value) for name, value in priced.items() if value is not None})

    @property
    def held_asset(self) -> instruments.AssetView:
        return self.instrument.quote if self.side is Side.BUY else self.instrument.base

    @property
    def status_label(self) -> str:
        return label_of(self.status, closed_an_id=self.closed_an_id)

    @property
    def leaves_quantity(self) -> Decimal:
        """Still working; zero once the order is done, whatever was filled."""
        return self.quantity - self.filled_quantity if self.is_open else Decimal(0)

    @property
    def average_price(self) -> Decimal | None:
        if not self.filled_quantity:
            return None
        return (self.filled_notional / self.filled_quantity).quantize(EIGHT_PLACES)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """``next_cursor`` is the id beyond which the next page starts; None on the last page.

    ``cut_short`` when the page is not full because it has looked at as many orders as it may.
    """

    orders: tuple[OrderView, ...]
    next_cursor: int | None
    cut_short: bool = False


@dataclass(frozen=True, slots=True)
class FillView:
    """One fill. The quote is the house's that it was made against; ``quote_source`` is empty between two customers."""

    id: int
    trade_id: int
    order_id: int | None
    account_id: int
    instrument_id: int
    side: Side
    liquidity_side: LiquiditySide
    price: Decimal
    quantity: Decimal
    fee: Decimal
    at: datetime
    quote_source: str
    quote_epoch: int | None
    quote_sequence: int | None

    @property
    def notional(self) -> Decimal:
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class EventView:
    """One event as it was published. ``sequence`` is the engine's, ``account_sequence`` counts the account's without a gap."""

    sequence: int
    account_id: int
    account_sequence: int
    epoch: int
    order_id: int | None
    type: str
    data: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class LogPosition:
    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}-{self.partition}-{self.offset}"


def list_orders(account_id: int, filters: OrderFilters, cursor: int | None = None, limit: int = 50) -> OrderPage:
    """The account's orders, by keyset: a page stays the same however many orders come meanwhile.

    Open orders by instrument are all on one page: an account has at most as many as a page may show.
    """
    known = instruments.instruments_by_id()
    if filters.sort is Sort.INSTRUMENT:
        rows, _ = read_page(account_id, replace(filters, sort=Sort.NEWEST), _ids_of(filters.symbol, known), None, LIMIT_MAX)
        orders = [order_view(row, known) for row in rows]
        return OrderPage(tuple(sorted(orders, key=lambda order: (order.instrument.symbol, -order.trades_at, -order.id))), None)
    limit = min(limit, LIMIT_MAX)
    return _page(account_id, filters, known, cursor, limit)


def list_newer_orders(account_id: int, filters: OrderFilters, than: int, limit: int) -> OrderPage:
    """The orders that fit and have ids above ``than``, oldest first."""
    return list_orders(account_id, replace(filters, sort=Sort.OLDEST), than, limit)


def iterate_history(account_id: int, filters: OrderFilters, *, chunk: int, chunks_max: int) -> Iterator[OrderPage]:
    """The history as :func:`list_orders` pages through it, up to the order that is the newest now, in large pages.

    Each is read when it is asked for, and at most ``chunks_max`` are; the last says by its ``next_cursor`` when there is more.
    """
    if filters.sort is Sort.INSTRUMENT:
        yield list_orders(account_id, filters)
        return
    known = instruments.instruments_by_id()
    newest = Order.objects.filter(account_id=account_id).order_by("-id").values_list("id", flat=True).first()
    cursor: int | None = None
    for _ in range(chunks_max if newest is not None else 0):
        page = _page(account_id, filters, known, cursor, chunk, newest)
        yield page
        cursor = page.next_cursor
        if cursor is None:
            return


def _page(
    account_id: int,
    filters: OrderFilters,
    known: dict[int, instruments.InstrumentView],
    cursor: int | None,
    limit: int,
    until: int | None = None,
) -> OrderPage:
    found, edge = read_page(account_id, filters, _ids_of(filters.symbol, known), cursor, limit + 1, until)
    orders = tuple(order_view(row, known) for row in found[:limit])
    if len(found) > limit:
        return OrderPage(orders, orders[-1].id)
    return OrderPage(orders, edge, cut_short=edge is not None)


def _ids_of(symbol: str, known: dict[int, instruments.InstrumentView]) -> list[int]:
    return [view.id for view in known.values() if view.symbol == symbol] if symbol else []


def list_these_orders(account_id: int, order_ids: Sequence[int]) -> tuple[OrderView, ...]:
    """Those of ``order_ids`` that are this account's, in the order in which they are asked for."""
    known = instruments.instruments_by_id()
    rows = Order.objects.filter(account_id=account_id, id__in=order_ids[:LIMIT_MAX]).select_related("terms").in_bulk()
    return tuple(order_view(rows[order_id], known) for order_id in order_ids if order_id in rows)


def list_open_orders(account_id: int, symbol: str = "", limit: int = LIMIT_MAX) -> OrderPage:
    return list_orders(account_id, OrderFilters(group=StatusGroup.OPEN, symbol=symbol), limit=limit)


def access_order(account_id: int, order_id: int) -> OrderView:
    """Return the order if it is this account's; raises :class:`OrderNotFoundError` otherwise, whoever's it is."""
    row = Order.objects.filter(account_id=account_id, id=order_id).select_related("terms").first()
    if row is None:
        raise OrderNotFoundError(f"no order {order_id} on account {account_id}")
    return order_view(row, instruments.instruments_by_id())


def get_by_client_order_id(account_id: int, client_order_id: str) -> OrderView | None:
    row = Order.objects.filter(account_id=account_id, client_order_id=client_order_id).select_related("terms").first()
    return order_view(row, instruments.instruments_by_id()) if row else None


def list_related(order: OrderView) -> tuple[OrderView, ...]:
    """Orders of the same link, the entry that the order is an exit of, and the exits of the order; oldest first."""
    ids: set[int] = set()
    if order.terms is not None and order.terms.exits:
        exits = OrderTerms.objects.filter(parent_id=order.id).order_by("order_id")
        ids.update(exits.values_list("order_id", flat=True)[:RELATED_MAX])
    if order.terms is not None and order.terms.link_id:
        linked = OrderTerms.objects.filter(link_id=order.terms.link_id).order_by("order_id")
        ids.update(linked.values_list("order_id", flat=True)[:RELATED_MAX])
    if order.terms is not None and order.terms.parent_id:
        ids.add(order.terms.parent_id)
    ids.discard(order.id)
    if not ids:
        return ()
    known = instruments.instruments_by_id()
    rows = Order.objects.filter(id__in=ids, account_id=order.account_id).select_related("terms").order_by("id")
    return tuple(order_view(row, known) for row in rows)


def list_fills(order_id: int, *, trade_ids: Iterable[int] | None = None, limit: int = LIMIT_MAX) -> tuple[FillView, ...]:
    """Fills of one order, oldest first, at most ``limit``; only those of ``trade_ids`` when they are given."""
    most = min(limit, LIMIT_MAX)
    if trade_ids is None:
        events = AccountEvent.objects.filter(order_id=order_id, type="ORDER_FILLED").order_by("id")[:most]
        trade_ids = [event.data["trade_id"] for event in events]
    fill_ids = [fill_id for trade_id in trade_ids for fill_id in (2 * trade_id, 2 * trade_id + 1)]
    rows = Fill.objects.filter(id__in=fill_ids, order_id=order_id).select_related("trade").order_by("id")[:most]
    return tuple(_fill_view(row) for row in rows)


def list_events(order_id: int, *, after: int = 0, limit: int = LIMIT_MAX) -> tuple[EventView, ...]:
    """Events of one order, oldest first, those with a sequence above ``after``."""
    rows = AccountEvent.objects.filter(order_id=order_id, id__gt=after).order_by("id")[: min(limit, LIMIT_MAX)]
    return tuple(_event_view(row) for row in rows)


def list_terms_events(order_id: int, *, up_to: int) -> tuple[EventView, ...]:
    """The newest events of an order, up to the sequence ``up_to``, that say what it asked for then: its acceptance or its last
    amendment, and the last move of its trigger after that; oldest first."""
    rows = AccountEvent.objects.filter(order_id=order_id, id__lte=up_to)
    asked = rows.filter(type__in=("ORDER_ACCEPTED", "ORDER_AMENDED")).order_by("-id").first()
    if asked is None:
        return ()
    moved = rows.filter(type="ORDER_TRIGGER_MOVED", id__gt=asked.pk).order_by("-id").first()
    return tuple(_event_view(row) for row in (asked, moved) if row is not None)


def was_set_off(order: OrderView) -> bool:
    """Whether an order that waited for a trigger ever entered the market."""
    if order.is_waiting or order.status in GROUP_STATUSES[StatusGroup.REFUSED]:
        return False
    return AccountEvent.objects.filter(order_id=order.id, type="ORDER_TRIGGERED").exists()


def list_account_events(account_id: int, *, after: int, type_: str, limit: int = LIMIT_MAX) -> tuple[EventView, ...]:
    """Events of one type of an account with an account sequence above ``after``, oldest first."""
    rows = AccountEvent.objects.filter(account_id=account_id, account_sequence__gt=after, type=type_)
    return tuple(_event_view(row) for row in rows.order_by("account_sequence")[: min(limit, LIMIT_MAX)])


def list_log_positions(sequences: Iterable[int]) -> dict[int, LogPosition]:
    """Where events stand in the event log, by the engine's sequence; only what a consumer has already read."""
    rows = EventPosition.objects.filter(event_id__in=list(sequences))
    return {row.event_id: LogPosition("orders.events", row.partition, row.offset) for row in rows}


def iterate_fills(chunk_size: int = 2000) -> Iterator[FillView]:
    """Every customer's fill in the order in which it happened: what a projection is rebuilt from.

    Streams from a server-side cursor, so it belongs inside a transaction.
    """
    rows = Fill.objects.filter(order__isnull=False).select_related("trade").order_by("id")
    for row in rows.iterator(chunk_size=chunk_size):
        yield _fill_view(row)


def list_last_order_sequences() -> dict[int, int]:
    """Account id -> the account sequence of its newest order event."""
    rows = AccountEvent.objects.filter(order_id__isnull=False).values_list("account_id").annotate(newest=Max("account_sequence"))
    return dict(rows)


def order_view(row: Order, known: dict[int, instruments.InstrumentView]) -> OrderView:
    return OrderView(
        id=row.pk,
        account_id=row.account_id,
        client_order_id=row.client_order_id,
        instrument=known[row.instrument_id],
        side=Side(row.side),
        order_type=OrderType(row.order_type),
        time_in_force=TimeInForce(row.time_in_force),
        quantity=row.quantity,
        price=row.price,
        status=OrderStatus(row.status),
        reason=row.reason,
        filled_quantity=row.filled_quantity,
        filled_notional=row.filled_notional,
        fee=row.fee,
        held=row.held,
        created_at=row.created_at,
        updated_at=row.updated_at,
        terms=terms_view(row),
    )


def _fill_view(row: Fill) -> FillView:
    return FillView(
        id=row.pk,
        trade_id=row.trade_id,
        order_id=row.order_id,
        account_id=row.account_id,
        instrument_id=row.instrument_id,
        side=Side(row.side),
        liquidity_side=LiquiditySide(row.liquidity_side),
        price=row.price,
        quantity=row.quantity,
        fee=row.fee,
        at=row.at,
        quote_source=row.trade.quote_source,
        quote_epoch=row.trade.quote_epoch,
        quote_sequence=row.trade.quote_sequence,
    )


def _event_view(row: AccountEvent) -> EventView:
    return EventView(
        sequence=row.pk,
        account_id=row.account_id,
        account_sequence=row.account_sequence,
        epoch=row.epoch,
        order_id=row.order_id,
        type=row.type,
        data=row.data,
        at=row.at,
    )
