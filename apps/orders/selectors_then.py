"""What was open at a sequence of the engine's: rebuilt from the orders and their events, which say all of it.

No table knows the book of the past, and no index leads to the orders that rested then: writing one would cost every order. What
is read instead is bounded, by walks along indexes that there are, and what they may have missed is said (:attr:`Then.since`):

- the orders before the sequence, newest first, that changed since (an order that rested then is open still, or ended later);
- of the book, the events from the sequence on, which name older orders that ended soon after it;
- all orders that are open now.

What an order was then, its own events before the sequence say: price, quantity, what it held.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from django.db import connection

from apps.core.enums import OrderStatus, Side
from apps.orders.display import GROUP_STATUSES, WAITING_TYPES, StatusGroup

#: Orders before the sequence that are looked at: some megabytes of the table's newest pages of then.
WALK_MAX = 20_000
#: Events from the sequence on that are looked at.
LATER_MAX = 5_000
#: Open orders, of all accounts, that are looked at.
OPEN_MAX = 50_000
#: Orders whose events are read, and their events.
FOUND_MAX = 2_000
EVENTS_MAX = 20_000
#: Trades before the sequence among which those under the same quote are: it stands for a second or so.
TRADES_MAX = 200
#: A clock that was set back by less hides no order.
CLOCK_SLACK = timedelta(seconds=10)

_OPEN = ", ".join(f"'{status.value}'" for status in GROUP_STATUSES[StatusGroup.OPEN])
_CANDIDATES_OF_BOOK = f"""
WITH walked AS MATERIALIZED (
    SELECT id, instrument_id, created_at, updated_at FROM orders_order
     WHERE id < %(before)s ORDER BY id DESC LIMIT {WALK_MAX}),
later AS MATERIALIZED (
    SELECT order_id FROM orders_accountevent WHERE id >= %(before)s ORDER BY id LIMIT {LATER_MAX}),
working AS MATERIALIZED (
    SELECT id, instrument_id FROM orders_order WHERE status IN ({_OPEN}) ORDER BY account_id, id DESC LIMIT {OPEN_MAX}),
found AS (
    SELECT id FROM walked WHERE instrument_id = %(of)s AND updated_at >= %(changed)s
    UNION SELECT id FROM working WHERE instrument_id = %(of)s AND id < %(before)s
    UNION SELECT order_id FROM later WHERE order_id < %(before)s)
SELECT array(SELECT id FROM found ORDER BY id DESC LIMIT {FOUND_MAX + 1}),
       (SELECT min(created_at) FROM walked),
       ((SELECT count(*) FROM walked) < {WALK_MAX} OR (SELECT count(*) FROM later) < {LATER_MAX})
           AND (SELECT count(*) FROM working) < {OPEN_MAX}
"""  # noqa: S608 - statuses and numbers of this file
_CANDIDATES_OF_ACCOUNT = f"""
WITH walked AS MATERIALIZED (
    SELECT own.id, own.created_at, own.updated_at
      FROM (SELECT id FROM orders_order WHERE account_id = %(of)s AND id < %(before)s ORDER BY id DESC LIMIT {FOUND_MAX}) AS ids
      JOIN orders_order AS own ON own.id = ids.id),
found AS (
    SELECT id FROM walked WHERE updated_at >= %(changed)s
    UNION SELECT id FROM orders_order WHERE account_id = %(of)s AND status IN ({_OPEN}) AND id < %(before)s)
SELECT array(SELECT id FROM found ORDER BY id DESC LIMIT {FOUND_MAX + 1}),
       (SELECT min(created_at) FROM walked),
       (SELECT count(*) FROM walked) < {FOUND_MAX}
"""  # noqa: S608 - statuses and numbers of this file
_EVENTS = f"""
SELECT event.data
  FROM unnest(%s::bigint[]) AS mine(id)
 CROSS JOIN LATERAL (SELECT id, data FROM orders_accountevent WHERE order_id = mine.id AND id < %s OFFSET 0) AS event
 ORDER BY mine.id, event.id LIMIT {EVENTS_MAX + 1}
"""  # noqa: S608 - a number of this file
#: What the house gave and took under one quote, by its own side: its fill of a trade has no order.
_USED = f"""
SELECT house.side, sum(house.quantity)
  FROM (SELECT id, epoch, instrument_id, quote_source, quote_epoch, quote_sequence FROM orders_trade
         WHERE id < %(before)s ORDER BY id DESC LIMIT {TRADES_MAX}) AS trade
  JOIN orders_fill AS house ON house.id IN (2 * trade.id, 2 * trade.id + 1) AND house.order_id IS NULL
 WHERE trade.instrument_id = %(instrument)s AND trade.epoch = %(epoch)s AND trade.quote_source = %(source)s
   AND trade.quote_epoch = %(quote_epoch)s AND trade.quote_sequence = %(quote_sequence)s
 GROUP BY house.side
"""  # noqa: S608 - a number of this file
_TAKER = "SELECT order_id FROM orders_fill WHERE id IN (%s, %s) AND liquidity_side = 'TAKER'"


@dataclass(frozen=True, slots=True)
class OpenThen:
    """An order that was open. ``price`` is None of one without a limit; ``held`` in quote for a buy, in base for a sell."""

    id: int
    account_id: int
    instrument_id: int
    side: Side
    status: OrderStatus
    price: Decimal | None
    quantity: Decimal
    filled_quantity: Decimal
    held: Decimal
    link_id: int | None

    @property
    def leaves_quantity(self) -> Decimal:
        return self.quantity - self.filled_quantity

    @property
    def rests(self) -> bool:
        """In the book: it has a price and waits for no trigger."""
        return self.price is not None and self.status is not OrderStatus.WAITING


@dataclass(frozen=True, slots=True)
class Then:
    """Open orders of then, oldest first. ``since`` is None when none can be missing; else an order that is older than this, and
    has ended, may be."""

    orders: tuple[OpenThen, ...]
    since: datetime | None


@dataclass(frozen=True, slots=True)
class QuoteName:
    """A quote of the house's as an engine's epoch had it."""

    engine_epoch: int
    source: str
    epoch: int
    sequence: int


def list_resting_before(instrument_id: int, sequence: int, at: datetime) -> Then:
    """Customers' orders in the book of the instrument before the sequence, which was decided at ``at``. Two statements."""
    then = _then(_CANDIDATES_OF_BOOK, instrument_id, sequence, at)
    return replace(then, orders=tuple(each for each in then.orders if each.instrument_id == instrument_id and each.rests))


def list_open_before(account_id: int, sequence: int, at: datetime) -> Then:
    """The account's open orders, waiting ones among them, before the sequence. Two statements."""
    return _then(_CANDIDATES_OF_ACCOUNT, account_id, sequence, at)


def used_of_quote(instrument_id: int, quote: QuoteName, sequence: int) -> dict[Side, Decimal]:
    """How much the house had sold (SELL) and bought (BUY) under the quote before the sequence."""
    asked: dict[str, int | str] = {
        "before": sequence,
        "instrument": instrument_id,
        "epoch": quote.engine_epoch,
        "source": quote.source,
        "quote_epoch": quote.epoch,
        "quote_sequence": quote.sequence,
    }
    with connection.cursor() as cursor:
        cursor.execute(_USED, asked)
        return {Side(side): quantity for side, quantity in cursor.fetchall()}


def find_taker(trade_id: int) -> int | None:
    """The order that came and was matched in the trade; None when that was the house."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKER, [2 * trade_id, 2 * trade_id + 1])
        row = cursor.fetchone()
    return None if row is None else row[0]


def _then(statement: str, of: int, sequence: int, at: datetime) -> Then:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"of": of, "before": sequence, "changed": at - CLOCK_SLACK})
        ids, since, is_whole = cursor.fetchone()
        cursor.execute(_EVENTS, [ids[:FOUND_MAX], sequence])
        events = [msgspec.json.decode(row[0]) for row in cursor.fetchall()]
    is_whole = is_whole and len(ids) <= FOUND_MAX and len(events) <= EVENTS_MAX
    return Then(open_after(events[:EVENTS_MAX]), None if is_whole else since)


#: What later events of an order say anew of it.
_SAYS = ("status", "filled_quantity", "held", "quantity", "price")
_ENDS = frozenset({"ORDER_CANCELED", "ORDER_FORCE_CANCELED", "ORDER_EXPIRED"})


def open_after(events: Iterable[Mapping[str, Any]]) -> tuple[OpenThen, ...]:
    """The orders that are open when ``events`` have happened, by id; an order's events are in their order. Pure."""
    told: dict[int, dict[str, Any]] = {}
    for event in events:
        order_id = event["order_id"]
        if event["type"] == "ORDER_ACCEPTED":
            waits = event["order_type"] in WAITING_TYPES
            begins = {"status": OrderStatus.WAITING if waits else OrderStatus.ACCEPTED, "filled_quantity": "0"}
            told[order_id] = {**event, **begins}
        elif event["type"] in _ENDS:
            told.pop(order_id, None)
        elif order_id in told:
            # A fill's quantity and price are its own, not the order's.
            names = _SAYS[:3] if event["type"] == "ORDER_FILLED" else _SAYS
            told[order_id] |= {name: event[name] for name in names if name in event}
    return tuple(_open_then(told[order_id]) for order_id in sorted(told) if _is_open(told[order_id]))


def _is_open(told: Mapping[str, Any]) -> bool:
    return OrderStatus(told["status"]) in GROUP_STATUSES[StatusGroup.OPEN]


def _open_then(told: Mapping[str, Any]) -> OpenThen:
    price: str | None = told["price"]
    return OpenThen(
        id=told["order_id"],
        account_id=told["account_id"],
        instrument_id=told["instrument_id"],
        side=Side(told["side"]),
        status=OrderStatus(told["status"]),
        price=None if price is None else Decimal(price),
        quantity=Decimal(told["quantity"]),
        filled_quantity=Decimal(told["filled_quantity"]),
        held=Decimal(told["held"]),
        link_id=(told.get("terms") or {}).get("link_id"),
    )


def held_together(orders: Sequence[OpenThen]) -> Decimal:
    """What the orders hold, of one asset: orders of a link cancel each other, so of a link the largest counts."""
    largest: dict[int, Decimal] = {}
    for order in orders:
        key = -order.id if order.link_id is None else order.link_id
        largest[key] = max(order.held, largest.get(key, Decimal(0)))
    return sum(largest.values(), Decimal(0))
