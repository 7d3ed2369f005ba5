"""Does it grow? A leak that was planted is found, a noisy level is flat, and too little to tell is not taken for flat."""

import math
import random

import pytest

from load.slopes import fit


def memory(minutes: float, *, leak: float = 0.0, noise: float = 0.4, sawtooth: float = 0.0) -> list[tuple[float, float]]:
    """Samples of every five seconds, in MiB: ``leak`` a minute, with a ``sawtooth`` as a collector of garbage makes."""
    chance = random.Random(5)
    return [
        (t, 100 + leak * t / 60 + chance.gauss(0, noise) + sawtooth * ((t % 47) / 47)) for t in range(0, int(minutes * 60), 5)
    ]


def test_a_planted_leak_is_found_with_its_size() -> None:
    slope = fit(memory(30, leak=1.5, sawtooth=3), warm_s=300)

    assert slope is not None
    assert slope.per_minute == pytest.approx(1.5, abs=0.05)
    assert slope.low <= 1.5 <= slope.high
    assert not slope.is_flat(1.0)
    assert slope.is_flat(2.0)


def test_a_noisy_level_is_flat() -> None:
    slope = fit(memory(30, noise=2, sawtooth=8), warm_s=300)

    assert slope is not None
    assert slope.low <= 0 <= slope.high
    assert slope.is_flat(1.0)


def test_what_grows_while_it_warms_up_is_left_out() -> None:
    points = [(t, 100 + 40 * (1 - math.exp(-t / 40))) for t in range(0, 1800, 5)]

    cold, warm = fit(points), fit(points, warm_s=300)

    assert cold is not None and warm is not None
    assert cold.low > 0
    assert abs(warm.per_minute) < 0.01


def test_noise_that_could_hide_a_leak_is_not_called_flat() -> None:
    slope = fit(memory(6, leak=0.9, noise=60))

    assert slope is not None
    assert slope.high > 1.0
    assert not slope.is_flat(1.0)


def test_what_is_taken_for_a_moment_and_given_back_is_no_growth() -> None:
    points = [(t, value + (100 if t in (1205, 1610, 1750) else 0)) for t, value in memory(30)]

    slope = fit(points, warm_s=300)

    assert slope is not None and slope.is_flat(1.0)


def test_a_few_minutes_say_nothing() -> None:
    assert fit(memory(4)) is None
    assert fit(memory(30), warm_s=27 * 60) is None
    assert fit([]) is None
