"""Newest prices, frames, what the selectors say about them, and how long they are kept."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from apps.core.checks import ConditionFailedError
from apps.marketdata.bars import BarChange
from apps.marketdata.models import Bar, QuoteFrame
from apps.marketdata.selectors import (
    PriceNotFoundError,
    day_stats,
    get_latest,
    has_history,
    latest_prices,
    list_bars,
    spark_points,
)
from apps.marketdata.services import NewestPrice, Retention, add_to_bars, store_first, store_frames, store_newest

pytestmark = pytest.mark.django_db

T0_NS = 1_700_000_000_000_000_000
DAY_S = 86_400


def price(sequence: int, bid: str, *, instrument_id: int = 1, at_ns: int = T0_NS, last: str | None = None) -> NewestPrice:
    ask = Decimal(bid) + 1
    return NewestPrice(
        instrument_id,
        "sim",
        5,
        sequence,
        Decimal(bid),
        ask,
        Decimal(3),
        Decimal(4),
        at_ns,
        Decimal(last) if last else None,
        at_ns if last else None,
    )


def hour_bar(instrument_id: int, start_s: int, close: str, volume: str = "1") -> BarChange:
    value = Decimal(close)
    return BarChange(instrument_id, "1h", start_s, value, value + 1, value - 1, value, Decimal(volume), 1)


def test_the_newest_price_moves_forward_only() -> None:
    store_newest([price(2, "10", at_ns=T0_NS + 2, last="10.5")])
    store_newest([price(1, "9", at_ns=T0_NS + 1)])
    assert get_latest(1).bid == 10
    store_newest([price(3, "11", at_ns=T0_NS + 3)])
    latest = get_latest(1)
    assert (latest.bid, latest.last, latest.mid, latest.spread) == (11, Decimal("10.5"), Decimal("11.5"), 1)


def test_a_first_price_does_not_replace_one() -> None:
    store_newest([price(2, "10")])
    store_first([price(0, "1"), price(0, "2", instrument_id=2)])
    assert {key: view.bid for key, view in latest_prices([1, 2, 3]).items()} == {1: 10, 2: 2}


def test_an_instrument_without_a_price_says_so() -> None:
    with pytest.raises(PriceNotFoundError):
        get_latest(99)


def test_a_frame_is_the_last_quote_of_its_second() -> None:
    store_frames([price(5, "10", at_ns=T0_NS + 900_000_000), price(1, "7", instrument_id=2)])
    store_frames([price(4, "9", at_ns=T0_NS + 100_000_000)])
    frames = {frame.instrument_id: frame for frame in QuoteFrame.objects.all()}
    assert (frames[1].bid, frames[1].sequence) == (10, 5)
    assert frames[1].second == datetime.fromtimestamp(T0_NS // 10**9, UTC)
    assert len(frames) == 2


def test_bars_are_listed_oldest_first_and_paged_backwards() -> None:
    add_to_bars([hour_bar(1, 3600 * hour, str(10 + hour)) for hour in range(2, 8)])
    newest = list_bars(1, "1h", 3)
    assert [bar.close for bar in newest] == [15, 16, 17]
    assert [bar.close for bar in list_bars(1, "1h", 2, before=newest[0].start)] == [13, 14]
    assert list_bars(2, "1h") == []


@pytest.mark.parametrize(("interval", "limit"), [("2h", 5), ("1h", 0), ("1h", 2_001)])
def test_bars_beyond_the_limits_are_refused(interval: str, limit: int) -> None:
    with pytest.raises(ConditionFailedError):
        list_bars(1, interval, limit)


def test_day_figures_begin_with_the_price_a_day_ago() -> None:
    hour = int(timezone.now().timestamp()) // 3600 * 3600
    add_to_bars([hour_bar(1, hour - 3600 * ago, str(100 - ago), "2") for ago in range(40)])
    stats = day_stats([1, 2])
    assert set(stats) == {1}
    assert stats[1].reference == 100 - 24
    assert (stats[1].high, stats[1].low) == (101, 100 - 24 - 1)
    assert stats[1].volume == 50


def test_sparks_are_the_newest_closes_of_every_instrument_in_one_query(django_assert_num_queries: Any) -> None:
    add_to_bars([hour_bar(number, 3600 * hour, str(number * 100 + hour)) for number in (1, 2) for hour in range(5)])
    with django_assert_num_queries(1):
        points = spark_points([1, 2, 3], 3, "1h")
    assert points == {1: [102, 103, 104], 2: [202, 203, 204]}


def test_history_is_a_daily_bar_of_an_earlier_day() -> None:
    today = int(timezone.now().timestamp()) // DAY_S * DAY_S
    bar = hour_bar(1, today, "10")
    bar.interval = "1d"
    add_to_bars([bar])
    assert not has_history(1)
    bar.start_s = today - DAY_S
    add_to_bars([bar])
    assert has_history(1)


def test_retention_removes_the_old_in_bounded_chunks_and_nothing_else() -> None:
    now = timezone.now()
    now_ns = int(now.timestamp() * 1000) * 10**6
    now_s = now_ns // 10**9
    old = [hour_bar(1, now_s - DAY_S - 10 - second, "10") for second in range(12)]
    young = [hour_bar(1, now_s - second, "10") for second in range(5)]
    for bar in old + young:
        bar.interval = "1s"
    add_to_bars([*old, *young, hour_bar(1, (now_s - 400 * DAY_S) // 3600 * 3600, "10")])
    retention = Retention()
    retention.CHUNK = 5
    steps = [retention.sweep([1], now_ns) for _ in range(3)]
    assert steps == [False, False, True]
    assert Bar.objects.filter(interval="1s").count() == 5
    assert Bar.objects.filter(interval="1h").count() == 1
