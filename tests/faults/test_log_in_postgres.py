"""The event log lies in Postgres, and Postgres is away or frozen: prices reach the screens all the same, in order, each once."""

import time
from collections.abc import Iterator

import pytest

from tests.faults.figures import note, recovered
from tests.faults.screen import LIVE_S, Screen, ends_of_the_direct_way, wait_for_the_logs_own_way
from tests.faults.world import World
from tests.waiting import wait_until

pytestmark = [pytest.mark.long, pytest.mark.processes, pytest.mark.timeout(400)]

#: Longer than a page waits, than the log's own patience, and than the feed's doubts about its lease.
AWAY_S = 25.0


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World("engine", "relay", "feed", "realtime", "marketdata", "stream", event_log="embedded") as made:
        yield made


def take_away(world: World, how: str) -> None:
    if how == "stopped":
        world.stop("postgres")
    else:
        world.freeze("postgres")


@pytest.mark.fault("F4", "F7")
@pytest.mark.parametrize("how", ["stopped", "frozen"])
def test_prices_go_on_while_postgres_is_away_and_the_log_with_it(world: World, how: str) -> None:
    with Screen(world) as screen:
        ended = ends_of_the_direct_way(world)
        began = time.monotonic()
        take_away(world, how)
        time.sleep(AWAY_S)  # how long it is away is the point
        stood_s, is_grey = screen.stood_s(began, time.monotonic()), screen.greyed(began, time.monotonic())
        world.heal()
        healed = time.monotonic()
        wait_for_the_logs_own_way(world, ended)
        recovered(time.monotonic() - healed)
        wait_until(lambda: time.monotonic() > healed + 3 or screen.wrong, 20, "three more seconds of prices")
        row = "F4" if how == "stopped" else "F7"
        note(row, f"embedded log, Postgres {how} for {AWAY_S:.0f} s: no price on a page stood for more than {stood_s:.2f} s")
        assert stood_s < LIVE_S and not is_grey, "the page greyed its prices"
        assert screen.stood_s(began, time.monotonic()) < LIVE_S, "and neither when it came back"
    assert screen.wrong == [] and screen.closes() == []
    world.quiesce()
