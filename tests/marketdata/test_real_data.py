"""The same code on recorded markets. The recordings are not part of the project: without them these tests are skipped."""

import csv
import os
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from apps.core.numbers import parse_positive, plain
from apps.core.units import Grid
from apps.eventlog.schemas.marketdata import QuoteTick
from apps.marketdata.bars import SECONDS, Print, bars_of_prints
from apps.marketdata.book import SourcedQuote
from apps.marketdata.depth import CustomerLevels, HouseQuote, merge_depth

DATA = Path(os.environ.get("SAMPLE_DATA_DIR") or settings.BASE_DIR.parent / "shared" / "data")
TRADES = DATA / "binance-btcusdt-trades.csv"
QUOTES = DATA / "binance-btcusdt-quotes.csv"


def rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        pytest.skip(f"no recording at {path}: set SAMPLE_DATA_DIR to the folder that holds it")
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def written(text: str, places: str) -> str:
    """A number of the recording without the noise of the floats that it once went through, which our parser refuses."""
    return plain(Decimal(text).quantize(Decimal(places)))


def nanoseconds(text: str) -> int:
    at = datetime.fromisoformat(text)
    return int(at.timestamp()) * 10**9 + at.microsecond * 1000


def test_bars_of_recorded_trades_add_up_at_every_interval() -> None:
    prints = [
        Print(
            1,
            nanoseconds(row["timestamp"]),
            parse_positive(written(row["price"], "0.01"), "price"),
            parse_positive(written(row["quantity"], "0.000001"), "quantity"),
        )
        for row in rows(TRADES)
    ]
    bars = bars_of_prints(prints)
    for interval in SECONDS:
        mine = sorted((bar for bar in bars if bar.interval == interval), key=lambda bar: bar.start_s)
        assert sum(bar.volume for bar in mine) == sum(each.quantity for each in prints)
        assert sum(bar.trades for bar in mine) == len(prints)
        assert (mine[0].open, mine[-1].close) == (prints[0].price, prints[-1].price)
        assert max(bar.high for bar in mine) == max(each.price for each in prints)
        assert min(bar.low for bar in mine) == min(each.price for each in prints)


def test_every_recorded_quote_makes_a_book_that_is_not_crossed() -> None:
    grid = Grid.of(Decimal("0.01"), Decimal("0.000001"))
    customers = CustomerLevels(1, {grid.ticks(Decimal("39430.00")): 7}, {grid.ticks(Decimal("39450.00")): 9})
    recorded = rows(QUOTES)
    for number, row in enumerate(recorded, 1):
        tick = QuoteTick(
            "BTC-USDT",
            number,
            nanoseconds(row["timestamp"]),
            *(written(row[name], "0.01") for name in ("bid", "ask")),
            *(written(row[name], "0.000001") for name in ("bid_size", "ask_size")),
        )
        price = SourcedQuote("recorded", 1, tick).price_of(1)
        house = HouseQuote(
            grid.ticks(price.bid), grid.ticks(price.ask), grid.lots(price.bid_quantity), grid.lots(price.ask_quantity)
        )
        bids, asks = merge_depth(customers, house, 5)
        assert bids[0][0] < asks[0][0]
        assert bids[0][0] >= max(customers.bids)
        assert asks[0][0] <= min(customers.asks)
    assert len(recorded) > 400
