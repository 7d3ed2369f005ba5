"""Instruments and assets as plain values."""

from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from apps.core.enums import TradingState
from apps.instruments.selectors import (
    AssetNotFoundError,
    InstrumentNotFoundError,
    assets_by_id,
    get_asset,
    get_instrument,
    grid_of,
    instruments_by_id,
    list_assets,
    list_instruments,
)
from tests.marketdata.cast import make_instrument

pytestmark = pytest.mark.django_db


def test_an_instrument_is_found_by_its_exact_symbol() -> None:
    make_instrument("BTC-USD", tick_size="0.01", lot_size="0.0001")
    found = get_instrument("BTC-USD")
    assert (found.base.code, found.quote.code, found.tick_size) == ("BTC", "USD", Decimal("0.01"))
    with pytest.raises(InstrumentNotFoundError, match="btc-usd"):
        get_instrument("btc-usd")


def test_its_grid_converts_exactly() -> None:
    grid = grid_of(make_instrument("BTC-USD", tick_size="0.01", lot_size="0.0001"))
    assert (grid.ticks(Decimal("64250.01")), grid.lots(Decimal("0.0003"))) == (6_425_001, 3)


def test_all_are_listed_by_symbol_and_by_id() -> None:
    make_instrument("ZED", number=1)
    make_instrument("ABC", number=2, state=TradingState.HALTED)
    assert [(each.symbol, each.is_open) for each in list_instruments()] == [("ABC", False), ("ZED", True)]
    assert {number: each.symbol for number, each in instruments_by_id().items()} == {1: "ZED", 2: "ABC"}


def test_views_cannot_be_changed() -> None:
    found = make_instrument("ABC")
    with pytest.raises(FrozenInstanceError):
        found.symbol = "X"  # type: ignore[misc]


def test_assets_are_found_by_code() -> None:
    make_instrument("ABC")
    assert [asset.code for asset in list_assets()] == ["ABC", "USD"]
    assert assets_by_id()[1] == get_asset("USD")
    with pytest.raises(AssetNotFoundError):
        get_asset("EUR")
