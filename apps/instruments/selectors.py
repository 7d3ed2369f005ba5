"""Instruments and assets as plain values."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.core.enums import TradingState
from apps.instruments.models import Asset, Instrument


class InstrumentNotFoundError(LookupError):
    """There is no instrument with this symbol."""


@dataclass(frozen=True, slots=True)
class AssetView:
    id: int
    code: str
    name: str
    asset_class: str
    display_decimals: int


@dataclass(frozen=True, slots=True)
class InstrumentView:
    """Fees are in millionths of the notional, the collar in basis points of the reference."""

    id: int
    symbol: str
    name: str
    asset_class: str
    base: AssetView
    quote: AssetView
    tick_size: Decimal
    lot_size: Decimal
    price_decimals: int
    quantity_decimals: int
    trading_state: TradingState
    state_reason: str
    state_changed_at: datetime
    max_quantity: Decimal
    max_notional: Decimal
    collar_bps: int
    maker_fee_ppm: int
    taker_fee_ppm: int

    @property
    def is_open(self) -> bool:
        return self.trading_state is TradingState.OPEN


def assets_by_id() -> dict[int, AssetView]:
    return {row.pk: _asset(row) for row in Asset.objects.order_by("id")}


def instruments_by_id() -> dict[int, InstrumentView]:
    return {row.pk: _view(row) for row in Instrument.objects.select_related("base", "quote").order_by("id")}


def list_instruments() -> tuple[InstrumentView, ...]:
    """Every instrument, by symbol."""
    return tuple(_view(row) for row in Instrument.objects.select_related("base", "quote").order_by("symbol"))


def get_instrument(symbol: str) -> InstrumentView:
    """Return the instrument, by its exact symbol; raises :class:`InstrumentNotFoundError`."""
    row = Instrument.objects.select_related("base", "quote").filter(symbol=symbol).first()
    if row is None:
        raise InstrumentNotFoundError(f"no instrument {symbol[:32]!r}")
    return _view(row)


def _asset(row: Asset) -> AssetView:
    return AssetView(row.pk, row.code, row.name, row.asset_class, row.display_decimals)


def _view(row: Instrument) -> InstrumentView:
    return InstrumentView(
        id=row.pk,
        symbol=row.symbol,
        name=row.name,
        asset_class=row.asset_class,
        base=_asset(row.base),
        quote=_asset(row.quote),
        tick_size=row.tick_size,
        lot_size=row.lot_size,
        price_decimals=row.price_decimals,
        quantity_decimals=row.quantity_decimals,
        trading_state=TradingState(row.trading_state),
        state_reason=row.state_reason,
        state_changed_at=row.state_changed_at,
        max_quantity=row.max_quantity,
        max_notional=row.max_notional,
        collar_bps=row.collar_bps,
        maker_fee_ppm=row.maker_fee_ppm,
        taker_fee_ppm=row.taker_fee_ppm,
    )
