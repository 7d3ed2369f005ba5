"""Instruments, ticks and records that the tests of market data share."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from apps.core.enums import Side, TradingState
from apps.eventlog.codec import encode
from apps.eventlog.handler import Record
from apps.eventlog.schemas.marketdata import LevelChanged, LevelsChanged, QuoteTick, QuoteTicks, TradeTick, TradeTicks
from apps.instruments.models import Asset, Instrument
from apps.instruments.selectors import InstrumentView, get_instrument

T0_NS = 1_700_000_000_000_000_000
SECOND_NS = 1_000_000_000


def make_instrument(
    symbol: str, *, number: int = 1, tick_size: str = "0.01", lot_size: str = "1", state: TradingState = TradingState.OPEN
) -> InstrumentView:
    """``number`` is the instrument's id; ``symbol`` is BASE or BASE-USD."""
    quote, _ = Asset.objects.get_or_create(
        id=1, defaults={"code": "USD", "name": "US dollar", "asset_class": "CURRENCY", "display_decimals": 2}
    )
    base = Asset.objects.create(
        id=number + 1, code=symbol.removesuffix("-USD"), name=symbol, asset_class="STOCK", display_decimals=0
    )
    Instrument.objects.create(
        id=number,
        symbol=symbol,
        name=f"{symbol} shares",
        asset_class="STOCK",
        base=base,
        quote=quote,
        tick_size=tick_size,
        lot_size=lot_size,
        price_decimals=len(tick_size.partition(".")[2]),
        quantity_decimals=len(lot_size.partition(".")[2]),
        max_quantity="100000",
        max_notional="1000000",
        collar_bps=1000,
        maker_fee_ppm=200,
        taker_fee_ppm=500,
        ladder_step_ticks=1,
        trading_state=state,
        state_changed_at=timezone.now(),
    )
    return get_instrument(symbol)


def quotes(*ticks: QuoteTick, epoch: int = T0_NS, source: str = "sim") -> QuoteTicks:
    return QuoteTicks(source, epoch, list(ticks))


def quote(symbol: str, sequence: int, at_ns: int, bid: str, ask: str, size: str = "100") -> QuoteTick:
    return QuoteTick(symbol, sequence, at_ns, bid, ask, size, size)


def trades(*ticks: TradeTick, epoch: int = T0_NS, source: str = "sim") -> TradeTicks:
    return TradeTicks(source, epoch, list(ticks))


def trade(symbol: str, sequence: int, at_ns: int, price: str, quantity: str = "1") -> TradeTick:
    return TradeTick(symbol, sequence, at_ns, price, quantity, Side.BUY)


def levels(symbol: str, sequence: int, *changes: tuple[Side, str, str]) -> LevelsChanged:
    return LevelsChanged(symbol, 1, sequence, T0_NS, [LevelChanged(*change) for change in changes])


_TOPICS = {QuoteTicks: "marketdata.quotes", TradeTicks: "marketdata.trades", LevelsChanged: "marketdata.levels"}


def topic_of(message: Any) -> str:
    return _TOPICS[type(message)]


def records(*messages: Any) -> Sequence[Record]:
    return [Record(topic_of(message), 0, offset, "key", encode(message), 0, message) for offset, message in enumerate(messages)]
