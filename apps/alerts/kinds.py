"""What an alert may be about, and what a notice may say. Codes are stored: upper case, stable for ever. PURE."""

from enum import StrEnum


class Basis(StrEnum):
    """Which price an alert watches. The mid is what stops are triggered by."""

    LAST = "LAST"
    BID = "BID"
    ASK = "ASK"
    MID = "MID"


class Direction(StrEnum):
    """ABOVE fires at the price or higher, BELOW at the price or lower."""

    ABOVE = "ABOVE"
    BELOW = "BELOW"


class State(StrEnum):
    """ACTIVE is watched, OFF waits for its owner, FIRED and EXPIRED are over, DELETED may come back for a while."""

    ACTIVE = "ACTIVE"
    OFF = "OFF"
    FIRED = "FIRED"
    EXPIRED = "EXPIRED"
    DELETED = "DELETED"


class Kind(StrEnum):
    """What a notice says. MANY stands for those of one minute that were too many to be told one by one."""

    PRICE = "PRICE"
    FILLED = "FILLED"
    PARTLY_FILLED = "PARTLY_FILLED"
    CANCELED = "CANCELED"
    REFUSED = "REFUSED"
    EXPIRED = "EXPIRED"
    TRIGGERED = "TRIGGERED"
    MANY = "MANY"


#: What may become of an order that a person can ask to be told, with the words for it.
ORDER_KINDS: dict[Kind, str] = {
    Kind.FILLED: "Filled completely",
    Kind.PARTLY_FILLED: "Filled in part",
    Kind.CANCELED: "Canceled, and not by you",
    Kind.REFUSED: "Refused",
    Kind.EXPIRED: "Expired",
    Kind.TRIGGERED: "Triggered",
}
#: What an account is told in the page as long as it has chosen nothing else.
IN_APP_AT_FIRST = frozenset({Kind.FILLED, Kind.CANCELED, Kind.EXPIRED, Kind.TRIGGERED})

BASIS_WORDS = {Basis.LAST: "last", Basis.BID: "bid", Basis.ASK: "ask", Basis.MID: "mid"}
#: How long an alert that fires again rests first, in seconds, with the words for it.
PAUSES: dict[int, str] = {300: "5 minutes", 3600: "1 hour", 86_400: "1 day"}
#: How long an alert may wait at most, in seconds, with the words for it; 0 is for ever.
LIVES: dict[int, str] = {0: "Until it fires", 86_400: "1 day", 7 * 86_400: "1 week", 30 * 86_400: "30 days"}

#: Alerts of an account that are watched or may be turned on again: the number of its slots.
SLOTS = 100
ORDER_ALERTS_MAX = 100
NOTE_LENGTH_MAX = 140
