"""Equity by day: closing balances at the day's last prices, the same however often, and deposits are no profit."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.jobs.runner import JobFailedError, run_once
from apps.marketdata.bars import BarChange
from apps.marketdata.models import QuoteFrame
from apps.marketdata.selectors import day_end_prices
from apps.marketdata.services import NewestPrice, add_to_bars, store_frames
from apps.portfolio.drawing import draw
from apps.portfolio.models import EquitySnapshot
from apps.portfolio.selectors_equity import EquityPoint, get_equity_curve, make_curve
from tests.builders import START, Venue
from tests.pages import PARTIAL, client_of

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
    assert "No curve in this range yet" in client_of(alice).get("/portfolio/").content.decode()
    venue.at += timedelta(days=1)
    venue.deposit(alice, "USD", "500")
    frame(venue, "AAPL-USD", END + timedelta(days=1, seconds=-1), "104", "104.02")
    run(DAY + timedelta(days=1))
    curve = get_equity_curve(alice.pk)
    assert curve is not None
    assert (curve.deposits, curve.earned) == (500, 40)
    assert curve.last.value == curve.first.value + curve.deposits + curve.earned
    page = client_of(alice).get("/portfolio/").content.decode()
    for shown in ("Profit and loss by day", "+40.00", "+500.00", "<polyline", "+0.38%"):
        assert shown in page, shown


# --- the curve: examples 13 and 14 of docs/money.md -------------------------------------------------------------------------


def point(number: int, value: str, deposits: str = "0") -> EquityPoint:
    return EquityPoint(DAY + timedelta(days=number), Decimal(value), Decimal(deposits))


def test_example_13_a_deposit_shows_neither_in_what_was_earned_nor_in_the_return() -> None:
    curve = make_curve([point(0, "1000"), point(1, "1100"), point(2, "2320", "1000"), point(3, "2088")])
    assert curve is not None
    assert [day.earned for day in curve.days] == [100, 220, -232]
    assert [day.total for day in curve.days] == [100, 320, 88]
    assert [day.percent for day in curve.days] == [Decimal("10.00"), Decimal("10.48"), Decimal("-10.00")]
    assert (curve.deposits, curve.earned) == (1000, 88)
    assert curve.percent == Decimal("9.37"), "1.1 x (1 + 220 / 2100) x 0.9 - 1"


def test_example_14_what_is_paid_out_was_there_all_day() -> None:
    curve = make_curve([point(0, "1000"), point(1, "110", "-990")])
    assert curve is not None
    assert (curve.earned, curve.percent) == (100, Decimal("10.00"))


def test_nothing_to_earn_with_is_no_return() -> None:
    curve = make_curve([point(0, "0"), point(1, "0"), point(2, "99", "100")])
    assert curve is not None
    assert (curve.earned, curve.percent) == (-1, Decimal("-1.00"))


UNITS = st.integers(-(10**14), 10**14).map(lambda number: Decimal(number).scaleb(-8))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(UNITS, UNITS), min_size=2, max_size=40))
def test_the_value_is_what_was_there_and_paid_and_earned(pairs: list[tuple[Decimal, Decimal]]) -> None:
    points = [EquityPoint(DAY + timedelta(days=n), value, deposits) for n, (value, deposits) in enumerate(pairs)]
    curve = make_curve(points)
    assert curve is not None
    assert curve.last.value == curve.first.value + curve.deposits + curve.earned
    assert sum((day.earned for day in curve.days), Decimal(0)) == curve.earned
    drawing = draw(curve)
    assert all(0 <= int(y) <= drawing.height for _, y in (pair.split(",") for pair in drawing.line.split()))
    assert drawing.low <= 0 <= drawing.high and sum(band.width for band in drawing.bands) == drawing.width


def test_a_day_without_a_price_is_left_out_and_its_deposits_are_not(alice: Any) -> None:
    for number, (value, deposits, missing) in enumerate((("100", "0", ""), ("60", "50", "AAPL"), ("161", "0", ""))):
        day = DAY + timedelta(days=number)
        EquitySnapshot.objects.create(
            account_id=alice.pk, day=day, value=value, deposits=deposits, missing=missing, taken_at=END
        )
    curve = get_equity_curve(alice.pk)
    assert curve is not None
    assert ([day.day for day in curve.days], curve.earned, curve.deposits) == ([DAY + timedelta(days=2)], 11, 50)
    assert (curve.left_out, curve.missing) == ((DAY + timedelta(days=1),), ("AAPL",))
    assert "Left out for want of a price of AAPL: 1 day" in client_of(alice).get("/portfolio/").content.decode()


def test_the_range_is_in_the_address(alice: Any) -> None:
    """It is the 25th: a week goes back to the end of the 17th."""
    for number in range(200):
        day = date(2026, 11, 24) - timedelta(days=number)
        EquitySnapshot.objects.create(account_id=alice.pk, day=day, value=1000 - number, deposits=0, taken_at=END)
    for text, count in (("1w", 7), ("1m", 30), ("3m", 91), ("all", 199), ("", 91), ("nonsense", 91)):
        response = client_of(alice).get(f"/portfolio/?range={text}", headers=PARTIAL)
        assert len(response.context["equity"].days) == count, text
        assert len(response.context["newest_days"]) == min(count, 31)
        assert f'hx-get="/portfolio/?range={text}"' in response.content.decode()
