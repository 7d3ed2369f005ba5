"""Alerts, ticks and records that these tests share."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.accounts.models import Account
from apps.alerts.models import PriceAlert
from apps.core.enums import Side
from apps.eventlog.codec import encode
from apps.eventlog.handler import Record
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks, TradeTick, TradeTicks
from apps.instruments.models import Instrument

T0 = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
T0_NS = int(T0.timestamp()) * 1_000_000_000
SECOND_NS = 1_000_000_000
SYMBOL = "BTC-USD"


def alert(account: Account, instrument: Instrument, price: str = "100", **more: Any) -> PriceAlert:
    """Active, once, on the last price at or above ``price``, watched from T0 on, in the lowest free slot."""
    taken = set(PriceAlert.objects.filter(account=account, slot__isnull=False).values_list("slot", flat=True))
    fields = {
        "basis": "LAST", "direction": "ABOVE", "watch_from": T0, "created_at": T0, "changed_at": T0,
        "slot": next((slot for slot in range(1, 101) if slot not in taken), 100),
    }  # fmt: skip
    return PriceAlert.objects.create(account=account, instrument=instrument, price=Decimal(price), **fields | more)


def at(seconds: float) -> int:
    """Nanoseconds since 1970 of ``seconds`` after T0."""
    return T0_NS + int(seconds * SECOND_NS)


def later(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def prints(*ticks: tuple[float, str], symbol: str = SYMBOL, source: str = "sim", epoch: int = 7) -> TradeTicks:
    """Prints of (seconds after T0, price), numbered by their place."""
    rows = [TradeTick(symbol, number, at(when), price, "1", Side.BUY) for number, (when, price) in enumerate(ticks, start=1)]
    return TradeTicks(source, epoch, rows)


def quotes(*ticks: tuple[float, str, str], symbol: str = SYMBOL, source: str = "sim", epoch: int = 7) -> QuoteTicks:
    """Quotes of (seconds after T0, bid, ask)."""
    rows = [QuoteTick(symbol, number, at(when), bid, ask, "1", "1") for number, (when, bid, ask) in enumerate(ticks, start=1)]
    return QuoteTicks(source, epoch, rows)


def record(message: QuoteTicks | TradeTicks, *, offset: int = 0, late_s: float = 0) -> Record:
    """As it is on the log, ``late_s`` after its newest tick was made."""
    topic = "marketdata.quotes" if isinstance(message, QuoteTicks) else "marketdata.trades"
    logged_ms = max(tick.at_ns for tick in message.ticks) // 1_000_000 + int(late_s * 1000)
    return Record(topic, 0, offset, SYMBOL, encode(message), logged_ms, message)
