"""What only Kafka's reader could get wrong: positions that the client moves by itself."""

from collections.abc import Callable
from typing import Any

import pytest
from kafka import TopicPartition

from apps.eventlog.kafka.reader import KafkaLogReader
from apps.eventlog.topics import full_name, partition_of
from tests.eventlog.harness import TOPIC, EffectHandler, publish, reading
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("kafka", "topics", "effect_table")

WHERE = (TOPIC, partition_of(1, TOPIC))
OTHER = (TOPIC, (WHERE[1] + 1) % 4)


@pytest.fixture
def kafka(settings: Any) -> None:
    if not settings.KAFKA_BOOTSTRAP:
        pytest.skip("no Kafka here: KAFKA_BOOTSTRAP is not set")
    settings.EVENT_LOG = "kafka"


def first_offset(reader: KafkaLogReader) -> int:
    """That of the next batch of WHERE."""
    return int(wait_until(lambda: reader.poll()[0].get(WHERE, []), 40, "a batch")[0].offset)


def go_astray(reader: KafkaLogReader) -> None:
    """As after a rebalance whose poll was dropped: Kafka stands behind what was never handed out."""
    reader._kafka.seek(TopicPartition(full_name(WHERE[0]), WHERE[1]), 5)


def accept(reader: KafkaLogReader) -> None:
    assert first_offset(reader) == 0


def reload(reader: KafkaLogReader) -> None:
    reader.reload()


def change(reader: KafkaLogReader) -> None:
    """A partition comes: what the same poll brings of the others is dropped."""
    del reader._next[OTHER]
    wait_until(lambda: reader.poll()[1], 60, "the change")


@pytest.mark.parametrize("between", [accept, reload, change])
def test_a_place_that_was_asked_for_once_long_ago_is_no_hole_in_the_log(between: Callable[[KafkaLogReader], None]) -> None:
    publish([(1, sequence) for sequence in range(1, 9)])
    with reading(EffectHandler().name, load=lambda _partitions: {}) as reader:
        assert isinstance(reader, KafkaLogReader)
        assert first_offset(reader) == 0
        go_astray(reader)
        wait_until(lambda: reader.poll() and WHERE in reader._gaps, 60, "the look at the hole")
        between(reader)
        go_astray(reader)
        assert first_offset(reader) == 0, "nothing of it was applied yet"


def test_what_came_with_a_change_of_partitions_comes_again_for_those_that_stayed(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was dropped, and Kafka stands behind it: without a word it would wait for the partition's next record."""
    with reading(EffectHandler().name, load=lambda _partitions: {}) as reader:
        assert isinstance(reader, KafkaLogReader)
        wait_until(lambda: reader.poll() and len(reader.assignment) == 4, 60, "all partitions")
        publish([(1, 1)])
        poll = reader._kafka.poll
        with monkeypatch.context() as patch:
            patch.setattr(reader._kafka, "poll", lambda **_: wait_until(lambda: poll(timeout_ms=20), 60, "the record"))
            del reader._next[OTHER]
            assert reader.poll() == ({}, True)
        assert first_offset(reader) == 0
