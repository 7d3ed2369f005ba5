"""PostgreSQL ends again and again, at moments that chance chooses, while programs trade through every process on the way."""

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from tests.faults.figures import note, recovered
from tests.faults.lanes import seeds, times
from tests.faults.traders import Traders
from tests.faults.world import PATIENCE_S, STEADY_S, World
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.long]

#: From the moment that PostgreSQL takes connections to the first order that is accepted.
BACK_WITHIN_S = 5.0


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World("engine", "relay", "feed", "portfolio", "stream", seed=seeds(1)[0]) as made:
        yield made


def ended(world: World, number: int) -> None:
    restarts = world.cluster.restart_count("postgres")
    world.kill("postgres", number)
    world.wait_restarted("postgres", restarts)


def kill_the_server(world: World) -> None:
    """Its children see that their parent is gone."""
    ended(world, signal.SIGKILL)


def stop_at_once(world: World) -> None:
    """As pg_ctl stop -m immediate: as a crash."""
    ended(world, signal.SIGQUIT)


def kill_one_of_its_processes(world: World) -> None:
    """It sends everybody away, and recovers, because shared memory may be spoiled."""
    pids = world.ask("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> 'test'")
    os.kill(world.chance.choice(pids)[0], signal.SIGKILL)


def send_away_politely(world: World) -> None:
    """As pg_ctl stop -m fast."""
    ended(world, signal.SIGINT)


CRASHES = (kill_the_server, stop_at_once, kill_one_of_its_processes)


def end_it_again_and_again(world: World, row: str, ways: tuple[Callable[[World], None], ...], count: int) -> None:
    made: list[str] = []
    with Traders(world) as traders:
        for _ in range(count):
            time.sleep(STEADY_S + world.chance.uniform(0.0, 1.0))  # the moment is the point
            how = world.chance.choice(ways)
            how(world)
            wait_until(world.listens, PATIENCE_S, "PostgreSQL is back")
            took_s = traders.wait_accepted_after(time.monotonic())
            made.append(how.__name__.replace("_", " "))
            recovered(took_s)
            assert took_s <= BACK_WITHIN_S, f"{made[-1]}: {took_s:.1f} s, load of the machine {os.getloadavg()}"
        world.quiesce(traders)
        told = traders.summary()
    kinds = ", ".join(f"{made.count(kind)} times {kind}" for kind in sorted(set(made)))
    note(row, f"{kinds}; {told}; seed {world.seed}")


@pytest.mark.fault("F4")
@pytest.mark.timeout(1800)
def test_crashes_at_random_moments_lose_nothing_and_need_no_hand(world: World) -> None:
    end_it_again_and_again(world, "F4", CRASHES, times(50, 3))


@pytest.mark.fault("F5")
@pytest.mark.timeout(600)
def test_clean_restarts_lose_nothing_and_need_no_hand(world: World) -> None:
    end_it_again_and_again(world, "F5", (send_away_politely,), times(10, 1))
