"""The members of a group: who takes over from whom, and how soon, when a process dies or freezes without a word."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from apps.eventlog.port import SESSION_TIMEOUT_S, FencedMemberError
from tests.eventlog.harness import EffectHandler, by_account, effects, process_environment, publish, reading, running
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("topics", "effect_table")

ACCOUNTS = range(1, 9)
#: What a busy machine, and the agreement among those who remain, may add to the session timeout.
SLACK_S = 14


@contextmanager
def member_process(name: str, member: str) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "tests.eventlog.member", name, member]
    process = subprocess.Popen(command, env=process_environment())
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(60)


def round_of_deposits(number: int) -> list[tuple[int, int]]:
    return [(account, number) for account in ACCOUNTS]


@pytest.mark.processes
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "fault",
    [pytest.param(signal.SIGKILL, id="killed"), pytest.param(signal.SIGSTOP, id="frozen", marks=pytest.mark.long)],
)
def test_a_silent_member_is_taken_over_from_in_time_and_nothing_is_applied_twice(fault: signal.Signals) -> None:
    survivor = EffectHandler()
    published: list[tuple[int, int]] = []

    def publish_round() -> None:
        published.extend(round_of_deposits(len(published) // len(ACCOUNTS) + 1))
        publish(published[-len(ACCOUNTS) :])

    def both_work() -> bool:
        assert process.poll() is None, "the other member has ended"
        publish_round()
        wait_until(lambda: len(effects(survivor.name)) >= len(published), 60, "the round")
        return 0 < survivor.applied < len(published)

    with member_process(survivor.name, "b") as process, running(survivor, "a"):
        wait_until(both_work, 100, "work for both members")
        process.send_signal(fault)
        began_s = time.monotonic()
        publish_round()
        wait_until(lambda: len(effects(survivor.name)) >= len(published), SESSION_TIMEOUT_S + SLACK_S, "the takeover")
        took_s = time.monotonic() - began_s
        process.send_signal(signal.SIGCONT)  # it wakes with what it held before
        for _ in range(5):
            publish_round()
        wait_until(lambda: len(effects(survivor.name)) >= len(published), 60, "every effect")
    assert took_s < SESSION_TIMEOUT_S + SLACK_S
    rows = effects(survivor.name)
    assert sorted(rows) == sorted(published)
    assert all(sequences == sorted(sequences) for sequences in by_account(rows).values())


def test_each_partition_is_read_by_one_member_at_a_time() -> None:
    group = EffectHandler().name
    with reading(group, member="a") as first:
        wait_until(lambda: first.poll() and len(first.assignment) == 4, 60, "all partitions for the first")
        with reading(group, member="b") as second:

            def shared() -> bool:
                first.poll()
                second.poll()
                assert not first.assignment & second.assignment
                return len(first.assignment) == len(second.assignment) == 2

            wait_until(shared, 60, "a fair share each")
        wait_until(lambda: first.poll() and len(first.assignment) == 4, 60, "all partitions back")


def test_the_newer_of_two_readers_of_one_name_stays() -> None:
    group = EffectHandler().name
    with reading(group) as older:
        wait_until(lambda: older.poll() and len(older.assignment) == 4, 60, "the older one's partitions")
        with reading(group) as newer:

            def fenced() -> bool:
                newer.poll()
                try:
                    older.poll()
                except FencedMemberError:
                    return True
                return False

            wait_until(fenced, 60, "the older one's end")
            wait_until(lambda: newer.poll() and len(newer.assignment) == 4, 60, "the newer one's partitions")
