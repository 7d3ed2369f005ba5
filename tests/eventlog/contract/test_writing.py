import time
from contextlib import ExitStack
from typing import Any

import pytest

from apps.eventlog import port, producer
from apps.eventlog.codec import encode
from apps.eventlog.port import Producer, PublishError
from apps.eventlog.producer import open_producer, story_headers
from apps.eventlog.topics import UnknownTopicError, partition_of
from apps.observability import metrics
from tests.eventlog.harness import TOPIC, deposit, patient_producer, read_log
from tests.eventlog.logs import Log


@pytest.fixture
def writer(topics: None) -> Any:
    client = patient_producer()
    yield client
    client.close()


def test_messages_of_a_key_stay_in_order_in_its_partition(writer: Producer) -> None:
    for sequence in range(1, 201):
        writer.send(TOPIC, str(sequence % 5), encode(deposit(sequence % 5, sequence)))
    writer.flush(10)
    records = read_log()
    assert len(records) == 200
    for key in range(5):
        own = [record for record in records if record.key == str(key).encode()]
        assert {record.partition for record in own} == {partition_of(key, TOPIC)}
        assert [record.offset for record in own] == sorted(record.offset for record in own)


def test_a_partition_and_headers_can_be_given(writer: Producer) -> None:
    writer.send(TOPIC, "1", b"{}", partition=3, headers=story_headers("1-9", correlation_id="abc"))
    writer.flush(10)
    (record,) = read_log()
    assert record.partition == 3
    assert record.headers == [("event-id", b"1-9"), ("correlation-id", b"abc")]


def test_what_was_acknowledged_is_counted(writer: Producer) -> None:
    before = metrics.PRODUCER_SENT.labels(TOPIC)._value.get()
    writer.send(TOPIC, "1", b"{}")
    writer.flush(10)
    assert metrics.PRODUCER_SENT.labels(TOPIC)._value.get() == before + 1


def test_a_refused_message_surfaces_at_once_or_at_the_flush(writer: Producer) -> None:
    failed = metrics.PRODUCER_FAILED.labels(TOPIC)._value.get()
    with pytest.raises(PublishError):
        writer.send(TOPIC, "1", b"x" * (port.MESSAGE_BYTES_MAX + 1))
    with pytest.raises(PublishError, match="1 messages were not acknowledged"):
        writer.flush(10)
    writer.flush(1)  # told once, not for ever
    assert metrics.PRODUCER_FAILED.labels(TOPIC)._value.get() == failed + 1


def test_a_full_buffer_refuses_rather_than_grows(writer: Producer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port, "BUFFER_BYTES_MAX", 10)
    with pytest.raises(PublishError, match="the buffer is full"):
        writer.send(TOPIC, "1", b"x" * 11)


def test_a_log_that_is_away_is_told_soon(log: Log) -> None:
    began_s = time.monotonic()
    with log.away(), pytest.raises(PublishError, match=r"^no (broker at 127\.0\.0\.1:1|Postgres for the event log): "):
        open_producer("test", connect_timeout_ms=300)
    assert time.monotonic() - began_s < 3


def test_connecting_goes_on_until_the_log_is_there(log: Log, prefix: str) -> None:
    pauses: list[float] = []
    with ExitStack() as away:
        away.enter_context(log.away())

        def stopping(seconds: float) -> bool:
            pauses.append(seconds)
            away.close()
            return False

        client = producer.connect("test", stopping)
    assert client is not None
    client.close()
    assert pauses == [0.25]


def test_connecting_ends_when_told(log: Log) -> None:
    with log.away():
        assert producer.connect("test", lambda _seconds: True) is None


@pytest.mark.parametrize("partition", [None, 0])
def test_a_topic_that_nobody_declared_is_refused_at_once_and_the_others_go_on(writer: Producer, partition: int | None) -> None:
    began_s = time.monotonic()
    with pytest.raises(UnknownTopicError, match="topic must be one of"):
        writer.send("no.such.topic", "1", b"{}", partition=partition)
    assert time.monotonic() - began_s < 1
    writer.send(TOPIC, "1", b"{}")
    writer.flush(10)
    assert len(read_log()) == 1
