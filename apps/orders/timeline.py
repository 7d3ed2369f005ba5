"""The story of one order, step by step: events, fills, ledger rows and places in the event log put together. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.ledger.selectors import TransferView
from apps.orders.results import sentence_of
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
class Amended:
    """The order from then on. ``price`` and ``trigger_price`` are None where its type has none."""

    quantity: Decimal
    price: Decimal | None
    trigger_price: Decimal | None
    kept_priority: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One event. ``fill`` and ``transfer`` are set when it moved money; ``place`` once a consumer has read it."""

    event: EventView
    title: str
    tone: str
    sentence: str
    fill: FillView | None
    transfer: TransferView | None
    place: LogPosition | None

    @property
    def command_id(self) -> str:
        return str(self.event.data.get("causation_id", ""))

    @property
    def amended(self) -> Amended | None:
        data = self.event.data
        if self.event.type != "ORDER_AMENDED":
            return None
        price, trigger_price = (None if data[name] is None else Decimal(data[name]) for name in ("price", "trigger_price"))
        return Amended(Decimal(data["quantity"]), price, trigger_price, data["kept_priority"])

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
) -> tuple[Step, ...]:
    """Join by trade id and by the engine's sequence; the order is that of the events."""
    fill_of_trade = {fill.trade_id: fill for fill in fills}
    return tuple(
        Step(
            event=event,
            title=_title(event),
            tone=_tone(event),
            sentence=_sentence(event),
            fill=fill_of_trade.get(event.data.get("trade_id", 0)),
            transfer=transfers.get(event.data.get("trade_id", 0)),
            place=places.get(event.sequence),
        )
        for event in events
    )


def _title(event: EventView) -> str:
    if event.type == "ORDER_FILLED" and event.data.get("status") == "PARTIALLY_FILLED":
        return "Partly filled"
    if event.type == "ORDER_ACCEPTED" and (event.data.get("terms") or {}).get("trigger_price"):
        return "Accepted, and waiting"
    return TITLES.get(event.type, event.type)


def _sentence(event: EventView) -> str:
    """Why, in a sentence; where staff gave a reason in words, with them: "Canceled by Tredye: …"."""
    sentence = sentence_of(str(event.data.get("reason", "")))
    words = str(event.data.get("explanation", ""))
    return f"{sentence.removesuffix('.')}: {words}" if words else sentence


def _tone(event: EventView) -> str:
    return {"ORDER_FILLED": "good", "ORDER_DENIED": "bad", "ORDER_REJECTED": "bad"}.get(event.type, "plain")
