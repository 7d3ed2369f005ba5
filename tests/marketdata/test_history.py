"""The invented past: complete at every interval, of one piece, and ending where the simulator begins."""

import itertools
from decimal import Decimal

import pytest

from apps.core.units import Grid
from apps.marketdata import demo
from apps.marketdata.bars import SECONDS, BarChange, roll_up
from apps.marketdata.history import make_history

NOW_S = 1_700_000_123


@pytest.fixture(scope="module", params=["ALDR", "EUR-USD", "BTC-USD", "DOGE-USD"])
def past(request: pytest.FixtureRequest) -> tuple[demo.DemoInstrument, dict[str, list[BarChange]]]:
    instrument = demo.BY_SYMBOL[request.param]
    bars = make_history(instrument, 1, grid_of(instrument), now_s=NOW_S, seed=1)
    return instrument, {interval: [bar for bar in bars if bar.interval == interval] for interval in SECONDS}


def grid_of(instrument: demo.DemoInstrument) -> Grid:
    return Grid.of(Decimal(instrument.tick_size), Decimal(instrument.lot_size))


def test_every_interval_has_a_full_chart_without_a_hole(past: tuple[demo.DemoInstrument, dict[str, list[BarChange]]]) -> None:
    for interval, bars in past[1].items():
        starts = [bar.start_s for bar in bars]
        assert len(starts) >= 300, interval
        assert starts == list(range(starts[0], starts[-1] + 1, SECONDS[interval])), interval
        assert starts[-1] <= NOW_S < starts[-1] + 2 * SECONDS[interval]


def test_it_ends_at_the_start_price(past: tuple[demo.DemoInstrument, dict[str, list[BarChange]]]) -> None:
    instrument, by_interval = past
    assert {bars[-1].close for bars in by_interval.values()} == {Decimal(instrument.start_price)}


def test_bars_hold_their_prices_and_are_on_the_grid(past: tuple[demo.DemoInstrument, dict[str, list[BarChange]]]) -> None:
    instrument, by_interval = past
    grid = grid_of(instrument)
    for bars in by_interval.values():
        for bar in bars:
            assert 0 < bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
            assert bar.volume > 0
            assert bar.trades > 0
            for price in (bar.open, bar.high, bar.low, bar.close):
                grid.ticks(price)
            grid.lots(bar.volume)


def test_one_bar_opens_where_the_one_before_closed(past: tuple[demo.DemoInstrument, dict[str, list[BarChange]]]) -> None:
    for bars in past[1].values():
        assert all(after.open == before.close for before, after in itertools.pairwise(bars))


def test_intervals_agree_with_each_other(past: tuple[demo.DemoInstrument, dict[str, list[BarChange]]]) -> None:
    _, by_interval = past
    minutes = {bar.start_s: bar for bar in by_interval["1m"]}
    first = by_interval["1s"][0].start_s
    whole = [bar for bar in roll_up(by_interval["1s"], "1m") if bar.start_s >= first]
    assert len(whole) >= 9
    assert all(minutes[bar.start_s] == bar for bar in whole)


def test_the_same_seed_invents_the_same_past() -> None:
    instrument = demo.BY_SYMBOL["ETH-USD"]
    one, two = (make_history(instrument, 1, grid_of(instrument), now_s=NOW_S, seed=4) for _ in range(2))
    assert one == two
    assert one != make_history(instrument, 1, grid_of(instrument), now_s=NOW_S, seed=5)


@pytest.mark.parametrize("now_s", [1_699_920_000, 1_699_920_001, 1_699_919_999, 1_700_006_400])
def test_it_is_whole_at_any_boundary_of_day_and_hour(now_s: int) -> None:
    instrument = demo.BY_SYMBOL["NRTH"]
    bars = make_history(instrument, 1, grid_of(instrument), now_s=now_s, seed=1)
    keys = [(bar.interval, bar.start_s) for bar in bars]
    assert len(keys) == len(set(keys))
    assert max(bar.start_s for bar in bars if bar.interval == "1s") == now_s - 1
