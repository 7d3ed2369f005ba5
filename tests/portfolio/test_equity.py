"""Equity by day: closing balances at the day's last prices, the same however often, and deposits are no profit."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.jobs.runner import JobFailedError, run_once
from apps.marketdata.bars import BarChange
from apps.marketdata.models import QuoteFrame
from apps.marketdata.selectors import day_end_prices
from apps.marketdata.services import NewestPrice, add_to_bars, store_frames
from apps.portfolio.models import EquitySnapshot
from apps.portfolio.selectors_equity import get_equity_curve
from tests.builders import START, Venue
from tests.pages import client_of

DAY = START.date()
END = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture(autouse=True)
def later(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 25, 12, tzinfo=UTC))


@pytest.fixture
def alice(venue: Venue):
    return venue.customer("alice@example.com", funded="10000")


def frame(venue: Venue, symbol: str, at: datetime, bid: str, ask: str) -> None:
    at_ns = int(at.timestamp()) * 10**9
    sizes = (Decimal(1), Decimal(1))
    store_frames([NewestPrice(venue.instrument(symbol).pk, "sim", 1, at_ns, Decimal(bid), Decimal(ask), *sizes, at_ns)])


def run(day: Any, **options: Any) -> dict[str, object]:
    run_once("statements", day)
    ran = run_once("equity", day, **options)
    assert ran.run is not None
    return ran.run.result


def test_every_balance_is_valued_at_the_last_mid_of_the_day(venue: Venue, alice: Any) -> None:
    venue.bought(alice, "AAPL-USD", "10", "100")
    frame(venue, "AAPL-USD", END - timedelta(seconds=2), "1", "3")
    frame(venue, "AAPL-USD", END - timedelta(seconds=1), "109", "111")
    frame(venue, "AAPL-USD", END, "500", "501")
    assert run(DAY) == {"accounts": 1, "written": 1, "incomplete": 0, "prices": 1}
    row = EquitySnapshot.objects.get()
    assert (row.account_id, row.day, row.value, row.deposits, row.missing) == (alice.pk, DAY, 10000 - 1001 + 1100, 10000, "")


def test_another_run_finds_the_same_figure(venue: Venue, alice: Any) -> None:
    venue.bought(alice, "AAPL-USD", "10", "100")
    frame(venue, "AAPL-USD", END - timedelta(seconds=1), "109", "111")
    run(DAY)
    before = list(EquitySnapshot.objects.values())
    QuoteFrame.objects.all().delete()
    frame(venue, "AAPL-USD", END - timedelta(seconds=1), "1", "2")
    assert run(DAY, again=True)["written"] == 0
    assert list(EquitySnapshot.objects.values()) == before


def test_a_price_that_is_missing_is_named_and_not_zero_and_may_come_later(venue: Venue, alice: Any) -> None:
    venue.bought(alice, "AAPL-USD", "10", "100")
    assert run(DAY)["incomplete"] == 1
    row = EquitySnapshot.objects.get()
    assert (row.value, row.missing) == (8999, "AAPL")
    frame(venue, "AAPL-USD", END - timedelta(seconds=1), "99", "101")
    assert run(DAY, again=True) == {"accounts": 1, "written": 1, "incomplete": 0, "prices": 1}
    row.refresh_from_db()
    assert (row.value, row.missing) == (9999, "")


def test_without_a_frame_the_last_bar_tells_and_nothing_older_than_a_week(venue: Venue) -> None:
    ids = [venue.instrument(symbol).pk for symbol in ("AAPL-USD", "BTC-USD", "EUR-USD")]
    end_s = int(END.timestamp())
    for number, (start_s, close) in enumerate(((end_s - 60, "10"), (end_s - 8 * 86400, "20"), (end_s, "30"))):
        price = Decimal(close)
        add_to_bars([BarChange(ids[number], "1m", start_s, price, price, price, price, Decimal(1), 1)])
    frame(venue, "BTC-USD", END - timedelta(days=6), "19", "21")
    prices = day_end_prices(ids, END)
    assert {key: (price.bid, price.ask) for key, price in prices.items()} == {ids[0]: (10, 10), ids[1]: (19, 21)}


def test_statements_come_first(venue: Venue, alice: Any) -> None:
    with pytest.raises(JobFailedError, match=f"run_job statements --date {DAY}"):
        run_once("equity", DAY)


def test_what_is_paid_in_is_not_earned(venue: Venue, alice: Any) -> None:
    venue.bought(alice, "AAPL-USD", "10", "100")
    frame(venue, "AAPL-USD", END - timedelta(seconds=1), "100", "100.02")
    run(DAY)
    assert get_equity_curve(alice.pk) is None, "one day is no curve"
    assert "Equity by day" not in client_of(alice).get("/portfolio/").content.decode()
    venue.at += timedelta(days=1)
    venue.deposit(alice, "USD", "500")
    frame(venue, "AAPL-USD", END + timedelta(days=1, seconds=-1), "104", "104.02")
    run(DAY + timedelta(days=1))
    curve = get_equity_curve(alice.pk)
    assert curve is not None
    assert (curve.deposits, curve.earned) == (500, 40)
    assert curve.last.value == curve.first.value + curve.deposits + curve.earned
    page = client_of(alice).get("/portfolio/").content.decode()
    assert "Equity by day" in page and "+40.00" in page and "+500.00" in page and "<polyline" in page
