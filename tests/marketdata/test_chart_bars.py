"""Bars of intervals that are not stored: folded from stored ones, the same whoever folds them."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from apps.marketdata.bars import SECONDS, BarChange, Print, bars_of_prints
from apps.marketdata.intervals import INTERVALS, Interval
from apps.marketdata.selectors import BarView
from apps.marketdata.selectors_bars import list_chart_bars
from apps.marketdata.services import add_to_bars
from tests.marketdata.cast import make_instrument

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, 0, 7, tzinfo=UTC)
NOW_S = int(NOW.timestamp())
MADE = [interval for interval in INTERVALS.values() if not interval.is_stored]


def trade_for(hours: float, apart_s: int) -> list[Print]:
    """Prints of instrument 1 at random moments of the last ``hours``, with pauses: not every bar exists."""
    generator = random.Random(11)
    first, prints, at = NOW_S - round(hours * 3600), [], 0
    while True:
        at += generator.randint(1, 2 * apart_s) if generator.random() < 0.97 else generator.randint(apart_s, 40 * apart_s)
        if first + at > NOW_S:
            return prints
        price = Decimal(generator.randint(9_000, 11_000)) / 100
        prints.append(Print(1, (first + at) * 1_000_000_000, price, Decimal(generator.randint(1, 50))))


def folded(prints: list[Print], interval: Interval) -> list[BarView]:
    """What the bars of ``interval`` must be, straight from the prints."""
    found: dict[int, list[Print]] = {}
    for each in prints:
        found.setdefault(each.at_ns // 10**9 // interval.seconds * interval.seconds, []).append(each)
    return [
        BarView(
            datetime.fromtimestamp(start, UTC), group[0].price, max(each.price for each in group),
            min(each.price for each in group), group[-1].price, sum((each.quantity for each in group), Decimal(0)), len(group),
        )
        for start, group in sorted(found.items())
    ]  # fmt: skip


def listed(interval: Interval, limit: int = 1000, before: datetime | None = None) -> list[BarView]:
    return list(list_chart_bars(1, interval, limit, before, now=NOW).bars)


def test_every_interval_is_made_of_whole_stored_ones() -> None:
    for interval in INTERVALS.values():
        assert interval.base in SECONDS
        assert interval.seconds == interval.parts * SECONDS[interval.base]
        assert 86_400 % interval.seconds == 0
    assert {interval.code for interval in INTERVALS.values() if interval.is_stored} == set(SECONDS)


@pytest.mark.parametrize("interval", MADE, ids=lambda interval: interval.code)
def test_made_bars_are_those_of_their_prints(interval: Interval) -> None:
    prints = trade_for(interval.seconds * 400 / 3600, interval.seconds // 4)
    add_to_bars(bars_of_prints(prints))
    wanted = folded(prints, interval)
    assert len(wanted) > 100
    assert listed(interval) == wanted[-1000:]


@pytest.mark.parametrize("interval", MADE, ids=lambda interval: interval.code)
def test_pages_join_without_a_hole_and_without_a_repeat(interval: Interval) -> None:
    prints = trade_for(interval.seconds * 60 / 3600, max(1, interval.seconds // 4))
    add_to_bars(bars_of_prints(prints))
    pages: list[BarView] = []
    before = None
    while page := listed(interval, 7, before):
        pages = page + pages
        before = page[0].start
    assert pages == folded(prints, interval)


def test_a_bar_that_starts_before_is_told_whole() -> None:
    prints = trade_for(3, 60)
    add_to_bars(bars_of_prints(prints))
    interval = INTERVALS["15m"]
    within = datetime(2026, 11, 20, 11, 20, tzinfo=UTC)
    wanted = [bar for bar in folded(prints, interval) if bar.start < within]
    assert listed(interval, 3, within) == wanted[-3:]


@pytest.mark.parametrize("interval", MADE, ids=lambda interval: interval.code)
def test_the_parts_fold_to_the_newest_bar(interval: Interval) -> None:
    prints = trade_for(interval.seconds * 6 / 3600, max(1, interval.seconds // 20))
    add_to_bars(bars_of_prints(prints))
    found = list_chart_bars(1, interval, 3, None, now=NOW)
    newest, parts = found.bars[-1], found.parts
    assert 1 <= len(parts) <= interval.parts
    assert (newest.open, newest.close) == (parts[0].open, parts[-1].close)
    assert newest.volume == sum(part.volume for part in parts)
    assert all(newest.start <= part.start < newest.start + timedelta(seconds=interval.seconds) for part in parts)


def test_seconds_that_may_be_gone_make_no_bar() -> None:
    one = Decimal(1)
    day_ago = NOW_S - 86_400  # 12:00:07: its quarter minute began at :00 and may have lost seven seconds already
    add_to_bars([BarChange(1, "1s", day_ago + second, one, one, one, one, one, 1) for second in range(-20, 40)])
    assert [int(bar.start.timestamp()) - day_ago for bar in listed(INTERVALS["15s"])] == [8, 23, 38]


def test_the_chart_is_told_the_base_and_the_parts(client: Client) -> None:
    instrument = make_instrument("ACME")
    values = [Decimal(text) for text in ("10.50", "11", "10", "10.75", "300")]
    add_to_bars([BarChange(instrument.id, "5m", 300 * place, *values, 4) for place in range(2, 5)])
    body = client.get("/markets/ACME/bars?interval=15m").json()
    assert body["base"] == "5m"
    assert body["bars"] == [[0, "10.5", "11", "10", "10.75", "300"], [900, "10.5", "11", "10", "10.75", "600"]]
    assert body["parts"] == [[900, "10.5", "11", "10", "10.75", "300"], [1200, "10.5", "11", "10", "10.75", "300"]]
    assert client.get("/markets/ACME/bars?interval=15m&before=900").json()["parts"] == []


def test_one_question_reads_a_bounded_number_of_stored_bars(client: Client) -> None:
    make_instrument("ACME")
    assert client.get("/markets/ACME/bars?interval=15s&limit=1000").status_code == 200
    assert "limit must be at most 1000" in client.get("/markets/ACME/bars?interval=15s&limit=1001").json()["error"]["text"]


def test_one_page_of_a_made_interval_costs_two_queries_at_most(django_assert_max_num_queries: object) -> None:
    add_to_bars(bars_of_prints(trade_for(1, 5)))
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        list_chart_bars(1, INTERVALS["15s"], 500, None, now=NOW)
