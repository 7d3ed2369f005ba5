"""The simulated market: repeatable, exact on the grid, and with the habits of a real one."""

import itertools
import math
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.numbers import parse_positive, plain
from apps.core.units import Grid
from apps.eventlog.schemas.marketdata import QuoteTick, TradeTick
from apps.marketdata import demo
from apps.marketdata.feeds.profile import Profile, Writer, demo_profile, plain_profile
from apps.marketdata.feeds.sim import Market, Simulator
from apps.marketdata.management.commands import run_feed

T0_NS = 1_700_000_000_000_000_000


def grid_of(instrument: demo.DemoInstrument) -> Grid:
    return Grid.of(Decimal(instrument.tick_size), Decimal(instrument.lot_size))


def profiles() -> list[Profile]:
    return [demo_profile(each, grid_of(each)) for each in demo.INSTRUMENTS]


def run(seed: int, count: int) -> list[QuoteTick | TradeTick]:
    simulator = Simulator(profiles(), seed)
    return [simulator.next(T0_NS + index * 1_000_000) for index in range(count)]


def correlation(xs: list[float], ys: list[float]) -> float:
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    top = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return top / math.sqrt(sum((x - mean_x) ** 2 for x in xs) * sum((y - mean_y) ** 2 for y in ys))


def walk(seed: int, seconds: int) -> list[tuple[int, int]]:
    """The touch of BTC-USD, once a second."""
    definition = demo.BY_SYMBOL["BTC-USD"]
    market = Market(demo_profile(definition, grid_of(definition)), seed)
    touches = []
    for second in range(seconds):
        market.quote(T0_NS + second * 1_000_000_000)
        touches.append(market.touch)
    return touches


def test_the_same_seed_makes_the_same_ticks() -> None:
    assert run(7, 5_000) == run(7, 5_000)


def test_another_seed_makes_other_ticks() -> None:
    assert run(7, 500) != run(8, 500)


def test_every_tick_is_on_the_grid_and_no_quote_is_crossed() -> None:
    grids = {each.symbol: grid_of(each) for each in demo.INSTRUMENTS}
    seen: set[str] = set()
    for tick in run(3, 40_000):
        grid = grids[tick.symbol]
        seen.add(tick.symbol)
        if isinstance(tick, QuoteTick):
            assert 0 < grid.ticks(parse_positive(tick.bid, "bid")) < grid.ticks(parse_positive(tick.ask, "ask"))
            assert grid.lots(parse_positive(tick.bid_quantity, "size")) > 0
            assert grid.lots(parse_positive(tick.ask_quantity, "size")) > 0
        else:
            assert grid.lots(parse_positive(tick.quantity, "quantity")) > 0
    assert seen == set(grids)


def test_trades_print_at_the_quote_that_stands() -> None:
    quotes: dict[str, QuoteTick] = {}
    prints = 0
    for tick in run(4, 20_000):
        if isinstance(tick, QuoteTick):
            quotes[tick.symbol] = tick
        else:
            standing = quotes[tick.symbol]
            assert tick.price == (standing.ask if tick.aggressor_side == "BUY" else standing.bid)
            prints += 1
    assert 0.1 < prints / 20_000 < 0.2


def test_sequences_count_every_tick_of_a_symbol() -> None:
    last: dict[tuple[type, str], int] = {}
    for tick in run(5, 10_000):
        key = (type(tick), tick.symbol)
        assert tick.sequence == last.get(key, 0) + 1
        last[key] = tick.sequence


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_volatility_clusters_and_direction_does_not(seed: int) -> None:
    mids = [bid + ask for bid, ask in walk(seed, 30_000)]
    returns = [math.log(after / before) for before, after in itertools.pairwise(mids)]
    # Absolute values: squares would let one jump decide.
    sizes = [abs(each) for each in returns]
    for lag in (1, 10):
        direction = correlation(returns[:-lag], returns[lag:])
        assert abs(direction) < 0.05
        assert correlation(sizes[:-lag], sizes[lag:]) > abs(direction) + 0.1


def test_squared_returns_are_more_alike_than_returns() -> None:
    mids = [bid + ask for bid, ask in walk(11, 30_000)]
    returns = [math.log(after / before) for before, after in itertools.pairwise(mids)]
    squares = [each * each for each in returns]
    assert correlation(squares[:-1], squares[1:]) > abs(correlation(returns[:-1], returns[1:])) + 0.05


def test_spreads_widen_in_wild_times() -> None:
    touches = walk(2, 30_000)
    volatility, spreads = [], []
    for first in range(0, len(touches) - 60, 60):
        minute = touches[first : first + 60]
        mids = [bid + ask for bid, ask in minute]
        volatility.append(sum(abs(math.log(b / a)) for a, b in itertools.pairwise(mids)))
        spreads.append(sum(ask - bid for bid, ask in minute) / 60)
    assert correlation(volatility, spreads) > 0.5


def test_ten_days_later_the_price_is_still_believable() -> None:
    definition = demo.BY_SYMBOL["DOGE-USD"]
    market = Market(demo_profile(definition, grid_of(definition)), 5)
    start = sum(market.touch) / 2
    for step in range(10 * 86_400 // 5):
        market.quote(T0_NS + step * 5_000_000_000)
        if step % 1_000 == 0:
            assert start / 2 <= sum(market.touch) / 2 <= start * 2


@pytest.mark.fault("F20")
def test_a_clock_that_is_set_back_does_no_harm() -> None:
    definition = demo.BY_SYMBOL["ALDR"]
    market = Market(demo_profile(definition, grid_of(definition)), 1)
    for at_ns in (T0_NS, T0_NS - 3_600_000_000_000, T0_NS + 1):
        tick = market.quote(at_ns)
        assert tick.at_ns == at_ns
        assert Decimal(tick.bid) < Decimal(tick.ask)


def test_a_market_goes_on_from_the_price_it_is_given() -> None:
    definition = demo.BY_SYMBOL["ALDR"]
    market = Market(demo_profile(definition, grid_of(definition), Decimal("51.235")), 1)
    first = market.quote(T0_NS)
    assert Decimal(first.bid) < Decimal("51.24") < Decimal(first.ask) + Decimal("0.02")
    assert abs(Decimal(first.bid) - Decimal("51.23")) <= Decimal("0.02")


def test_an_instrument_without_a_definition_is_quoted_around_its_price() -> None:
    market = Market(plain_profile("XYZ", Grid.of(Decimal("0.05"), Decimal("10")), Decimal("12.35")), 1)
    tick = market.quote(T0_NS)
    assert Decimal("12.2") < Decimal(tick.bid) < Decimal(tick.ask) < Decimal("12.5")


@given(step=st.integers(1, 10**12), count=st.integers(0, 10**9))
def test_steps_are_written_exactly(step: int, count: int) -> None:
    text = Writer(step)(count)
    assert Decimal(text).scaleb(8) == step * count
    assert plain(Decimal(text)) == plain(Decimal(step * count).scaleb(-8))


def test_the_demo_market_is_large_and_its_grids_are_exact() -> None:
    assert len(demo.INSTRUMENTS) >= 24
    assert len(demo.BY_SYMBOL) == len(demo.INSTRUMENTS)
    assert len({each.base for each in demo.INSTRUMENTS}) == len(demo.INSTRUMENTS), "a base asset's balance is one position"
    for each in demo.INSTRUMENTS:
        grid = grid_of(each)
        assert grid.ticks(Decimal(each.start_price)) > 1_000
        assert grid.lots(Decimal(each.max_quantity)) > each.size_lots


def test_symbols_do_not_disturb_each_other() -> None:
    """A symbol's own moves are drawn from its own stream: leaving others out changes nothing about it."""
    alone = Market(demo_profile(demo.BY_SYMBOL["ETH-USD"], grid_of(demo.BY_SYMBOL["ETH-USD"])), 9)
    among = Simulator(profiles(), 9).markets["ETH-USD"]
    times = [T0_NS + Random(1).randrange(10**9) * each for each in range(1, 50)]
    assert [alone.quote(at) for at in times] == [among.quote(at) for at in times]


def test_the_seed_of_the_settings_is_the_commands(settings: Any) -> None:
    settings.FEED_SEED = 7
    parser = run_feed.Command().create_parser("manage.py", "run_feed")
    assert parser.parse_args(["sim"]).seed == 7
    assert parser.parse_args(["sim", "--seed", "8"]).seed == 8
