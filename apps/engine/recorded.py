"""A stretch of history as rows that can be compared: what the database holds of it, and what a replay made of it."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from apps.core.enums import OrderStatus
from apps.engine.batch_columns import fill_id
from apps.engine.events import encode_event
from apps.engine.matching.answers import text
from apps.engine.matching.changes import Changes
from apps.engine.matching.state import Order
from apps.engine.matching.terms import WAITING_TYPES
from apps.orders.status import OPEN

KINDS = ("event", "trade", "fill", "posting")
#: Kind -> key -> the row. Numbers are units of 10**-8.
Rows = dict[str, dict[Any, Any]]
Select = Callable[..., list[tuple[Any, ...]]]


class Line(NamedTuple):
    """``rows`` rows of what was compared, and their digests, which are equal or a difference was found."""

    what: str
    rows: int
    stored: str
    replayed: str


def no_rows() -> Rows:
    return {kind: {} for kind in KINDS}


def stored_rows(select: Select, first: int, last: int) -> Rows:
    """What was committed with sequences above ``first`` and up to ``last``; each query is a range of a primary key."""
    events = select("SELECT id, data FROM orders_accountevent WHERE id > %s AND id <= %s", first, last)
    trades = select(
        """SELECT id, instrument_id, instrument_sequence, (price * 100000000)::numeric(44, 0),
                  (quantity * 100000000)::numeric(44, 0), aggressor_side, quote_source, quote_sequence
           FROM orders_trade WHERE id > %s AND id <= %s""",
        first,
        last,
    )
    fills = select(
        """SELECT id, trade_id, order_id, account_id, instrument_id, side, liquidity_side, (price * 100000000)::numeric(44, 0),
                  (quantity * 100000000)::numeric(44, 0), (fee * 100000000)::numeric(44, 0)
           FROM orders_fill WHERE id >= %s AND id <= %s""",
        2 * first + 2,
        2 * last + 1,
    )
    postings = select(
        """SELECT transfer_id, leg, ledger_account_id, asset_id, (amount * 100000000)::numeric(44, 0),
                  (balance_after * 100000000)::numeric(44, 0)
           FROM ledger_posting WHERE transfer_id > %s AND transfer_id <= %s ORDER BY transfer_id, leg""",
        first,
        last,
    )
    return {
        "event": {row[0]: msgspec.json.decode(row[1]) for row in events},
        "trade": {row[0]: (row[1], row[2], int(row[3]), int(row[4]), *row[5:]) for row in trades},
        "fill": {row[0]: (*row[1:7], *map(int, row[7:])) for row in fills},
        "posting": {(row[0], row[1]): (row[2], row[3], int(row[4]), int(row[5])) for row in postings},
    }


def add_replayed(rows: Rows, changes: Changes, epoch: int) -> None:
    """Add what a replayed batch made to ``rows``."""
    for event in changes.events:
        if event.account_id is not None:
            rows["event"][event.sequence] = msgspec.json.decode(encode_event(event, epoch))
    for t in changes.trades:
        quote = ("", None) if t.quote is None else (t.quote.source, t.quote.sequence)
        grid = t.instrument.grid
        rows["trade"][t.trade_id] = (
            t.instrument.instrument_id, t.instrument_sequence, t.ticks * grid.tick, t.lots * grid.lot, str(t.aggressor_side),
            *quote,
        )  # fmt: skip
    for f in changes.fills:
        grid = f.trade.instrument.grid
        rows["fill"][fill_id(f)] = (
            f.trade.trade_id, None if f.order is None else f.order.order_id, f.account_id, f.trade.instrument.instrument_id,
            str(f.side), str(f.liquidity_side), f.trade.ticks * grid.tick, f.trade.lots * grid.lot, f.fee,
        )  # fmt: skip
    for p in changes.postings:
        rows["posting"][(p.transfer_id, p.leg)] = (p.balance.ledger_account_id, p.balance.asset_id, p.amount, p.balance_after)


def in_words_of_then(stored: Rows, replayed: Rows) -> None:
    """Say each replayed event as the version of its schema that is stored would have: later ones only add fields."""
    for sequence, then in stored["event"].items():
        now = replayed["event"].get(sequence)
        if now is not None and then["version"] < now["version"]:
            told = {name: value for name, value in now.items() if name in then}
            replayed["event"][sequence] = told | {"version": then["version"]}


def book_rows(orders: Iterable[Order]) -> dict[Any, object]:
    """Open orders as they rest: their place, price, what is left, and what they hold."""
    return {
        o.order_id: (
            o.instrument.instrument_id, str(o.side), o.priority, o.ticks, o.lots, o.filled_lots, str(o.status), o.held,
            o.notional, o.fee,
        )
        for o in orders
    }  # fmt: skip


#: What each event says anew of an order that was accepted.
_SAYS = {
    "ORDER_FILLED": ("status", "filled_quantity", "held"),
    "ORDER_AMENDED": ("status", "filled_quantity", "held", "quantity", "price"),
    "ORDER_TRIGGERED": ("status",),
    "ORDER_TRIGGER_MOVED": ("held",),
}
_ENDS = frozenset({"ORDER_CANCELED", "ORDER_FORCE_CANCELED", "ORDER_EXPIRED"})


def follow_events(book: dict[Any, dict[str, object]], events: dict[Any, Any]) -> None:
    """Bring ``book``, the open orders as stored events tell of them, to where ``events`` leave it."""
    for _, event in sorted(events.items()):
        kind, order_id = event["type"], event.get("order_id")
        if kind == "ORDER_ACCEPTED":
            status = OrderStatus.WAITING if event["order_type"] in WAITING_TYPES else OrderStatus.ACCEPTED
            told = {name: event[name] for name in ("quantity", "price", "held")}
            book[order_id] = {"status": status.value, "filled_quantity": "0", **told}
        elif kind in _ENDS:
            book.pop(order_id, None)
        elif kind in _SAYS and order_id in book:
            book[order_id] |= {name: event[name] for name in _SAYS[kind]}
            if book[order_id]["status"] not in OPEN:
                del book[order_id]


def told_book(orders: Iterable[Order]) -> dict[Any, dict[str, object]]:
    """Open orders in the words of their events."""
    return {
        o.order_id: {
            "status": o.status.value,
            "filled_quantity": text(o.filled_lots * o.instrument.grid.lot),
            "quantity": text(o.lots * o.instrument.grid.lot),
            "price": text(o.ticks * o.instrument.grid.tick) if o.ticks else None,
            "held": text(o.held),
        }
        for o in orders
    }


def digest(rows: dict[Any, Any]) -> str:
    """The same for equal rows, and for no others."""
    running = hashlib.blake2b(digest_size=8)
    add_to(running, rows)
    return running.hexdigest()


def add_to(running: "hashlib.blake2b", rows: dict[Any, Any]) -> None:
    for key in sorted(rows):
        running.update(msgspec.json.encode([key, rows[key]], order="deterministic"))


class Digests:
    """Running digests of an epoch's rows, stored and replayed, by kind."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(KINDS, 0)
        self._stored = {kind: hashlib.blake2b(digest_size=8) for kind in KINDS}
        self._replayed = {kind: hashlib.blake2b(digest_size=8) for kind in KINDS}

    def add(self, stored: Rows, replayed: Rows) -> None:
        for kind in KINDS:
            self._counts[kind] += len(replayed[kind])
            add_to(self._stored[kind], stored[kind])
            add_to(self._replayed[kind], replayed[kind])

    def lines(self) -> list[Line]:
        return [
            Line(f"{kind}s", self._counts[kind], self._stored[kind].hexdigest(), self._replayed[kind].hexdigest())
            for kind in KINDS
        ]
