"""Joining a group of Kafka and staying in it, on a machine that is too busy for it."""

from typing import Any

import pytest

from apps.eventlog.kafka.reader import KafkaLogReader
from apps.eventlog.port import SESSION_TIMEOUT_S, LogUnavailableError
from tests.eventlog.harness import EffectHandler, effects, publish, reading, running
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("kafka", "topics", "effect_table")


@pytest.fixture
def kafka(settings: Any) -> None:
    if not settings.KAFKA_BOOTSTRAP:
        pytest.skip("no Kafka here: KAFKA_BOOTSTRAP is not set")
    settings.EVENT_LOG = "kafka"


def test_polls_too_short_to_join_grow_until_they_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """With 5 ms for ever the look-up of the coordinator is begun anew each time, and the consumer reads nothing."""
    monkeypatch.setattr("apps.eventlog.kafka.reader._POLL_MS_JOINING", 5)
    publish([(1, 1)])
    handler = EffectHandler()
    with running(handler):
        wait_until(lambda: effects(handler.name) == [(1, 1)], 30, "the one effect")


def test_a_member_that_the_group_has_forgotten_without_knowing_it_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.eventlog.kafka.reader._REQUEST_TIMEOUT_S", 4)
    with reading(EffectHandler().name, load=lambda _partitions: {}) as reader:
        assert isinstance(reader, KafkaLogReader)
        wait_until(lambda: reader.poll() and len(reader.assignment) == 4, 60, "all partitions")
        coordinator = reader._kafka._coordinator
        monkeypatch.setattr(coordinator, "_do_heartbeat", lambda: coordinator._heartbeat_wakeup(3_600))
        with pytest.raises(LogUnavailableError, match="no heartbeats"):
            wait_until(lambda: reader.poll()[1], 10 * SESSION_TIMEOUT_S, "the end of the reader")


def test_a_join_that_ended_between_two_polls_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A leader that joins because the partitions of its topics changed sees no need to from the moment it has shared them out."""
    with reading(EffectHandler().name, load=lambda _partitions: {}) as reader:
        assert isinstance(reader, KafkaLogReader)
        wait_until(lambda: reader.poll() and len(reader.assignment) == 4, 60, "all partitions")
        coordinator = reader._kafka._coordinator
        coordinator._assignment_snapshot = {}  # as of topics that had no partitions yet
        assert coordinator.need_rejoin()
        with monkeypatch.context() as patch:
            patch.setattr(reader, "_poll_ms", lambda: 0)
            wait_until(lambda: reader.poll() and coordinator.rejoining, 60, "the begin of a join")
        join = coordinator._join_task
        wait_until(lambda: join.is_done, 60, "the broker's answer, which nobody waits for")
        wait_until(lambda: reader.poll() and coordinator.stable() and coordinator._heartbeat_enabled, 60, "the end of the join")
        publish([(1, 1)])
        assert wait_until(lambda: reader.poll()[0], 60, "the record")


@pytest.mark.fault("F3")
@pytest.mark.long
def test_a_heartbeat_that_is_due_and_not_answered_is_no_reason_to_ask_without_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    with reading(EffectHandler().name, load=lambda _partitions: {}) as reader:
        assert isinstance(reader, KafkaLogReader)
        wait_until(lambda: reader.poll() and len(reader.assignment) == 4, 60, "all partitions")
        monkeypatch.setattr(reader._kafka._coordinator, "time_to_next_poll", lambda: 0)
        rounds: list[int] = []
        ask = reader._kafka._poll_once
        monkeypatch.setattr(reader._kafka, "_poll_once", lambda *args, **more: rounds.append(1) or ask(*args, **more))
        wait_until(lambda: reader.poll() and reader._would_spin(), 60, "a quiet topic")
        rounds.clear()
        for _ in range(10):
            reader.poll()
        assert len(rounds) <= 12, "the client goes round and round within a poll"
        publish([(1, 1)])
        assert wait_until(lambda: reader.poll()[0], 60, "the record")


@pytest.mark.long
def test_a_broker_that_answers_no_heartbeat_is_waited_for_as_long_as_the_client_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """That takes the coordinator for lost in the end, finds it again, and is a member as before."""
    with reading(EffectHandler().name, load=lambda _partitions: {}) as reader:
        assert isinstance(reader, KafkaLogReader)
        wait_until(lambda: reader.poll() and len(reader.assignment) == 4, 60, "all partitions")
        coordinator = reader._kafka._coordinator
        connection = coordinator._manager._conns[coordinator.coordinator_id]
        monkeypatch.setitem(coordinator.heartbeat.config, "heartbeat_interval_ms", 4_000)  # a busy machine is two seconds late
        monkeypatch.setattr(connection, "data_received", lambda _data: None)
        wait_until(lambda: reader.poll() and connection.closed, 60, "the end of the client's patience")
        answered_s = coordinator.heartbeat.last_receive
        wait_until(lambda: reader.poll() and coordinator.heartbeat.last_receive > answered_s, 60, "a heartbeat that is answered")
        wait_until(lambda: reader.poll() and len(reader.assignment) == 4, 60, "all partitions again")
