"""What was seen, and what it comes to: an outage is soon told, a slow moment is none, and nothing flickers."""

import threading
import time
from datetime import timedelta

import pytest

from apps.core.clock import ManualClock, instant
from apps.degraded import Dependency, Witness
from apps.degraded.evidence import FORGOTTEN_AFTER_S, WELL_S, Evidence
from apps.degraded.table import Fault

ENGINE, POSTGRES = Dependency.ENGINE, Dependency.POSTGRES


class Scene:
    """Time passes when it is told to."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.evidence = Evidence(self.clock)

    def after(self, seconds: float) -> Evidence:
        self.clock.advance_ns(round(seconds * 1e9))
        return self.evidence

    def is_away(self, dependency: Dependency = ENGINE) -> bool:
        return self.evidence.standing(dependency).is_away

    def goes(self, by: Witness = Witness.USE) -> None:
        self.evidence.failed(ENGINE, "refused", by)
        self.after(0.5).failed(ENGINE, "refused", by)
        assert self.is_away()


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_nothing_is_known_and_nothing_is_wrong_in_the_beginning(scene: Scene) -> None:
    assert scene.evidence.faults() == []
    assert scene.evidence.standing(ENGINE).seen_s_ago is None


def test_one_failure_is_no_outage_and_two_at_once_are_none(scene: Scene) -> None:
    scene.evidence.failed(ENGINE, "refused", waited_s=20)
    assert not scene.is_away()
    scene.evidence.forget()
    for _ in range(50):
        scene.after(0.009).failed(ENGINE, "refused")
    assert not scene.is_away()


def test_two_apart_with_nothing_seen_between_are_one_since_the_first(scene: Scene) -> None:
    scene.after(100).saw(ENGINE)
    scene.after(3).failed(ENGINE, "refused")
    gone = instant(scene.clock.now_ns())
    scene.after(0.5).failed(ENGINE, "still refused")
    standing = scene.evidence.standing(ENGINE)
    assert (standing.is_away, standing.since, standing.why, standing.seen_s_ago) == (True, gone, "still refused", 3.5)
    assert scene.after(1).faults() == [Fault(ENGINE, gone, 1.5)]


def test_what_was_waited_for_counts_from_when_the_wait_began_and_not_before_it_was_seen(scene: Scene) -> None:
    scene.after(10).failed(POSTGRES, "no answer", waited_s=2)
    scene.evidence.failed(POSTGRES, "no answer", waited_s=2)
    assert scene.evidence.standing(POSTGRES).for_s == 2
    scene.evidence.forget()
    scene.evidence.saw(POSTGRES)
    scene.after(0.3).failed(POSTGRES, "a slow one", waited_s=2)
    scene.after(0.1).failed(POSTGRES, "another", waited_s=2)
    assert not scene.is_away(POSTGRES), "it was seen 0.4 s ago"


def test_a_slow_one_among_those_that_work_is_no_outage(scene: Scene) -> None:
    for _ in range(20):
        scene.after(0.4).failed(POSTGRES, "slow", waited_s=5)
        scene.after(0.1).saw(POSTGRES)
    assert not scene.is_away(POSTGRES)


def test_failures_that_have_nothing_to_do_with_each_other_are_none(scene: Scene) -> None:
    for _ in range(5):
        scene.after(FORGOTTEN_AFTER_S).failed(ENGINE, "refused")
    assert not scene.is_away()


def test_it_is_back_when_it_was_seen_for_a_while(scene: Scene) -> None:
    scene.goes()
    scene.after(1).saw(ENGINE)
    assert scene.is_away(), "once is not for good"
    scene.after(WELL_S / 2).saw(ENGINE)
    assert scene.is_away()
    scene.after(WELL_S / 2)
    assert not scene.is_away(), "and nobody need use it for that"
    scene.evidence.failed(ENGINE, "refused")
    assert not scene.is_away(), "an outage begins as the first one did"


def test_a_banner_does_not_flicker_while_it_comes_and_goes(scene: Scene) -> None:
    scene.goes()
    since = scene.evidence.standing(ENGINE).since
    for _ in range(20):
        scene.after(0.6).saw(ENGINE)
        scene.after(0.3).failed(ENGINE, "refused")
        assert scene.evidence.standing(ENGINE).since == since


def test_the_wall_clock_only_names_the_hour(scene: Scene) -> None:
    scene.goes()
    scene.clock._now_ns -= 3600 * 10**9
    assert scene.is_away()
    assert scene.after(2).standing(ENGINE).for_s == 2.5


def test_nobody_tried_again_so_nobody_knows(scene: Scene) -> None:
    scene.goes()
    scene.after(FORGOTTEN_AFTER_S - 0.01)
    assert scene.is_away()
    scene.after(0.01)
    assert not scene.is_away()


def test_a_watch_that_says_no_more_is_still_believed(scene: Scene) -> None:
    scene.goes(Witness.WATCH)
    scene.after(600)
    assert scene.is_away()


def test_one_witness_does_not_heal_what_the_other_sees(scene: Scene) -> None:
    """The engine lives, and this process does not reach it."""
    scene.goes(Witness.USE)
    for _ in range(8):
        scene.after(0.5).saw(ENGINE, Witness.WATCH)
        scene.evidence.failed(ENGINE, "refused")
    assert scene.is_away() and scene.evidence.standing(ENGINE).seen_s_ago == 0


def test_two_witnesses_tell_of_the_longer_absence(scene: Scene) -> None:
    scene.goes(Witness.WATCH)
    since = scene.evidence.standing(ENGINE).since
    scene.after(2)
    scene.goes(Witness.USE)
    assert since is not None and scene.evidence.standing(ENGINE).since == since
    assert scene.evidence.standing(ENGINE).for_s == 3.0


def test_faults_come_in_the_order_of_the_table(scene: Scene) -> None:
    for each in (Dependency.LOG, Dependency.POSTGRES, Dependency.REDIS):
        scene.evidence.failed(each, "x", waited_s=1)
        scene.evidence.failed(each, "x", waited_s=1)
    assert [fault.dependency for fault in scene.evidence.faults()] == [Dependency.POSTGRES, Dependency.REDIS, Dependency.LOG]
    assert all(fault.since == instant(scene.clock.now_ns()) - timedelta(seconds=1) for fault in scene.evidence.faults())


def test_many_threads_at_once_lose_nothing() -> None:
    scene = Scene()
    scene.evidence.failed(ENGINE, "x", waited_s=1)

    def work(sees: bool) -> None:
        for _ in range(2_000):
            scene.evidence.saw(POSTGRES) if sees else scene.evidence.failed(ENGINE, "x", waited_s=1)

    threads = [threading.Thread(target=work, args=(number % 2 == 0,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert scene.is_away() and not scene.is_away(POSTGRES)
    assert scene.evidence._records[ENGINE][Witness.USE].failures == 8_001


def test_to_report_costs_next_to_nothing() -> None:
    """A statement of a page takes some hundred microseconds. Processor time, the best of five: other work runs beside this."""
    evidence = Evidence(ManualClock())

    def once() -> float:
        began = time.thread_time()
        for _ in range(10_000):
            evidence.saw(POSTGRES)
        return (time.thread_time() - began) / 10_000

    assert min(once() for _ in range(5)) < 5e-6
