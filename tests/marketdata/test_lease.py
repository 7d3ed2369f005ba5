"""One process publishes as a source, whatever becomes of the others. On a real Postgres."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from apps.eventlog.database import Connection
from apps.marketdata.feeds.lease import ASLEEP_S, DOUBT_S_MAX, Beat, Lease, LeaseLostError
from apps.marketdata.models import FeedState
from tests.eventlog.logs import terminate
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("committed")

SOURCE = "test"


@contextmanager
def lease(
    beat: Callable[[], Beat] | None = None, errand: Callable[[Connection], None] | None = None
) -> Iterator[Lease]:
    made = Lease(SOURCE, beat=beat, errand=errand)
    try:
        yield made
    finally:
        made.close()


def take(one: Lease, within_s: float = 30.0) -> int:
    """The epoch, once it is this one's turn."""
    over = threading.Event()
    timer = threading.Timer(within_s, over.set)
    timer.start()
    try:
        epoch = one.wait(over)
    finally:
        timer.cancel()
    assert epoch is not None, "the lease was not taken"
    return epoch


def state() -> FeedState:
    return FeedState.objects.get(pk=SOURCE)


def test_the_first_one_publishes_and_the_second_waits_until_it_ends() -> None:
    with lease() as first:
        epoch = take(first)
        assert first.may_publish(time.monotonic())
        with lease() as second:
            wait_until(lambda: second.is_standby, 20, "the standby")
            wait_until(lambda: state().standby_at is not None, 20, "the standby's word")
            assert not second.wait(_set())
            first.close()
            assert take(second) > epoch
            second.check()
            assert state().epoch == second.epoch
    assert state().ended_at is not None


def _set() -> threading.Event:
    over = threading.Event()
    over.set()
    return over


def test_figures_and_the_epoch_are_told_every_second() -> None:
    told = Beat(2**60, published=12, quarantined=3, flagged=1)
    done: list[object] = []
    with lease(lambda: told, done.append) as one:
        take(one)
        wait_until(lambda: state().published == 12 and done, 20, "a beat")
        row = state()
        assert (row.epoch, row.quarantined, row.flagged, row.ended_at) == (2**60, 3, 1, None)
    with lease() as next_one:
        assert take(next_one) > 2**60  # though this machine's clock is far behind


def test_a_lost_session_is_no_lost_lease() -> None:
    with lease() as one:
        epoch = take(one)
        before = state().beat_at
        assert terminate("feed:test") == 1
        wait_until(lambda: state().beat_at > before, 20, "a beat over a new session")
        assert (state().epoch, one.lost.is_set()) == (epoch, False)


def test_who_is_killed_is_followed_at_once() -> None:
    """The end of a process is the end of its session; a thread cannot be killed, so here its session alone is, and its row is not
    touched any more."""
    stuck = threading.Event()
    with lease(lambda: _hang(stuck)) as first:
        epoch = take(first)
        with lease() as second:
            wait_until(lambda: second.is_standby, 20, "the standby")
            terminate("feed:test")
            assert take(second) > epoch
            stuck.set()
            wait_until(first.lost.is_set, 20, "the first one's notice")


def _hang(stuck: threading.Event) -> Beat:
    stuck.wait(60)
    return Beat(1)


def test_one_that_stands_still_is_replaced_and_learns_it_when_it_wakes() -> None:
    asleep, stuck = threading.Event(), threading.Event()

    def beat() -> Beat:
        if asleep.is_set():
            stuck.wait(60)
        return Beat(5)

    ended: list[bool] = []
    with lease(beat) as first:
        first.on_lost = lambda: ended.append(True)
        take(first)
        with lease() as second:
            wait_until(lambda: second.is_standby, 20, "the standby")
            asleep.set()
            epoch = take(second)
            assert not first.lost.is_set()
            stuck.set()
            wait_until(first.lost.is_set, 20, "the first one's notice")
            assert ended == [True]
            assert not first.may_publish(time.monotonic())
            with pytest.raises(LeaseLostError, match="another process publishes as test now"):
                first.check()
            assert (state().epoch, state().holder) == (epoch, second._holder)


def test_after_a_sleep_nothing_is_published_until_postgres_has_said_that_it_is_still_ours() -> None:
    asleep, stuck = threading.Event(), threading.Event()

    def beat() -> Beat:
        if asleep.is_set():
            stuck.wait(60)
        return Beat(5)

    with lease(beat) as one:
        take(one)
        now_s = time.monotonic()
        assert one.may_publish(now_s)
        asleep.set()
        woke_s = time.monotonic() + 10 * ASLEEP_S  # nobody can have confirmed anything after that
        answers = [one.may_publish(woke_s + second) for second in range(int(DOUBT_S_MAX) + 1)]
        stuck.set()
        assert answers == [False] * int(DOUBT_S_MAX) + [True], "Postgres may hang for ever; the epoch fences"


def test_without_postgres_the_holder_goes_on() -> None:
    with lease() as one:
        take(one)
        port = connection.settings_dict["PORT"]
        connection.settings_dict["PORT"] = "1"
        try:
            # Django keeps what it made of its settings; the lease's own connections are each made anew.
            terminate_over(port)
            word = one._word_s
            wait_until(lambda: one._word_s > word, 20, "word that Postgres is away")
            assert one.may_publish(time.monotonic())
            one.check()
        finally:
            connection.settings_dict["PORT"] = port
        before = state().beat_at
        wait_until(lambda: state().beat_at > before, 20, "a beat when it is back")


def terminate_over(port: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'feed:test'"
        )
        assert cursor.rowcount == 1
