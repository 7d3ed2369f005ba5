"""An installation that starts on another log: the positions of the old one are not used, and going back is as safe."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from apps.eventlog.adoption import Adopted, adopt_log
from apps.eventlog.models import ConsumerPosition, LogInUse
from apps.eventlog.provision import ensure_topics
from tests.eventlog.harness import EffectHandler, effects, publish, running
from tests.eventlog.logs import log_of_run
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("topics", "effect_table")

Move = Callable[[], list[str]]


def on_one(first: int, last: int) -> list[tuple[int, int]]:
    """Events of one account, and so of one partition."""
    return [(1, sequence) for sequence in range(first, last + 1)]


def read_until(name: str, last: int) -> list[int]:
    """Let the consumer read until it has seen the event ``last``; everything that it has ever applied, in order."""
    handler = EffectHandler(name)
    with running(handler):
        wait_until(lambda: last in {sequence for _, sequence in effects(name)}, 60, f"event {last}")
    return [sequence for _, sequence in effects(name)]


@pytest.fixture
def move(settings: Any) -> Iterator[Move]:
    """Go to another log, and with the next call back: topics of another prefix, which no position here is of."""
    home = settings.KAFKA_TOPIC_PREFIX
    away = f"{home}away."

    def change() -> list[str]:
        settings.KAFKA_TOPIC_PREFIX = home if away == settings.KAFKA_TOPIC_PREFIX else away
        return ensure_topics()

    yield change
    settings.KAFKA_TOPIC_PREFIX = away
    log_of_run().delete_topics()
    settings.KAFKA_TOPIC_PREFIX = home


def test_without_it_messages_of_another_log_are_skipped(move: Move) -> None:
    publish(on_one(1, 10))
    read_until("guarded", 10)
    move()
    publish(on_one(11, 30))
    assert read_until("guarded", 30) == [*range(1, 11), *range(21, 31)], "the first ten of the other log are lost"


def test_on_another_log_readers_go_on_at_its_end_and_so_they_do_back_home(move: Move) -> None:
    publish(on_one(1, 10))
    assert not adopt_log(()).is_new
    read_until("guarded", 10)
    assert adopt_log(move()).is_new
    publish(on_one(11, 30))
    assert read_until("guarded", 30) == list(range(1, 31))

    assert adopt_log(move()).is_new
    publish(on_one(31, 35))
    assert read_until("guarded", 35) == list(range(1, 36)), "what home held before is not read once more"


def test_a_first_start_is_on_no_other_log() -> None:
    assert not adopt_log(ensure_topics()).is_new
    assert LogInUse.objects.count() == 1


def test_on_the_same_log_every_reader_stays_where_it_stands() -> None:
    adopt_log(ensure_topics())
    publish(on_one(1, 10))
    read_until("guarded", 10)
    publish(on_one(11, 20))
    for _ in range(2):
        assert not adopt_log(ensure_topics()).is_new
    assert read_until("guarded", 20) == list(range(1, 21))
    assert LogInUse.objects.count() == 1


@pytest.mark.fault("F2")
def test_topics_that_were_made_anew_are_read_from_their_first_message() -> None:
    adopt_log(())
    publish(on_one(1, 10))
    read_until("guarded", 10)
    log_of_run().delete_topics()
    assert adopt_log(ensure_topics()).is_new
    publish(on_one(11, 15))
    assert read_until("guarded", 15) == list(range(1, 16))


def test_positions_from_before_anybody_wrote_down_the_log_are_of_kafka(settings: Any) -> None:
    publish(on_one(1, 10))
    read_until("guarded", 10)
    before = ConsumerPosition.objects.get(consumer="guarded", next_offset__gt=0).next_offset
    adopted = adopt_log(())
    assert (adopted.before, adopted.now) == ("kafka", settings.EVENT_LOG)
    assert adopted.is_new is (settings.EVENT_LOG != "kafka")
    assert ConsumerPosition.objects.get(consumer="guarded", next_offset__gt=0).next_offset == before


def test_from_kafka_to_the_embedded_log(settings: Any) -> None:
    if settings.EVENT_LOG != "kafka":
        pytest.skip("it begins on Kafka")
    adopt_log(())
    publish(on_one(1, 10))
    read_until("guarded", 10)
    settings.EVENT_LOG = "embedded"
    try:
        adopted = adopt_log(ensure_topics())
        assert adopted == Adopted("kafka", "embedded", is_new=True)
        publish(on_one(11, 12))
        assert read_until("guarded", 12) == list(range(1, 13))
    finally:
        log_of_run().delete_topics()
        settings.EVENT_LOG = "kafka"
