"""From what a batch did to what is published: events of accounts and instruments, prints, and changed levels."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import msgspec

from apps.core.enums import Side, Source
from apps.core.units import Grid
from apps.engine.matching.answers import text
from apps.engine.matching.changes import Changes, EventRow, TradeRow
from apps.engine.matching.state import Exit, HouseQuote, Instrument, Order, Terms
from apps.eventlog.schemas import accounts, instruments, marketdata
from apps.eventlog.schemas.base import Event

#: A message holds no more than this, so that no batch makes one that the log refuses: a print or a level takes about 100 bytes.
PRINTS_MAX = 1_000
LEVELS_MAX = 2_000

_json = msgspec.json.Encoder()
_msgpack = msgspec.msgpack.Encoder()

Part = TypeVar("Part")


class Levels(Protocol):
    """What the encoder asks of the book."""

    sequence: int

    def level_lots(self, instrument_id: int, side: Side, ticks: int) -> int: ...


class Message(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One message of the outbox, stored as an array of these four."""

    topic: str
    key: str
    event_id: str
    value: bytes


def _order_identity(row: EventRow, epoch: int, order: Order) -> dict[str, Any]:
    return {
        "epoch": epoch,
        "sequence": row.sequence,
        "at_ns": row.at_ns,
        "correlation_id": row.correlation_id,
        "causation_id": row.command_id,
        "account_id": row.account_id,
        "account_sequence": row.account_sequence,
        "order_id": order.order_id,
        "client_order_id": order.client_order_id,
        "instrument_id": order.instrument.instrument_id,
        "symbol": order.instrument.symbol,
    }


def _order(row: EventRow) -> Order:
    if row.order is None:
        raise TypeError(f"an event of kind {row.kind} needs its order")
    return row.order


def exit_row(each: Exit, tick: int) -> dict[str, Any]:
    """One exit of a bracket as strings; ``tick`` in units. What it has not is left out."""
    prices = (("price", each.ticks), ("trigger_price", each.trigger_ticks), ("trail_amount", each.trail_ticks))
    row: dict[str, Any] = {name: text(ticks * tick) for name, ticks in prices if ticks}
    return {"order_type": each.order_type, **row, **({"trail_bps": each.trail_bps} if each.trail_bps else {})}


def _terms(terms: Terms | None, grid: Grid) -> accounts.OrderTerms | None:
    """The terms that an order had at its decision, as strings; None for a plain order."""
    if terms is None:
        return None
    tick = grid.tick
    return accounts.OrderTerms(
        trigger_price=text(terms.trigger_ticks * tick) if terms.trigger_ticks else None,
        trail_amount=text(terms.trail_ticks * tick) if terms.trail_ticks else None,
        trail_bps=terms.trail_bps or None,
        expires_at_ns=terms.expires_ns or None,
        post_only=terms.post_only,
        reduce_only=terms.reduce_only,
        link_id=terms.link_id or None,
        parent_id=terms.parent_id or None,
        target=None if terms.target is None else accounts.ExitTerms(**exit_row(terms.target, tick)),
        stop=None if terms.stop is None else accounts.ExitTerms(**exit_row(terms.stop, tick)),
        asked_quantity=text(terms.asked_lots * grid.lot) if terms.asked_lots else None,
    )


def _decision(row: EventRow, order: Order) -> dict[str, Any]:
    fields = row.fields
    grid = order.instrument.grid
    ticks: Any = fields["ticks"]
    lots: Any = fields["lots"]
    return {
        "side": fields["side"],
        "order_type": fields["order_type"],
        "time_in_force": fields["time_in_force"],
        "quantity": text(lots * grid.lot),
        "price": text(ticks * grid.tick) if ticks else None,
        "terms": _terms(fields.get("terms"), grid),  # type: ignore[arg-type]
    }


def _accepted(row: EventRow, epoch: int) -> Event:
    # Written out, as a fill is: the two commonest events, and putting dictionaries together would double their cost.
    order = _order(row)
    fields: dict[str, Any] = row.fields
    instrument = order.instrument
    ticks: int | None = fields["ticks"]
    return accounts.OrderAccepted(
        epoch=epoch,
        sequence=row.sequence,
        at_ns=row.at_ns,
        correlation_id=row.correlation_id,
        causation_id=row.command_id,
        account_id=order.account_id,
        account_sequence=row.account_sequence,
        order_id=order.order_id,
        client_order_id=order.client_order_id,
        instrument_id=instrument.instrument_id,
        symbol=instrument.symbol,
        side=fields["side"],
        order_type=fields["order_type"],
        time_in_force=fields["time_in_force"],
        quantity=text(fields["lots"] * instrument.grid.lot),
        price=text(ticks * instrument.grid.tick) if ticks else None,
        held=text(fields["held"]),
        terms=_terms(fields.get("terms"), instrument.grid),
    )


def _denied(row: EventRow, epoch: int) -> Event:
    order = _order(row)
    reason: Any = row.fields["reason"]
    return accounts.OrderDenied(**_order_identity(row, epoch, order), **_decision(row, order), reason=reason)


def _rejected(row: EventRow, epoch: int) -> Event:
    order = _order(row)
    reason: Any = row.fields["reason"]
    return accounts.OrderRejected(**_order_identity(row, epoch, order), **_decision(row, order), reason=reason)


def _filled(row: EventRow, epoch: int) -> Event:
    order = _order(row)
    fields: dict[str, Any] = row.fields
    tick, lot = order.instrument.grid.tick, order.instrument.grid.lot
    quote: HouseQuote | None = fields["quote"]
    return accounts.OrderFilled(
        epoch=epoch,
        sequence=row.sequence,
        at_ns=row.at_ns,
        correlation_id=row.correlation_id,
        causation_id=row.command_id,
        account_id=order.account_id,
        account_sequence=row.account_sequence,
        order_id=order.order_id,
        client_order_id=order.client_order_id,
        instrument_id=order.instrument.instrument_id,
        symbol=order.instrument.symbol,
        trade_id=fields["trade_id"],
        side=fields["side"],
        liquidity_side=fields["liquidity_side"],
        price=text(fields["ticks"] * tick),
        quantity=text(fields["lots"] * lot),
        fee=text(fields["fee"]),
        status=fields["status"],
        filled_quantity=text(fields["filled_lots"] * lot),
        leaves_quantity=text(fields["leaves_lots"] * lot),
        held=text(fields["held"]),
        quote_source="" if quote is None else quote.source,
        quote_epoch=0 if quote is None else quote.epoch,
        quote_sequence=0 if quote is None else quote.sequence,
    )


def _cancellation(row: EventRow, order: Order) -> dict[str, Any]:
    fields: dict[str, Any] = row.fields
    return {
        "reason": fields["reason"],
        "filled_quantity": text(fields["filled_lots"] * order.instrument.grid.lot),
        "released": text(fields["released"]),
    }


def _canceled(row: EventRow, epoch: int) -> Event:
    order = _order(row)
    return accounts.OrderCanceled(**_order_identity(row, epoch, order), **_cancellation(row, order))


def _expired(row: EventRow, epoch: int) -> Event:
    order = _order(row)
    return accounts.OrderExpired(**_order_identity(row, epoch, order), **_cancellation(row, order))


def _price(fields: dict[str, Any], name: str, tick: int) -> str | None:
    return text(fields[name] * tick) if fields[name] else None


def _triggered(row: EventRow, epoch: int) -> Event:
    order = _order(row)
    fields: dict[str, Any] = row.fields
    quote: HouseQuote = fields["quote"]
    return accounts.OrderTriggered(
        **_order_identity(row, epoch, order),
        trigger_price=text(fields["trigger_ticks"] * order.instrument.grid.tick),
        status=fields["status"],
        quote_source=quote.source,
        quote_epoch=quote.epoch,
        quote_sequence=quote.sequence,
    )


def _trigger_moved(row: EventRow, epoch: int) -> Event:
    order = _order(row)
    fields: dict[str, Any] = row.fields
    trigger_price = text(fields["trigger_ticks"] * order.instrument.grid.tick)
    return accounts.OrderTriggerMoved(
        **_order_identity(row, epoch, order), trigger_price=trigger_price, held=text(fields["held"])
    )


def _amended(row: EventRow, epoch: int) -> Event:
    order = _order(row)
    fields: dict[str, Any] = row.fields
    tick, lot = order.instrument.grid.tick, order.instrument.grid.lot
    return accounts.OrderAmended(
        **_order_identity(row, epoch, order),
        reason=fields["reason"],
        quantity=text(fields["lots"] * lot),
        price=_price(fields, "ticks", tick),
        trigger_price=_price(fields, "trigger_ticks", tick),
        filled_quantity=text(fields["filled_lots"] * lot),
        leaves_quantity=text((fields["lots"] - fields["filled_lots"]) * lot),
        held=text(fields["held"]),
        status=fields["status"],
        kept_priority=fields["kept_priority"],
    )


def _force_canceled(row: EventRow, epoch: int) -> Event:
    order = _order(row)
    explanation: Any = row.fields["explanation"]
    return accounts.OrderForceCanceled(**_order_identity(row, epoch, order), **_cancellation(row, order), explanation=explanation)


def _configured(row: EventRow, epoch: int) -> Event:
    instrument = row.instrument
    if instrument is None:
        raise TypeError(f"an event of kind {row.kind} needs its instrument")
    tick: Any = row.fields["tick"]
    lot: Any = row.fields["lot"]
    return instruments.InstrumentConfigured(
        epoch=epoch,
        sequence=row.sequence,
        at_ns=row.at_ns,
        correlation_id=row.correlation_id,
        causation_id=row.command_id,
        instrument_id=instrument.instrument_id,
        symbol=instrument.symbol,
        tick_size=text(tick),
        lot_size=text(lot),
    )


#: Fields of a row that are units of 10**-8, and strings in the event.
_IN_UNITS = frozenset({"amount", "max_order_notional", "max_quantity", "max_notional"})


def _plain(kind: type[Event], *names: str) -> Callable[[EventRow, int], Event]:
    """An event that is its identity and the row's fields."""

    def build(row: EventRow, epoch: int) -> Event:
        identity: dict[str, Any] = {"epoch": epoch, "sequence": row.sequence, "at_ns": row.at_ns}
        identity |= {"correlation_id": row.correlation_id, "causation_id": row.command_id}
        if row.instrument is not None:
            identity |= {"instrument_id": row.instrument.instrument_id, "symbol": row.instrument.symbol}
        else:
            identity |= {"account_id": row.account_id, "account_sequence": row.account_sequence}
        for name in names:
            value: Any = row.fields[name]
            identity[name] = text(value) if name in _IN_UNITS and value is not None else value
        return kind(**identity)

    return build


_BUILDERS: dict[str, Callable[[EventRow, int], Event]] = {
    "ORDER_ACCEPTED": _accepted,
    "ORDER_DENIED": _denied,
    "ORDER_REJECTED": _rejected,
    "ORDER_FILLED": _filled,
    "ORDER_CANCELED": _canceled,
    "ORDER_FORCE_CANCELED": _force_canceled,
    "ORDER_TRIGGERED": _triggered,
    "ORDER_TRIGGER_MOVED": _trigger_moved,
    "ORDER_AMENDED": _amended,
    "ORDER_EXPIRED": _expired,
    "SELF_TRADE_PREVENTION_SET": _plain(accounts.SelfTradePreventionSet, "mode"),
    "DEAD_MANS_SWITCH_FIRED": _plain(accounts.DeadMansSwitchFired, "canceled"),
    "ACCOUNT_OPENED": _plain(accounts.AccountOpened),
    "ACCOUNT_SUSPENDED": _plain(accounts.AccountSuspended, "reason"),
    "ACCOUNT_REINSTATED": _plain(accounts.AccountReinstated, "reason"),
    "ACCOUNT_LIMITS_SET": _plain(
        accounts.AccountLimitsSet, "max_open_orders", "max_order_notional", "reason", "orders_per_second"
    ),
    "FUNDS_DEPOSITED": _plain(accounts.FundsDeposited, "transfer_id", "asset", "amount"),
    "FUNDS_WITHDRAWN": _plain(accounts.FundsWithdrawn, "transfer_id", "asset", "amount"),
    "FUNDS_ADJUSTED": _plain(accounts.FundsAdjusted, "transfer_id", "asset", "amount", "reason"),
    "INSTRUMENT_CONFIGURED": _configured,
    "INSTRUMENT_LIMITS_SET": _plain(
        instruments.InstrumentLimitsSet, "max_quantity", "max_notional", "collar_bps", "reason", "band_bps"
    ),
    "INSTRUMENT_PAUSED": _plain(instruments.InstrumentPaused, "until_ns", "reason"),
    "TRADING_STATE_SET": _plain(instruments.TradingStateSet, "state", "reason"),
    "SESSIONS_SET": _plain(instruments.SessionsSet, "sessions", "around_the_clock"),
    "INSTRUMENT_HALTED": _plain(instruments.InstrumentHalted, "reason"),
    "INSTRUMENT_RESUMED": _plain(instruments.InstrumentResumed, "reason"),
}


def encode_event(row: EventRow, epoch: int) -> bytes:
    """The event's JSON, as it is stored with the account and published."""
    return _json.encode(_BUILDERS[row.kind](row, epoch))


def event_message(row: EventRow, epoch: int, value: bytes) -> Message:
    event_id = f"{epoch}-{row.sequence}"
    if row.account_id is not None:
        topic = "orders.events" if row.order is not None else "accounts.events"
        return Message(topic, str(row.account_id), event_id, value)
    if row.instrument is None:
        raise TypeError(f"an event of kind {row.kind} needs its instrument")
    return Message("instruments.events", row.instrument.symbol, event_id, value)


def _parts(whole: list[Part], size: int) -> list[list[Part]]:
    return [whole[start : start + size] for start in range(0, len(whole), size)]


def print_messages(trades: list[TradeRow], epoch: int) -> list[Message]:
    """The public prints, one message an instrument and ``PRINTS_MAX``; its id carries the last print's."""
    ticks: dict[str, list[marketdata.TradeTick]] = {}
    for trade in trades:
        grid = trade.instrument.grid
        ticks.setdefault(trade.instrument.symbol, []).append(
            marketdata.TradeTick(
                symbol=trade.instrument.symbol,
                sequence=trade.trade_id,
                at_ns=trade.at_ns,
                price=text(trade.ticks * grid.tick),
                quantity=text(trade.lots * grid.lot),
                aggressor_side=trade.aggressor_side,
            )
        )
    return [
        Message(
            "marketdata.trades",
            symbol,
            f"{epoch}-{prints[-1].sequence}",
            _json.encode(marketdata.TradeTicks(source=Source.BOOK.value, epoch=epoch, ticks=prints)),
        )
        for symbol, each in ticks.items()
        for prints in _parts(each, PRINTS_MAX)
    ]


def level_messages(changes: Changes, book: Levels, by_id: dict[int, Instrument], epoch: int, now_ns: int) -> list[Message]:
    """The customers' levels that the batch touched, with their totals after it, one message an instrument and ``LEVELS_MAX``.

    The parts of one instrument carry one sequence: totals are absolute, so a reader takes all that are not older than it knows.
    """
    touched: dict[int, list[marketdata.LevelChanged]] = {}
    for instrument_id, side, ticks in changes.levels:
        grid = by_id[instrument_id].grid
        lots = book.level_lots(instrument_id, side, ticks)
        touched.setdefault(instrument_id, []).append(
            marketdata.LevelChanged(side=side, price=text(ticks * grid.tick), quantity=text(lots * grid.lot))
        )
    sequence = book.sequence
    messages = []
    for instrument_id, levels in touched.items():
        symbol = by_id[instrument_id].symbol
        for number, part in enumerate(_parts(levels, LEVELS_MAX)):
            changed = marketdata.LevelsChanged(symbol=symbol, epoch=epoch, sequence=sequence, at_ns=now_ns, levels=part)
            event_id = f"{epoch}-{sequence}-{symbol}" + (f"-{number}" if number else "")
            messages.append(Message("marketdata.levels", symbol, event_id, _json.encode(changed)))
    return messages


def encode_messages(messages: list[Message]) -> bytes:
    return _msgpack.encode(messages)
