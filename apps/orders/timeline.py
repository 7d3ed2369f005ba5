"""The story of one order, step by step: events, fills, ledger rows and places in the event log put together. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from apps.commands.reasons import sentence_of
from apps.ledger.selectors import TransferView
from apps.orders.causes import Cause, cause_of
from apps.orders.display import CLOSED_AT
from apps.orders.selectors import EventView, FillView, LogPosition

TITLES = {
    "ORDER_ACCEPTED": "Accepted",
    "ORDER_DENIED": "Denied by a risk check",
    "ORDER_REJECTED": "Rejected by a rule of the venue",
    "ORDER_FILLED": "Filled",
    "ORDER_CANCELED": "Canceled",
    "ORDER_FORCE_CANCELED": "Canceled",
    "ORDER_TRIGGERED": "Set off",
    "ORDER_TRIGGER_MOVED": "The trigger followed the market",
    "ORDER_EXPIRED": "Expired",
    "ORDER_AMENDED": "Amended",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A number of the order that an amendment changed. ``old`` is None where nobody knows it any more."""

    label: str
    is_price: bool
    old: Decimal | None
    new: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """What an order asked for at some moment. Prices are None where its type has none."""

    quantity: Decimal
    price: Decimal | None
    trigger_price: Decimal | None


@dataclass(frozen=True, slots=True)
class Step:
    """One event. ``fill`` and ``transfer`` are set when it moved money, ``place`` once a consumer has read it, ``changes`` when
    it amended the order."""

    event: EventView
    title: str
    tone: str
    sentence: str
    cause: Cause
    fill: FillView | None
    transfer: TransferView | None
    place: LogPosition | None
    changes: tuple[Change, ...] = ()

    @property
    def command_id(self) -> str:
        return str(self.event.data.get("causation_id", ""))

    @property
    def kept_priority(self) -> bool:
        return bool(self.event.data.get("kept_priority"))

    @property
    def raw(self) -> str:
        """The event as it was published, to be read by a person who knows."""
        return json.dumps(self.event.data, indent=2, ensure_ascii=False)

    @property
    def correlation_id(self) -> str:
        return str(self.event.data.get("correlation_id", ""))


    @property
    def trigger(self) -> Decimal | None:
        """The trigger that the event is about."""
        data = self.event.data
        if self.event.type in ("ORDER_TRIGGERED", "ORDER_TRIGGER_MOVED"):
            return Decimal(data["trigger_price"])
        started = (data.get("terms") or {}).get("trigger_price") if self.event.type == "ORDER_ACCEPTED" else None
        return None if started is None else Decimal(started)

    @property
    def asked_quantity(self) -> Decimal | None:
        """What was asked, of a reduce-only order that was cut to what there was to sell."""
        asked = (self.event.data.get("terms") or {}).get("asked_quantity")
        return None if asked is None else Decimal(asked)


def trade_ids_of(events: Sequence[EventView]) -> list[int]:
    return [event.data["trade_id"] for event in events if "trade_id" in event.data]


def steps(
    events: Sequence[EventView],
    fills: Sequence[FillView],
    transfers: Mapping[int, TransferView],
    places: Mapping[int, LogPosition],
    before: Sequence[EventView] = (),
) -> tuple[Step, ...]:
    """Join by trade id and by the engine's sequence; the order is that of the events.

    ``before`` are events of the order that came earlier and said what it asked for then.
    """
    fill_of_trade = {fill.trade_id: fill for fill in fills}
    changes = _changes([*before, *events])
    return tuple(
        Step(
            event=event,
            title=_title(event),
            tone=_tone(event),
            sentence=_sentence(event),
            cause=cause_of(event),
            fill=fill_of_trade.get(event.data.get("trade_id", 0)),
            transfer=transfers.get(event.data.get("trade_id", 0)),
            place=places.get(event.sequence),
            changes=changes.get(event.sequence, ()),
        )
        for event in events
    )


def terms_after(event: EventView, terms: Terms | None) -> Terms | None:
    """What the order asked for once ``event`` had happened, if it was ``terms`` before."""
    data = event.data
    if event.type == "ORDER_ACCEPTED":
        return Terms(Decimal(data["quantity"]), _number(data["price"]), _number((data.get("terms") or {}).get("trigger_price")))
    if event.type == "ORDER_AMENDED":
        return Terms(Decimal(data["quantity"]), _number(data["price"]), _number(data["trigger_price"]))
    if event.type == "ORDER_TRIGGER_MOVED" and terms is not None:
        return replace(terms, trigger_price=Decimal(data["trigger_price"]))
    return terms


def _changes(events: Sequence[EventView]) -> dict[int, tuple[Change, ...]]:
    """By the sequence of each amendment, what it changed."""
    found: dict[int, tuple[Change, ...]] = {}
    terms: Terms | None = None
    for event in events:
        was, terms = terms, terms_after(event, terms)
        if event.type == "ORDER_AMENDED" and terms is not None:
            found[event.sequence] = tuple(_differences(was, terms))
    return found


def _differences(was: Terms | None, now: Terms) -> Iterator[Change]:
    for label, name in (("Quantity", "quantity"), ("Limit", "price"), ("Trigger", "trigger_price")):
        old, new = getattr(was, name, None), getattr(now, name)
        if new is not None and old != new:
            yield Change(label, name != "quantity", old, new)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _closed_an_id(event: EventView) -> bool:
    """As :attr:`OrderView.closed_an_id`, of the event that decided the order."""
    expires_ns: int | None = (event.data.get("terms") or {}).get("expires_at_ns")
    return expires_ns is not None and expires_ns <= CLOSED_AT.timestamp() * 1_000_000_000


def _title(event: EventView) -> str:
    if _closed_an_id(event):
        return "Its id was closed"
    if event.type == "ORDER_FILLED" and event.data.get("status") == "PARTIALLY_FILLED":
        return "Partly filled"
    if event.type == "ORDER_ACCEPTED" and (event.data.get("terms") or {}).get("trigger_price"):
        return "Accepted, and waiting"
    return TITLES.get(event.type, event.type)


def _sentence(event: EventView) -> str:
    """Why, in a sentence; where staff gave a reason in words, with them: "Canceled by Tredye: …"."""
    if _closed_an_id(event):
        return "The order with this id had no answer and never came; from here on it would be refused."
    sentence = sentence_of(str(event.data.get("reason", "")))
    words = str(event.data.get("explanation", ""))
    return f"{sentence.removesuffix('.')}: {words}" if words else sentence


def _tone(event: EventView) -> str:
    return {"ORDER_FILLED": "good", "ORDER_DENIED": "bad", "ORDER_REJECTED": "bad"}.get(event.type, "plain")
