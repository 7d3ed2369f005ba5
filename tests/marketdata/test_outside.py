"""Numbers, times and columns of other people's files."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.core.enums import Side
from apps.core.numbers import NumberFormatError
from apps.core.units import Grid
from apps.marketdata.feeds.columns import ColumnError, is_header, map_columns, read_columns
from apps.marketdata.feeds.outside import TimeFormatError, quote_tick, read_number, read_time, trade_tick

NS = 10**9
AT = 1_610_064_001_076_000_000  # 2021-01-08 00:00:01.076 UTC
GRID = Grid.of(Decimal("0.01"), Decimal("0.0001"))


@pytest.mark.parametrize(
    "value",
    [
        "2021-01-08 00:00:01.076+00:00", "2021-01-08T01:00:01.076+01:00", "2021-01-08T00:00:01.076Z", "20210108 000001076",
        "1610064001.076", "1610064001076", 1610064001076, "1610064001076000", str(AT), AT,
        datetime(2021, 1, 8, 0, 0, 1, 76_000, tzinfo=UTC), datetime(2021, 1, 8, 0, 0, 1, 76_000),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_an_instant_is_read_however_it_is_written(value: Any) -> None:
    assert read_time(value) == AT


@pytest.mark.parametrize("value", ["", None, "yesterday", "20219999 000001076", -5, "0", True, "9" * 20, "1" * 90, "1900-01-01"])
def test_what_is_no_instant_is_said(value: Any) -> None:
    with pytest.raises(TimeFormatError, match="time must"):
        read_time(value)


@pytest.mark.parametrize(
    ("value", "units"),
    [
        ("39432.48", 3_943_248_000_000), ("0.00031099999999999997", 31_100), (1e-05, 1_000), (2.0, 200_000_000),
        ("5.", 500_000_000), (Decimal("1.12"), 112_000_000), (7, 700_000_000), ("1e3", 100_000_000_000), ("0", 0),
        (" 1 ", 100_000_000),
    ],
)  # fmt: skip
def test_a_number_is_read_without_the_noise_of_floats(value: Any, units: int) -> None:
    assert read_number(value, "price") == units


@pytest.mark.parametrize(
    "value", ["", None, "NaN", "inf", float("nan"), "-1", "1_0", "１２", "1e99", "1" * 13, "0x1", True, "1e1000000"]
)
def test_what_is_no_number_is_said(value: Any) -> None:
    with pytest.raises(NumberFormatError):
        read_number(value, "price")


def test_a_quote_off_our_steps_is_rounded_away_from_the_market() -> None:
    tick = quote_tick(GRID, "BTC-USD", 3, 4, (read_number("100.019", "bid"), read_number("100.021", "ask")), (12_345, 1))
    assert (tick.bid, tick.ask, tick.bid_quantity, tick.ask_quantity) == ("100.01", "100.03", "0.0001", "0.0001")
    tick = quote_tick(GRID, "BTC-USD", 3, 4, (read_number("100.01", "bid"), read_number("100.02", "ask")), (None, 0))
    assert (tick.bid, tick.ask, tick.bid_quantity, tick.ask_quantity) == ("100.01", "100.02", "0.01", "0")


@pytest.mark.parametrize(("bid", "ask"), [("100.015", "100.015"), ("100.02", "100.015"), ("100.016", "100.015")])
def test_rounding_makes_no_market_of_a_locked_or_crossed_quote(bid: str, ask: str) -> None:
    tick = quote_tick(GRID, "BTC-USD", 3, 4, (read_number(bid, "bid"), read_number(ask, "ask")), (None, None))
    assert Decimal(tick.bid) >= Decimal(tick.ask)


def test_a_print_takes_the_nearest_tick_and_a_whole_lot() -> None:
    tick = trade_tick(GRID, "BTC-USD", 1, 2, read_number("100.015", "price"), read_number("0.00031099", "quantity"), Side.SELL)
    assert (tick.price, tick.quantity, tick.aggressor_side) == ("100.02", "0.0003", Side.SELL)


# --- Columns -----------------------------------------------------------------------------------------------------------------


def test_columns_are_found_by_their_names_and_a_quote_needs_no_price() -> None:
    header = ["", "timestamp", "symbol", "ask_size", "ask", "bid_size", "bid", "price"]
    columns = map_columns(header, ["0"] * 8, {})
    assert columns.positions == {"time": 1, "symbol": 2, "bid": 6, "ask": 4, "bid_quantity": 5, "ask_quantity": 3}
    assert columns.is_quotes


def test_columns_are_named_by_hand_by_name_or_position() -> None:
    columns = map_columns(["when", "b", "c"], ["1", "2", "3"], read_columns("time=when,price=1"))
    assert columns.positions == {"time": 0, "price": 1}
    assert map_columns(None, ["1", "2", "3"], read_columns("time=0,bid=1,ask=2")).is_quotes


def test_a_file_of_four_columns_without_names_is_known_by_its_look() -> None:
    first = ["20200101 170000065", "1.121200", "1.121720", "0"]
    assert not is_header(first)
    assert map_columns(None, first, {}).positions == {"time": 0, "bid": 1, "ask": 2}


@pytest.mark.parametrize(
    ("header", "given", "message"),
    [
        (None, "", "say which is which"),
        (["time", "bid"], "", "needs a time, and bid and ask or a price; found time, bid"),
        (["a", "b"], "time=z", "there is no column 'z' for time; there are 'a', 'b'"),
        (["a", "b"], "time=7", "there is no column '7'"),
        (["a", "b", "c"], "time=0,bid=0,ask=1", "one column is named for two things"),
    ],
)
def test_columns_that_cannot_be_told_are_said(header: list[str] | None, given: str, message: str) -> None:
    with pytest.raises(ColumnError, match=message):
        map_columns(header, ["x"] * 3, read_columns(given))


@pytest.mark.parametrize("text", ["colour=1", "time", "time=", "time=1,time=2"])
def test_a_map_of_columns_that_is_none_is_said(text: str) -> None:
    with pytest.raises(ColumnError):
        read_columns(text)


@pytest.mark.parametrize(
    ("name", "value", "falling", "side"),
    [
        ("buyer_maker", "True", False, Side.SELL), ("buyer_maker", False, True, Side.BUY), ("side", "SELL", False, Side.SELL),
        ("side", "b", True, Side.BUY), ("note", "", True, Side.SELL), ("note", "", False, Side.BUY),
    ],
)  # fmt: skip
def test_who_took_is_told_or_guessed_from_the_price(name: str, value: Any, falling: bool, side: Side) -> None:
    row = ["1", "2", value]
    assert map_columns(["time", "price", name], row, {}).side(row, falling) is side


def test_a_word_that_is_no_side_is_said() -> None:
    columns = map_columns(["time", "price", "side"], ["1", "2", "up"], {})
    with pytest.raises(ValueError, match="side must be buy or sell, was 'up'"):
        columns.side(["1", "2", "up"], False)
