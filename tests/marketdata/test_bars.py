"""Bars against a plain oracle: in memory, and through the database in any number of pieces."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.marketdata.bars import SECONDS, BarChange, Print, bars_of_prints
from apps.marketdata.models import Bar
from apps.marketdata.services import add_history, add_to_bars

BASE_NS = 1_699_999_170 * 10**9

prints = st.lists(
    st.builds(
        Print,
        instrument_id=st.integers(1, 2),
        at_ns=st.integers(0, 200 * 10**9).map(lambda offset: BASE_NS + offset),
        price=st.integers(1, 500).map(lambda ticks: Decimal(ticks).scaleb(-2)),
        quantity=st.integers(1, 50).map(Decimal),
    ),
    max_size=60,
)

Row = tuple[int, str, int, Decimal, Decimal, Decimal, Decimal, Decimal, int]


def oracle(given_prints: Sequence[Print]) -> set[Row]:
    """Each interval on its own, by looking at every print of every bucket."""
    rows = set()
    for interval, width in SECONDS.items():
        buckets: dict[tuple[int, int], list[Print]] = {}
        for each in given_prints:
            buckets.setdefault((each.instrument_id, each.at_ns // (width * 10**9) * width), []).append(each)
        for (instrument_id, start), inside in buckets.items():
            prices = [each.price for each in inside]
            volume = sum((each.quantity for each in inside), Decimal(0))
            rows.add((instrument_id, interval, start, prices[0], max(prices), min(prices), prices[-1], volume, len(inside)))
    return rows


def row_of(bar: BarChange) -> Row:
    return (bar.instrument_id, bar.interval, bar.start_s, bar.open, bar.high, bar.low, bar.close, bar.volume, bar.trades)


def stored() -> set[Row]:
    return {
        (b.instrument_id, b.interval, int(b.start.timestamp()), b.open, b.high, b.low, b.close, b.volume, b.trades)
        for b in Bar.objects.all()
    }


def in_time_order(given_prints: list[Print]) -> list[Print]:
    return sorted(given_prints, key=lambda each: each.at_ns)


@given(prints)
def test_bars_in_memory_are_the_oracles(given_prints: list[Print]) -> None:
    ordered = in_time_order(given_prints)
    bars = bars_of_prints(ordered)
    assert {row_of(bar) for bar in bars} == oracle(ordered)
    assert len(bars) == len(oracle(ordered)), "one entry a bar"


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(prints, st.integers(1, 7))
def test_bars_in_the_database_are_the_oracles_whatever_the_pieces(given_prints: list[Print], size: int) -> None:
    Bar.objects.all().delete()
    ordered = in_time_order(given_prints)
    for first in range(0, len(ordered), size):
        add_to_bars(bars_of_prints(ordered[first : first + size]))
    assert stored() == oracle(ordered)


@pytest.mark.django_db
def test_a_late_print_lands_in_the_bar_of_its_own_time() -> None:
    early, late = (Print(1, BASE_NS + offset * 10**9, Decimal(price), Decimal(1)) for offset, price in ((0, "2"), (90, "3")))
    straggler = Print(1, BASE_NS + 1, Decimal("1.5"), Decimal(4))
    for each in (early, late, straggler):
        add_to_bars(bars_of_prints([each]))
    bar = Bar.objects.get(interval="1s", start__lt=Bar.objects.filter(interval="1s").latest("start").start)
    assert (bar.open, bar.low, bar.close, bar.volume, bar.trades) == (2, Decimal("1.5"), Decimal("1.5"), 5, 2)


@pytest.mark.django_db
def test_history_goes_before_what_is_there() -> None:
    add_to_bars([BarChange(1, "1d", 86_400, *map(Decimal, ("5", "6", "4", "5.5", "10")), 3)])
    add_history([BarChange(1, "1d", 86_400, *map(Decimal, ("4.5", "5.2", "3", "5", "7")), 2)])
    bar = Bar.objects.get()
    assert (bar.open, bar.high, bar.low, bar.close) == (Decimal("4.5"), 6, 3, Decimal("5.5"))
    assert (bar.volume, bar.trades) == (17, 5)


@pytest.mark.django_db
def test_the_database_refuses_a_bar_that_does_not_hold_its_prices() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        add_to_bars([BarChange(1, "1m", 60, *map(Decimal, ("5", "6", "5.5", "5.5", "1")), 1)])
