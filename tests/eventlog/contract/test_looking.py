"""Looking at some records as nobody's consumer, for a person."""

import pytest

from apps.eventlog.codec import encode
from apps.eventlog.log import event_log
from apps.eventlog.port import LogUnavailableError
from apps.eventlog.stories import header, headers_of
from apps.eventlog.topics import partition_of
from tests.eventlog.harness import TOPIC, deposit, patient_producer
from tests.eventlog.logs import Log

ACCOUNT = 5
TRACE = "0af7651916cd43dd8448eb211c80319c"


def publish(count: int) -> None:
    writer = patient_producer()
    for sequence in range(count):
        writer.send(TOPIC, str(ACCOUNT), encode(deposit(ACCOUNT, sequence)), headers=headers_of(f"1-{sequence}", TRACE))
    writer.flush(30)
    writer.close()


def test_stretches_are_read_from_where_they_are_said_to_be(topics: None) -> None:
    where = (TOPIC, partition_of(ACCOUNT, TOPIC))
    assert list(event_log().look(where, [(0, 10), (-5, 5)])) == []
    publish(30)
    records = event_log().look(where, [(3, 2), (20, 1), (-2, 10), (500, 3)])
    assert [record.offset for record in records] == [3, 4, 20, 28, 29]
    assert header(records[0].headers, "event-id") == "1-3"
    assert header(records[0].headers, "traceparent").startswith(f"00-{TRACE}-")
    assert records[0].key == str(ACCOUNT).encode()
    assert [record.offset for record in event_log().look(where, [(-1_000, 1_000)])] == list(range(30))


def test_a_log_that_is_away_is_told_as_such(log: Log, topics: None) -> None:
    with log.away(), pytest.raises(LogUnavailableError):
        event_log().look((TOPIC, 0), [(0, 1)])
