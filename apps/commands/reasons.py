"""Why something was not done: stable codes, each with one plain sentence that a customer can read."""

from enum import StrEnum

from apps.core.sentences import ORDERS_PAUSED, STALE_PRICE


class Reason(StrEnum):
    """Codes are stored with orders and sent over every door; a code is never reused for another meaning."""

    # Bad input: nothing is stored, the same id may be used again.
    INVALID_NUMBER = "INVALID_NUMBER"
    INVALID_FIELD = "INVALID_FIELD"
    UNKNOWN_SYMBOL = "UNKNOWN_SYMBOL"
    UNKNOWN_ACCOUNT = "UNKNOWN_ACCOUNT"
    UNKNOWN_ORDER = "UNKNOWN_ORDER"
    UNKNOWN_ASSET = "UNKNOWN_ASSET"
    NOT_ALLOWED = "NOT_ALLOWED"
    NEEDS_APPROVAL = "NEEDS_APPROVAL"
    ID_REUSED = "ID_REUSED"
    # Not the order's fault: nothing is stored, the same id may be used again.
    ORDERS_PAUSED = "ORDERS_PAUSED"
    # Denied by a risk check: stored, final.
    ACCOUNT_NOT_ACTIVE = "ACCOUNT_NOT_ACTIVE"
    INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
    INSUFFICIENT_POSITION = "INSUFFICIENT_POSITION"
    STALE_PRICE = "STALE_PRICE"
    PRICE_COLLAR = "PRICE_COLLAR"
    MAX_QUANTITY = "MAX_QUANTITY"
    MAX_NOTIONAL = "MAX_NOTIONAL"
    TOO_MANY_OPEN_ORDERS = "TOO_MANY_OPEN_ORDERS"
    DEPOSIT_LIMIT = "DEPOSIT_LIMIT"
    NOTHING_TO_CLOSE = "NOTHING_TO_CLOSE"
    REDUCE_ONLY_WOULD_INCREASE = "REDUCE_ONLY_WOULD_INCREASE"
    QUANTITY_BELOW_FILLED = "QUANTITY_BELOW_FILLED"
    QUANTITY_ABOVE_ENTRY = "QUANTITY_ABOVE_ENTRY"
    # Rejected by a rule of the venue: stored, final.
    INSTRUMENT_HALTED = "INSTRUMENT_HALTED"
    INSTRUMENT_CLOSED = "INSTRUMENT_CLOSED"
    NO_LIQUIDITY = "NO_LIQUIDITY"
    FOK_NOT_FILLABLE = "FOK_NOT_FILLABLE"
    ORDER_NOT_OPEN = "ORDER_NOT_OPEN"
    SELF_TRADE = "SELF_TRADE"
    OPEN_ORDERS_EXIST = "OPEN_ORDERS_EXIST"
    TRIGGER_REACHED = "TRIGGER_REACHED"
    POST_ONLY_WOULD_TRADE = "POST_ONLY_WOULD_TRADE"
    NOT_OPEN_YET = "NOT_OPEN_YET"
    VENUE_KILLED = "VENUE_KILLED"
    EXPIRES_TOO_SOON = "EXPIRES_TOO_SOON"
    NO_SESSION = "NO_SESSION"
    NEVER_RECEIVED = "NEVER_RECEIVED"
    # Why an order that was accepted became smaller, or ended unfilled.
    CANCELED_BY_CUSTOMER = "CANCELED_BY_CUSTOMER"
    CANCELED_BY_ADMIN = "CANCELED_BY_ADMIN"
    UNFILLED_REMAINDER = "UNFILLED_REMAINDER"
    LINKED_ORDER_FILLED = "LINKED_ORDER_FILLED"
    LINKED_ORDER_TRIGGERED = "LINKED_ORDER_TRIGGERED"
    LINKED_ORDER_ENDED = "LINKED_ORDER_ENDED"
    LINKED_ORDER_AMENDED = "LINKED_ORDER_AMENDED"
    ENTRY_FILLED = "ENTRY_FILLED"
    SELF_TRADE_PREVENTED = "SELF_TRADE_PREVENTED"
    CANCELED_BY_DEAD_MANS_SWITCH = "CANCELED_BY_DEAD_MANS_SWITCH"
    CANCELED_BY_KILL_SWITCH = "CANCELED_BY_KILL_SWITCH"
    POSITION_CLOSED = "POSITION_CLOSED"
    # Why it expired.
    EXPIRED_AT_ITS_TIME = "EXPIRED_AT_ITS_TIME"
    EXPIRED_WITH_THE_SESSION = "EXPIRED_WITH_THE_SESSION"
    # Not decided: nothing is stored, ask again with the same id.
    UNAVAILABLE = "UNAVAILABLE"
    TOO_FAST = "TOO_FAST"


SENTENCES: dict[Reason, str] = {
    Reason.INVALID_NUMBER: "A number could not be read.",
    Reason.INVALID_FIELD: "A field is missing or has a value that is not allowed.",
    Reason.UNKNOWN_SYMBOL: "There is no instrument with this symbol.",
    Reason.UNKNOWN_ACCOUNT: "There is no such account.",
    Reason.UNKNOWN_ORDER: "There is no such order.",
    Reason.UNKNOWN_ASSET: "There is no such asset.",
    Reason.NOT_ALLOWED: "You may not do this.",
    Reason.NEEDS_APPROVAL: "A second person has to approve this first.",
    Reason.ID_REUSED: "This id was already used for something else; open a new ticket.",
    Reason.ORDERS_PAUSED: ORDERS_PAUSED,
    Reason.ACCOUNT_NOT_ACTIVE: "This account cannot trade at the moment.",
    Reason.INSUFFICIENT_FUNDS: "There is not enough money available for this order and its fee.",
    Reason.INSUFFICIENT_POSITION: "There is not enough of this instrument available to sell.",
    Reason.STALE_PRICE: STALE_PRICE,
    Reason.PRICE_COLLAR: "The price is too far from the market.",
    Reason.MAX_QUANTITY: "The quantity is larger than one order may be; use several smaller ones.",
    Reason.MAX_NOTIONAL: "The value is larger than one order may be; use several smaller ones.",
    Reason.TOO_MANY_OPEN_ORDERS: "There are too many open orders on this account.",
    Reason.DEPOSIT_LIMIT: "This is more than may be deposited.",
    Reason.INSTRUMENT_HALTED: "Trading in this instrument is halted.",
    Reason.INSTRUMENT_CLOSED: "This instrument is not open for trading.",
    Reason.NO_LIQUIDITY: "Nobody is on the other side at this price.",
    Reason.FOK_NOT_FILLABLE: "The whole quantity could not be filled at once, so nothing was.",
    Reason.ORDER_NOT_OPEN: "This order is no longer open.",
    Reason.SELF_TRADE: "This order would have traded with another order of the same account.",
    Reason.OPEN_ORDERS_EXIST: "This can only be changed while no order is open.",
    Reason.CANCELED_BY_CUSTOMER: "Canceled at your request.",
    Reason.CANCELED_BY_ADMIN: "Canceled by Tredye.",
    Reason.UNFILLED_REMAINDER: "What could not be filled at once was canceled.",
    Reason.TRIGGER_REACHED: "The trigger price is already reached; the order would act at once.",
    Reason.POST_ONLY_WOULD_TRADE: "A post-only order may only rest, and this one would have traded at once.",
    Reason.NOTHING_TO_CLOSE: "There is nothing of this instrument that could be sold.",
    Reason.REDUCE_ONLY_WOULD_INCREASE: "A reduce-only order may only make a position smaller.",
    Reason.NOT_OPEN_YET: "Trading has not opened yet; only limit orders that would rest are taken.",
    Reason.VENUE_KILLED: "Trading is stopped everywhere; orders can only be canceled.",
    Reason.EXPIRES_TOO_SOON: "The order's last instant has already passed.",
    Reason.NO_SESSION: "No trading session is known for this instrument, so a day order has no end.",
    Reason.NEVER_RECEIVED: "Not received: nothing was done. Its id is closed, so it cannot come through later either.",
    Reason.QUANTITY_BELOW_FILLED: "The quantity cannot be smaller than what is filled already.",
    Reason.QUANTITY_ABOVE_ENTRY: "The exits of a bracket cannot sell more than its entry bought and they have not sold yet.",
    Reason.LINKED_ORDER_FILLED: "The order that it was linked to was filled.",
    Reason.LINKED_ORDER_TRIGGERED: "The order that it was linked to was triggered.",
    Reason.LINKED_ORDER_ENDED: "The order that it was linked to has ended.",
    Reason.LINKED_ORDER_AMENDED: "The quantity of the order that it is linked to was changed, and its own with it.",
    Reason.ENTRY_FILLED: "Its entry was filled further.",
    Reason.SELF_TRADE_PREVENTED: "It would have traded with another order of the same account.",
    Reason.CANCELED_BY_DEAD_MANS_SWITCH: "Canceled because the dead man's switch was not renewed in time.",
    Reason.CANCELED_BY_KILL_SWITCH: "Canceled because trading was stopped by Tredye.",
    Reason.POSITION_CLOSED: "Canceled because the position was closed.",
    Reason.EXPIRED_AT_ITS_TIME: "The order's last instant has passed.",
    Reason.EXPIRED_WITH_THE_SESSION: "The trading session has ended.",
    Reason.UNAVAILABLE: "Trading is paused for a moment; it is not known yet whether this was done.",
    Reason.TOO_FAST: "Too many requests at once; try again in a moment.",
}

#: When each code is given, for the documents: every code is in one group.
GROUPS: dict[str, tuple[Reason, ...]] = {
    "Refused: bad input. Nothing is stored, and the same id may be used again.": (
        Reason.INVALID_NUMBER,
        Reason.INVALID_FIELD,
        Reason.UNKNOWN_SYMBOL,
        Reason.UNKNOWN_ACCOUNT,
        Reason.UNKNOWN_ORDER,
        Reason.UNKNOWN_ASSET,
        Reason.NOT_ALLOWED,
        Reason.NEEDS_APPROVAL,
        Reason.ID_REUSED,
    ),
    "Refused: no room to record it. Nothing is stored, and the same id may be used again.": (Reason.ORDERS_PAUSED,),
    "Denied: a risk check said no. Stored, and final.": (
        Reason.ACCOUNT_NOT_ACTIVE,
        Reason.INSUFFICIENT_FUNDS,
        Reason.INSUFFICIENT_POSITION,
        Reason.STALE_PRICE,
        Reason.PRICE_COLLAR,
        Reason.MAX_QUANTITY,
        Reason.MAX_NOTIONAL,
        Reason.TOO_MANY_OPEN_ORDERS,
        Reason.DEPOSIT_LIMIT,
        Reason.NOTHING_TO_CLOSE,
        Reason.REDUCE_ONLY_WOULD_INCREASE,
        Reason.QUANTITY_BELOW_FILLED,
        Reason.QUANTITY_ABOVE_ENTRY,
    ),
    "Rejected: a rule of the venue said no. Stored, and final.": (
        Reason.INSTRUMENT_HALTED,
        Reason.INSTRUMENT_CLOSED,
        Reason.NOT_OPEN_YET,
        Reason.VENUE_KILLED,
        Reason.TRIGGER_REACHED,
        Reason.POST_ONLY_WOULD_TRADE,
        Reason.FOK_NOT_FILLABLE,
        Reason.EXPIRES_TOO_SOON,
        Reason.NO_SESSION,
        Reason.ORDER_NOT_OPEN,
        Reason.OPEN_ORDERS_EXIST,
        Reason.NEVER_RECEIVED,
    ),
    "Canceled, or made smaller or larger: why an accepted order changed without its owner's wish, or with it.": (
        Reason.CANCELED_BY_CUSTOMER,
        Reason.CANCELED_BY_ADMIN,
        Reason.NO_LIQUIDITY,
        Reason.UNFILLED_REMAINDER,
        Reason.SELF_TRADE,
        Reason.SELF_TRADE_PREVENTED,
        Reason.LINKED_ORDER_FILLED,
        Reason.LINKED_ORDER_TRIGGERED,
        Reason.LINKED_ORDER_ENDED,
        Reason.LINKED_ORDER_AMENDED,
        Reason.ENTRY_FILLED,
        Reason.POSITION_CLOSED,
        Reason.CANCELED_BY_DEAD_MANS_SWITCH,
        Reason.CANCELED_BY_KILL_SWITCH,
    ),
    "Expired: its time was over.": (Reason.EXPIRED_AT_ITS_TIME, Reason.EXPIRED_WITH_THE_SESSION),
    "Not decided: nothing is stored; ask again with the same id.": (Reason.UNAVAILABLE, Reason.TOO_FAST),
}


def sentence_of(reason: str) -> str:
    """The plain sentence of a code; empty for none, the code itself for one that this version does not know: an engine of the
    next version may be at work."""
    if not reason:
        return ""
    return SENTENCES[Reason(reason)] if reason in Reason.__members__ else reason
