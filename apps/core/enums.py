"""Codes that more than one app speaks. Upper case, stable for ever: they are stored, sent and documented."""

from enum import StrEnum


class Side(StrEnum):
    BUY = "BUY"
    SELL = "SELL"


class OrderType(StrEnum):
    """The last four wait outside the book until the reference reaches their trigger; see ``docs/orders.md``."""

    MARKET = "MARKET"
    LIMIT = "LIMIT"
    STOP = "STOP"  # then a market order
    STOP_LIMIT = "STOP_LIMIT"  # then a limit order
    TRAILING_STOP = "TRAILING_STOP"  # a stop whose trigger follows the market at a distance
    TAKE_PROFIT = "TAKE_PROFIT"  # a market order at a better price than now


class TimeInForce(StrEnum):
    GTC = "GTC"
    DAY = "DAY"  # until the instrument's session ends
    GTD = "GTD"  # until an instant
    IOC = "IOC"
    FOK = "FOK"


class OrderStatus(StrEnum):
    WAITING = "WAITING"  # for its trigger: not in the book
    ACCEPTED = "ACCEPTED"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"
    DENIED = "DENIED"
    REJECTED = "REJECTED"


class LiquiditySide(StrEnum):
    MAKER = "MAKER"
    TAKER = "TAKER"


class TradingState(StrEnum):
    PRE_OPEN = "PRE_OPEN"
    OPEN = "OPEN"
    HALTED = "HALTED"
    CLOSED = "CLOSED"


class AccountStatus(StrEnum):
    PENDING_FUNDING = "PENDING_FUNDING"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


class SelfTradePrevention(StrEnum):
    """What happens when an order of an account would trade with another of the same account."""

    CANCEL_NEWEST = "CANCEL_NEWEST"  # what is left of the incoming order
    CANCEL_OLDEST = "CANCEL_OLDEST"  # the resting order; the incoming one goes on
    CANCEL_BOTH = "CANCEL_BOTH"
    DECREMENT = "DECREMENT"  # both become smaller by what they would have traded; what is then nothing is canceled


class AssetClass(StrEnum):
    STOCK = "STOCK"
    FX = "FX"
    CRYPTO = "CRYPTO"


class Role(StrEnum):
    CUSTOMER = "CUSTOMER"
    SUPPORT = "SUPPORT"
    ADMIN = "ADMIN"
    SYSTEM = "SYSTEM"


class Source(StrEnum):
    """Where a print came from: the feed's market, or Tredye's own book."""

    FEED = "FEED"
    BOOK = "BOOK"
