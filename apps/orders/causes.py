"""Who or what brought an event of an order about, as its page says it. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from apps.commands.reasons import Reason
from apps.orders.selectors import EventView


class Who(StrEnum):
    CUSTOMER = "customer"
    RISK = "risk check"
    VENUE = "rule of the venue"
    ENGINE = "matching engine"
    TRIGGER = "trigger"
    LINKED = "linked order"
    CLOCK = "clock"
    SWITCH = "dead man's switch"
    STAFF = "Tredye"


#: Heroicons, one for each.
ICONS: dict[Who, str] = {
    Who.CUSTOMER: "user",
    Who.RISK: "shield-check",
    Who.VENUE: "scale",
    Who.ENGINE: "cpu-chip",
    Who.TRIGGER: "bolt",
    Who.LINKED: "link",
    Who.CLOCK: "clock",
    Who.SWITCH: "power",
    Who.STAFF: "building-office",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """``words`` say what it did, where the event's own sentence does not."""

    who: Who
    words: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.who]

    @property
    def is_customer(self) -> bool:
        return self.who is Who.CUSTOMER


_OF_REASONS: dict[str, Who] = {
    Reason.CANCELED_BY_CUSTOMER: Who.CUSTOMER,
    Reason.POSITION_CLOSED: Who.CUSTOMER,
    Reason.CANCELED_BY_ADMIN: Who.STAFF,
    Reason.CANCELED_BY_KILL_SWITCH: Who.STAFF,
    Reason.CANCELED_BY_DEAD_MANS_SWITCH: Who.SWITCH,
    Reason.EXPIRED_AT_ITS_TIME: Who.CLOCK,
    Reason.EXPIRED_WITH_THE_SESSION: Who.CLOCK,
    Reason.LINKED_ORDER_FILLED: Who.LINKED,
    Reason.LINKED_ORDER_TRIGGERED: Who.LINKED,
    Reason.LINKED_ORDER_ENDED: Who.LINKED,
    Reason.LINKED_ORDER_AMENDED: Who.LINKED,
    Reason.ENTRY_FILLED: Who.LINKED,
}
_OF_TYPES: dict[str, Cause] = {
    "ORDER_DENIED": Cause(Who.RISK),
    "ORDER_REJECTED": Cause(Who.VENUE),
    "ORDER_FORCE_CANCELED": Cause(Who.STAFF),
    "ORDER_TRIGGERED": Cause(Who.TRIGGER, "the reference reached the price that the order waited for"),
    "ORDER_TRIGGER_MOVED": Cause(Who.TRIGGER, "it follows the reference at its distance"),
    "ORDER_EXPIRED": Cause(Who.CLOCK),
}


def cause_of(event: EventView) -> Cause:
    known = _OF_TYPES.get(event.type)
    if known is not None:
        return known
    if event.type == "ORDER_ACCEPTED":
        exit_of = (event.data.get("terms") or {}).get("parent_id")
        return Cause(Who.LINKED, f"made when its entry, order {exit_of}, was filled") if exit_of else Cause(Who.CUSTOMER)
    if event.type == "ORDER_FILLED":
        return Cause(Who.ENGINE, _meeting(event))
    reason = str(event.data.get("reason", ""))
    if not reason:  # of an amendment: its owner's wish
        return Cause(Who.CUSTOMER)
    return Cause(_OF_REASONS.get(reason, Who.ENGINE))


def _meeting(event: EventView) -> str:
    """Which of the two came and which was there."""
    if event.data.get("liquidity_side") == "TAKER":
        return "the order crossed and was matched as it came"
    return "the house's price reached it in the book" if event.data.get("quote_source") else "another order met it in the book"
