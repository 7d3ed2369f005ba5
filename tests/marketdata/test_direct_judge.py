"""When a feed speaks straight to the screens: soon after the log went silent, and not again and again when it comes and goes."""

import time
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from apps.eventlog.outstanding import Outstanding
from apps.eventlog.port import PublishError
from apps.marketdata.feeds.direct import BEGIN_AFTER_S, SAME_TROUBLE_S, WELL_FOR_S, WELL_FOR_S_MAX, WELL_S, DirectPath, Judge
from apps.marketdata.feeds.publisher import TOPICS
from apps.marketdata.logline import LogLine, Silence
from apps.marketdata.models import LatestPrice
from tests.eventlog.logs import log_of_run
from tests.marketdata.cast import T0_NS, make_instrument, quote, quotes
from tests.waiting import wait_until


class Course:
    """Time that passes in steps of a tenth of a second, and what the judge says to it."""

    def __init__(self) -> None:
        self.judge = Judge()
        self.now_s = 0.0
        self.turns: list[tuple[float, bool]] = []

    def go(self, seconds: float, *, silent_s: float = 0.0, unheard_s: float = 0.0) -> None:
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            self.now_s += 0.1
            is_on = self.judge.look(self.now_s, silent_s, unheard_s)
            if is_on != (self.turns[-1][1] if self.turns else False):
                self.turns.append((self.now_s, is_on))


def test_a_log_that_acknowledges_in_time_needs_no_other_way() -> None:
    course = Course()
    course.go(60, silent_s=WELL_S)
    course.go(60, silent_s=BEGIN_AFTER_S)
    assert course.turns == []


def test_it_begins_when_an_answer_is_owed_for_too_long_and_ends_when_all_has_been_well_for_a_while() -> None:
    course = Course()
    course.go(30, silent_s=BEGIN_AFTER_S + 0.1)
    assert [is_on for _, is_on in course.turns] == [True]
    course.go(20, silent_s=0.1, unheard_s=20)
    assert len(course.turns) == 1, "acknowledged, and nobody reads it yet"
    course.go(WELL_FOR_S - 0.5)
    course.go(0.2, silent_s=WELL_S + 0.1)
    course.go(WELL_FOR_S - 0.5)
    assert len(course.turns) == 1, "not well for long enough in one piece"
    course.go(1)
    assert [is_on for _, is_on in course.turns] == [True, False]


def test_a_log_that_comes_and_goes_is_left_alone_for_longer_each_time_and_not_for_ever() -> None:
    course = Course()
    for _ in range(100):  # ten minutes of six seconds each
        course.go(2, silent_s=2)
        course.go(WELL_FOR_S - 1)
        course.go(1)
    assert len(course.turns) <= 3, "within a minute it is no longer believed"
    course.go(WELL_FOR_S_MAX + 1)
    assert not course.judge.is_on
    course.go(SAME_TROUBLE_S)
    course.go(2, silent_s=2)
    ended_s = course.now_s
    course.go(WELL_FOR_S + 1)
    assert not course.judge.is_on and course.turns[-1][0] - ended_s == pytest.approx(WELL_FOR_S, abs=0.3), "another trouble"


def test_the_age_is_that_of_the_oldest_message_whatever_the_order_of_the_answers() -> None:
    outstanding = Outstanding()
    assert outstanding.oldest_s() == 0
    first, second = outstanding.admit("marketdata.quotes", 1), outstanding.admit("marketdata.quotes", 1)
    before = outstanding.oldest_s()
    outstanding.settle(second, "marketdata.quotes", 1, None)
    assert outstanding.oldest_s() > before > 0
    outstanding.settle(first, "marketdata.quotes", 1, PublishError("lost"))
    assert outstanding.oldest_s() == 0


def test_a_log_that_was_never_there_owes_an_answer_since_the_line_began(django_db_setup: None) -> None:
    with log_of_run().away():
        line = LogLine("test-away", TOPICS)
        try:
            wait_until(lambda: line.silence().seconds > 0.3, 20, "the silence")
            assert line.silence().why == "away" and not line.is_connected
        finally:
            line.close()


class NoLine:
    """In the place of the way to the hubs, which has tests of its own."""

    def __init__(self) -> None:
        self.closed = False

    def put_quotes(self, message: Any) -> None: ...
    def put_trades(self, message: Any) -> None: ...
    def check(self) -> None: ...

    def unheard_s(self) -> float:
        return 0.0

    def close(self) -> None:
        self.closed = True


class Witness:
    def __init__(self) -> None:
        self.seconds = 0.0

    def silence(self) -> Silence:
        return Silence(self.seconds, "late")


@pytest.mark.django_db
def test_prices_of_pages_without_a_stream_are_kept_by_the_feed_while_it_goes_around_the_log() -> None:
    make_instrument("ALDR", number=1)
    make_instrument("BRNT", number=2)
    connection.ensure_connection()
    database: Any = connection.connection
    witness = Witness()
    path = DirectPath("sim", T0_NS, witness, lambda _source, _epoch: NoLine())
    path.put(quotes(quote("ALDR", 1, T0_NS, "10.00", "10.02")))
    path.look(1.0)
    path.store(database)
    assert not LatestPrice.objects.exists(), "the log is well: its consumer keeps them"
    witness.seconds = BEGIN_AFTER_S + 0.1
    path.look(2.0)
    others = quote("GONE", 1, T0_NS, "1", "2"), quote("BRNT", 1, T0_NS, "5", "6")
    path.put(quotes(quote("ALDR", 3, T0_NS, "10.04", "10.06"), *others))
    path.put(quotes(quote("ALDR", 4, T0_NS, "10.06", "10.08")))
    path.store(database)
    kept = LatestPrice.objects.order_by("instrument_id").values_list("instrument_id", "sequence", "bid")
    assert list(kept) == [(1, 4, Decimal("10.06")), (2, 1, Decimal("5"))]
    path.put(quotes(quote("ALDR", 9, T0_NS, "9", "9.5"), epoch=T0_NS - 1))
    path.store(database)
    assert list(kept.all()) == [(1, 4, Decimal("10.06")), (2, 1, Decimal("5"))], "an older epoch changes nothing"
    path.close()


def refused(silence: Silence) -> float:
    return silence.seconds if silence.why == "refused" else 0.0


@pytest.mark.fault("F2")
@pytest.mark.long
@pytest.mark.usefixtures("topics")
def test_a_topic_that_is_gone_is_silence_and_stops_nobody(settings: Any) -> None:
    line = LogLine("test-gone", TOPICS)
    try:
        wait_until(lambda: line.is_connected, 60, "the connection")
        wait_until(lambda: line.send("marketdata.trades", "A", b"{}", 0), 20, "a topic that is there")
        prefix, settings.KAFKA_TOPIC_PREFIX = settings.KAFKA_TOPIC_PREFIX, f"{settings.KAFKA_TOPIC_PREFIX}gone."
        began_s = time.monotonic()
        for _ in range(10):
            line.send("marketdata.quotes", "A", b"{}", 0)
        assert time.monotonic() - began_s < 5, "each waited for a broker that knows nothing: that would be twenty seconds"
        # Whatever was under way is told first, and not for long.
        wait_until(lambda: line.check(time.monotonic()) or refused(line.silence()) > 0.2, 20, "the silence, and why")
        settings.KAFKA_TOPIC_PREFIX = prefix
        wait_until(lambda: line.send("marketdata.quotes", "A", b"{}", 0), 20, "the topic that is there again")
        wait_until(lambda: line.check(time.monotonic()) or line.silence().seconds < 0.1, 20, "the end of the silence")
    finally:
        settings.KAFKA_TOPIC_PREFIX = prefix
        line.close()
