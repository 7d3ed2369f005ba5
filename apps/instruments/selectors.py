"""Instruments and assets as plain values."""

from dataclasses import dataclass
from decimal import Decimal

from apps.core.enums import TradingState
from apps.instruments.models import Asset, Instrument


@dataclass(frozen=True, slots=True)
class AssetView:
    id: int
    code: str
    name: str
    asset_class: str
    display_decimals: int


@dataclass(frozen=True, slots=True)
class InstrumentView:
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


def assets_by_id() -> dict[int, AssetView]:
    return {row.pk: _asset(row) for row in Asset.objects.order_by("id")}


def instruments_by_id() -> dict[int, InstrumentView]:
    return {row.pk: _view(row) for row in Instrument.objects.select_related("base", "quote").order_by("id")}


def _asset(row: Asset) -> AssetView:
    return AssetView(row.pk, row.code, row.name, row.asset_class, row.display_decimals)


def _view(row: Instrument) -> InstrumentView:
    return InstrumentView(
        row.pk, row.symbol, row.name, row.asset_class, _asset(row.base), _asset(row.quote), row.tick_size, row.lot_size,
        row.price_decimals, row.quantity_decimals, TradingState(row.trading_state),
    )
