"""When requests are due: by the lane alone, as often as it says, and never because of an answer."""

import statistics
from itertools import pairwise

import pytest

from load.arrivals import Stretch, arrivals, expected
from load.lanes import JOURNAL_REQUESTS_MAX, LANES, LaneError, find_lane
from load.run import steps_of_windows


def test_as_many_come_as_the_rate_says_and_each_knows_its_stretch() -> None:
    stretches = [Stretch(100, 50), Stretch(50, 0), Stretch(100, 200)]

    due = list(arrivals(stretches, seed=1))

    counts = [sum(stretch == number for _, stretch in due) for number in range(3)]
    assert counts[1] == 0
    # Five standard deviations of a Poisson count.
    assert abs(counts[0] - 5_000) < 5 * 5_000**0.5
    assert abs(counts[2] - 20_000) < 5 * 20_000**0.5
    assert expected(stretches) == 25_000
    assert all((0, 150, 150)[stretch] <= at < (100, 150, 250)[stretch] for at, stretch in due)


def test_they_come_in_order_in_bursts_and_alike_for_one_seed() -> None:
    due = [at for at, _ in arrivals([Stretch(200, 50)], seed=7)]
    gaps = [later - earlier for earlier, later in pairwise(due)]

    assert due == sorted(due) == [at for at, _ in arrivals([Stretch(200, 50)], seed=7)]
    assert due != [at for at, _ in arrivals([Stretch(200, 50)], seed=8)]
    # Of independent callers the gaps spread as far as they are long on average; a metronome's would not spread.
    assert 0.9 < statistics.stdev(gaps) / statistics.mean(gaps) < 1.1


def test_minutes_and_scale_change_a_lane() -> None:
    lane = find_lane("standard", minutes=3, scale=2)

    assert lane.seconds == 180
    assert lane.phases[0].orders == 2 * LANES["standard"].phases[0].orders
    assert lane.sockets == 2 * LANES["standard"].sockets
    assert find_lane("firehose", scale=2).feed_rate == 6_000
    assert find_lane("firehose", scale=100).feed_rate == 20_000


@pytest.mark.parametrize(
    ("name", "minutes", "scale", "said"),
    [
        ("sandard", None, 1.0, "there are smoke, standard"),
        ("step", 5, 1.0, "MINUTES is for lanes of one phase"),
        ("soak", 60 * 24, 10.0, f"a journal holds {JOURNAL_REQUESTS_MAX}"),
    ],
)
def test_a_lane_that_cannot_be_run_says_why(name: str, minutes: float | None, scale: float, said: str) -> None:
    with pytest.raises(LaneError, match=said):
        find_lane(name, minutes, scale)


def test_every_lane_fits_its_journal_and_has_goals() -> None:
    from load.goals import GOALS

    assert set(GOALS) == set(LANES) == {"smoke", "standard", "firehose", "storm", "soak", "step"}
    for name in LANES:
        assert find_lane(name).seconds > 0


def test_the_steps_that_are_over_are_known_from_the_windows() -> None:
    lane = find_lane("step")
    windows = [
        {"t": at, "seconds": 5.0, "counts": {"offered": 100, "good": good}, "kinds": {"request": {"p99_ms": p99}}}
        for at, good, p99 in ((5, 100, 20), (10, 100, 30), (15, 98, 25), (20, 90, 800), (25, 40, 900), (30, 10, 3000), (35, 1, 1))
    ]

    first, second = steps_of_windows(lane, windows, t=34)

    assert (first.offered, first.p99_ms) == (20, 30)
    assert first.good == pytest.approx(298 / 15)
    assert (second.good, second.p99_ms) == (pytest.approx(140 / 15), 3000)
