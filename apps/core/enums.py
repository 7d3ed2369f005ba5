"""Codes that more than one app speaks. Upper case, stable for ever: they are stored, sent and documented."""

from enum import StrEnum


class Side(StrEnum):
    BUY = "BUY"
    SELL = "SELL"


class OrderType(StrEnum):
    MARKET = "MARKET"
    LIMIT = "LIMIT"


class TimeInForce(StrEnum):
    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"


class OrderStatus(StrEnum):
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
    OPEN = "OPEN"
    HALTED = "HALTED"
    CLOSED = "CLOSED"


class AccountStatus(StrEnum):
    PENDING_FUNDING = "PENDING_FUNDING"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


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
