"""Kafka is down, frozen or slow under load: nobody who trades waits for it, prices stay live, what waited goes out in order."""

import os
import time
from collections.abc import Iterator

import pytest
from kafka.errors import KafkaError

from tests.faults.figures import note, recovered
from tests.faults.lanes import is_full, times
from tests.faults.proxy import BOTH
from tests.faults.screen import ENVIRONMENT, LIVE_S, Screen, ends_of_the_direct_way, wait_for_the_logs_own_way
from tests.faults.traders import Traders
from tests.faults.world import _BEHIND, ORDERS, World
from tests.scaling.shares import LogOfCluster
from tests.waiting import wait_until

pytestmark = [pytest.mark.long, pytest.mark.processes, pytest.mark.timeout(900)]

PROCESSES = ("engine", "relay", "feed", "realtime", "marketdata", "portfolio", "web", "stream")
#: Five hundred in a minute.
ORDERS_PER_SECOND = 10
STEADY_S = 30.0
#: The promises.
DRAINED_WITHIN_S = 60.0
TOLD_WITHIN_S = 2.0
LATENCY_RATIO_MAX = 2.0
#: The shortest of the patiences with Kafka: a send's, a connection's.
WAITED_S = 1.0
RESTARTED_WITHIN_S = 30.0


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(*PROCESSES, event_log="kafka", env=ENVIRONMENT) as made:
        yield made


def share(latencies_s: list[float], part: float) -> float:
    assert len(latencies_s) >= 100, "too few to speak of one in a hundred"
    return latencies_s[min(len(latencies_s) - 1, int(len(latencies_s) * part))]


class Course:
    """A steady time, then a fault, then its end; and what orders and the screen were like in each."""

    def __init__(self, world: World, traders: Traders, screen: Screen) -> None:
        self.world, self.traders, self.screen = world, traders, screen
        began = time.monotonic()
        time.sleep(STEADY_S)
        self._steady = (began, time.monotonic())
        self._fault = (0.0, 0.0)

    def hold(self, seconds: float) -> None:
        """The fault has begun just now, and lasts so long; a customer's page is told of its order meanwhile."""
        began = time.monotonic()
        time.sleep(min(5.0, seconds / 2))  # until everybody has noticed
        self.told_s = self.screen.told_after_s()
        time.sleep(max(0.0, began + seconds - time.monotonic()))
        self._fault = (began, time.monotonic())

    def check_orders(self) -> str:
        failed = self.traders.failed(*self._fault)
        before, during = (self.traders.latencies_s(*stretch) for stretch in (self._steady, self._fault))
        text = (
            f"{len(failed)} of {len(during)} failed; p50 {share(before, 0.5) * 1000:.0f} and {share(during, 0.5) * 1000:.0f} ms,"
            f" p99 {share(before, 0.99) * 1000:.0f} and {share(during, 0.99) * 1000:.0f} ms"
        )
        assert failed == [], text
        # On a machine that others work on as well, half a minute is no measure for the next one: there it is held against what
        # an order would take that waits for Kafka even once.
        most_s = max(LATENCY_RATIO_MAX * share(before, 0.99), 0.0 if is_full else WAITED_S)
        assert share(during, 0.99) <= most_s, f"{text}; load of the machine {os.getloadavg()}"
        return text

    def check_screen(self) -> str:
        stood_s = self.screen.stood_s(*self._fault)
        assert not self.screen.greyed(*self._fault) and stood_s < LIVE_S, f"a price stood for {stood_s:.2f} s"
        assert self.told_s < TOLD_WITHIN_S, f"the customer's page was told after {self.told_s:.2f} s"
        return f"no price stood for more than {stood_s:.2f} s; an order was on its page after {self.told_s:.2f} s"


def wait_until_drained(world: World, healed: float) -> float:
    """Seconds from then until the outbox was published and the consumers have read it."""
    wait_until(lambda: not world.ask(_BEHIND), DRAINED_WITHIN_S, "the outbox is published")
    log = LogOfCluster(world.cluster)
    ends = {number: end for number, end in log.ends(ORDERS).items() if end}
    wait_until(lambda: all(log.stands("portfolio", ORDERS)[number] >= end for number, end in ends.items()), 60, "it was read")
    return time.monotonic() - healed


def answers(world: World) -> bool:
    """Whether the broker tells where its partitions end."""
    try:
        return bool(LogOfCluster(world.cluster).ends(ORDERS))
    except KafkaError:
        return False


def run(world: World, row: str, name: str, seconds: float) -> None:
    """``name`` is what happens to Kafka."""
    with Traders(world, ORDERS_PER_SECOND) as traders, Screen(world, as_customer=True) as screen:
        course = Course(world, traders, screen)
        ended = ends_of_the_direct_way(world)
        restarts = {process: world.cluster.restart_count(process) for process in PROCESSES}
        {
            "down": lambda: world.stop("kafka"),
            "frozen": lambda: world.freeze("kafka"),
            "slow": lambda: world.line("all", "kafka").delay(2.0, *BOTH),
        }[name]()
        course.hold(seconds)
        world.heal()
        wait_until(lambda: answers(world), 120, "the broker")
        drained_s = wait_until_drained(world, time.monotonic())
        wait_for_the_logs_own_way(world, ended)
        figures = f"{name} for {seconds:.0f} s: {course.check_orders()}; {course.check_screen()}"
        recovered(drained_s)
        note(row, f"{figures}; all was published and read {drained_s:.1f} s after the broker was back")
        assert drained_s <= DRAINED_WITHIN_S
        assert restarts == {process: world.cluster.restart_count(process) for process in PROCESSES}, "somebody fell over"
        world.quiesce(traders)
    assert screen.wrong == [] and screen.closes() == []


@pytest.mark.fault("F1")
def test_a_broker_that_is_down_costs_no_order_and_no_price(world: World) -> None:
    run(world, "F1", "down", times(60, 20))


@pytest.mark.fault("F3")
def test_a_frozen_broker_keeps_nobody_waiting(world: World) -> None:
    run(world, "F3", "frozen", times(30, 20))


@pytest.mark.fault("F3")
def test_a_slow_broker_keeps_nobody_waiting(world: World) -> None:
    run(world, "F3", "slow", times(30, 20))


@pytest.mark.fault("F2")
@pytest.mark.timeout(1500)
def test_restarts_again_and_again_need_no_hand(world: World) -> None:
    """What was decided before and after each is read within half a minute of the broker's being there, by the same processes."""
    restarts = {process: world.cluster.restart_count(process) for process in PROCESSES}
    count, took = times(20, 2), []
    with Traders(world, ORDERS_PER_SECOND) as traders:
        for _ in range(count):
            traders.wait_accepted(20)
            before = world.cluster.restart_count("kafka")
            world.kill("kafka")
            world.wait_restarted("kafka", before)
            wait_until(lambda: answers(world), 90, "the broker")
            took.append(wait_until_drained(world, time.monotonic()))
            recovered(took[-1])
        world.quiesce(traders)
        told = traders.summary()
    note("F2", f"{count} times kill -9 of the broker: all was read after {max(took):.1f} s at most; {told}")
    assert max(took) <= RESTARTED_WITHIN_S
    assert restarts == {process: world.cluster.restart_count(process) for process in PROCESSES}, "somebody fell over"
