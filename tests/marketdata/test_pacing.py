"""How many ticks are due: by the clock, and never a chase after a long stall."""

import pytest

from apps.marketdata.feeds.pacing import CATCH_UP_S, Pacer


@pytest.mark.parametrize("rate", [0.5, 7, 1_000, 20_000])
def test_the_rate_is_kept_whatever_the_steps(rate: float) -> None:
    pacer = Pacer(rate, 100.0)
    made = sum(pacer.due(100.0 + step * 0.0037) for step in range(2_703))
    assert made == pytest.approx(rate * 2_702 * 0.0037 + 1, abs=2)
    assert pacer.given_up == 0


def test_a_short_stall_is_made_up_for() -> None:
    pacer = Pacer(1_000, 0.0)
    pacer.due(0.0)
    assert pacer.due(0.2) == pytest.approx(200, abs=1)


def test_a_long_stall_is_not_chased() -> None:
    pacer = Pacer(1_000, 0.0)
    assert pacer.due(60.0) == pytest.approx(1_000 * CATCH_UP_S, abs=2)
    assert pacer.given_up == pytest.approx(60_000 - 1_000 * CATCH_UP_S, abs=2)
    assert pacer.due(60.001) == pytest.approx(1, abs=1)


def test_it_says_how_long_to_wait() -> None:
    pacer = Pacer(10, 0.0)
    assert pacer.due(0.0) == 1
    assert pacer.due(0.05) == 0
    assert pacer.wait_s(0.05) == pytest.approx(0.05)
