"""The heaps: in order whatever the order of arming, one live entry for a thing, and never larger than what is armed asks for."""

import random

from apps.engine.matching.timers import SLACK, Heap, Timer, Timers


def drain(heap: Heap, now_ns: int) -> list[tuple[Timer, int]]:
    found = []
    while (due := heap.pop_due(now_ns)) is not None:
        found.append(due[1:])
    return found


def test_what_is_due_comes_by_instant_then_kind_then_key_whatever_was_armed_first() -> None:
    armed = [(Timer.EXPIRY, key, 10 + 10 * (key % 2)) for key in range(5)]
    armed += [(Timer.DEAD_MAN, 1, 10), (Timer.SWEEP, 9, 10)]
    orders = []
    for seed in range(5):
        heap = Heap()
        for timer, key, at_ns in random.Random(seed).sample(armed, len(armed)):
            heap.arm(timer, key, at_ns)
        orders.append(drain(heap, 20))
    assert orders[0][:2] == [(Timer.SWEEP, 9), (Timer.EXPIRY, 0)]
    assert orders == orders[:1] * 5


def test_nothing_comes_before_its_time_and_nothing_twice() -> None:
    heap = Heap()
    heap.arm(Timer.EXPIRY, 7, 100)
    assert heap.next_ns == 100
    assert drain(heap, 99) == []
    assert drain(heap, 100) == [(Timer.EXPIRY, 7)]
    assert drain(heap, 200) == [] and heap.next_ns is None


def test_a_thing_that_is_put_off_again_and_again_keeps_one_entry_which_comes_early() -> None:
    heap = Heap()
    for at_ns in range(100, 200):
        heap.arm(Timer.DEAD_MAN, 1, at_ns)
    assert len(heap) == 1 and heap.armed_ns(Timer.DEAD_MAN, 1) == 100
    heap.arm(Timer.DEAD_MAN, 1, 50)
    assert heap.armed_ns(Timer.DEAD_MAN, 1) == 50
    assert drain(heap, 1000) == [(Timer.DEAD_MAN, 1)]


def test_what_is_disarmed_does_not_come_and_does_not_pile_up() -> None:
    heap = Heap()
    for key in range(50_000):
        heap.arm(Timer.EXPIRY, key, 10**9 + key)
        heap.disarm(Timer.EXPIRY, key)
    assert len(heap) <= SLACK + 1
    heap.arm(Timer.EXPIRY, 1, 5)
    assert drain(heap, 2 * 10**9) == [(Timer.EXPIRY, 1)]


def test_every_kind_belongs_to_one_sort_and_the_next_is_the_earlier_of_both() -> None:
    timers = Timers()
    assert timers.next_ns is None
    for at_ns, timer in enumerate(Timer, start=10):
        timers.arm(timer, 1, at_ns)
    assert len(timers.endings) + len(timers.moves) == len(Timer)
    assert timers.next_ns == 10
    drain(timers.endings, 100)
    assert timers.next_ns == 10 + Timer.PAUSE
