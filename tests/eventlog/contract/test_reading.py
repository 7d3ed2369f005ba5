"""The runner, on a real log and a real database: each event applied once, in order, whatever fails."""

from threading import Event
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

from apps.eventlog import positions
from apps.eventlog.consumer import Runner
from apps.eventlog.models import ConsumerPosition, ParkedMessage
from apps.eventlog.topics import partition_of
from apps.observability import metrics
from tests.eventlog.harness import (
    TOPIC,
    EffectHandler,
    LatestHandler,
    Worker,
    by_account,
    effects,
    own_connection,
    publish,
    publish_raw,
    reading,
    running,
)
from tests.eventlog.logs import Log
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("topics", "effect_table")

ACCOUNTS = range(1, 9)  # more accounts than partitions, and every partition has some


def deposits(first: int, last: int) -> list[tuple[int, int]]:
    """``(account, sequence)`` for each sequence of the range, the accounts in turn."""
    return [(ACCOUNTS[sequence % len(ACCOUNTS)], sequence) for sequence in range(first, last + 1)]


def wait_for_effects(handler: EffectHandler, count: int) -> list[tuple[int, int]]:
    wait_until(lambda: len(effects(handler.name)) >= count, 60, f"{count} effects")
    return effects(handler.name)


def test_events_are_applied_once_each_and_in_order_by_key() -> None:
    handler = EffectHandler()
    publish(deposits(1, 400))
    with running(handler) as worker:
        rows = wait_for_effects(handler, 400)
    assert worker.error is None
    assert sorted(rows) == sorted(deposits(1, 400))
    assert all(sequences == sorted(sequences) for sequences in by_account(rows).values())
    assert (handler.started, handler.stopped) == (1, 1)


def test_a_restarted_consumer_goes_on_where_it_stood() -> None:
    handler = EffectHandler()
    publish(deposits(1, 50))
    with running(handler):
        wait_for_effects(handler, 50)
    publish(deposits(51, 80))  # while nobody reads
    again = EffectHandler(handler.name)
    with running(again):
        rows = wait_for_effects(again, 80)
    assert sorted(rows) == sorted(deposits(1, 80))


def test_the_position_is_kept_in_the_effects_own_transaction() -> None:
    handler = EffectHandler()
    publish([(1, sequence) for sequence in range(1, 11)])
    with running(handler):
        wait_for_effects(handler, 10)
    where = (TOPIC, partition_of(1, TOPIC))
    assert positions.stored(handler.name, [where]) == {where: 10}


def test_two_members_share_the_partitions() -> None:
    first = EffectHandler()
    second = EffectHandler(first.name)
    with running(first, "a"), running(second, "b"):
        sequence = 0

        def both_have_worked() -> bool:
            nonlocal sequence
            publish(deposits(sequence + 1, sequence + 8))
            sequence += 8
            return bool(first.calls and second.calls)

        wait_until(both_have_worked, 30, "work for both members")
        rows = wait_for_effects(first, sequence)
    assert sorted(rows) == sorted(deposits(1, sequence))
    assert all(sequences == sorted(sequences) for sequences in by_account(rows).values())


def test_a_member_takes_over_when_another_leaves() -> None:
    first = EffectHandler()
    second = EffectHandler(first.name)
    publish(deposits(1, 16))
    with running(second, "b"):
        with running(first, "a"):
            wait_for_effects(first, 16)
        publish(deposits(17, 48))
        rows = wait_for_effects(first, 48)
    assert sorted(rows) == sorted(deposits(1, 48))


def test_two_processes_may_not_run_as_the_same_member() -> None:
    first = EffectHandler()
    publish(deposits(1, 8))
    with running(first) as older:
        wait_for_effects(first, 8)
        with running(EffectHandler(first.name)):
            wait_until(lambda: older.error, 60, "the older one's end")
    assert type(older.error).__name__ == "FencedMemberError"


@pytest.mark.fault("F2", "F28")
def test_a_replay_from_an_offset_repeats_nothing_where_the_inbox_is_asked() -> None:
    handler = EffectHandler(once=True)
    publish(deposits(1, 100))
    with running(handler):
        wait_for_effects(handler, 100)
    for number in range(4):
        positions.rewrite(handler.name, (TOPIC, number), 0)
    again = EffectHandler(handler.name, once=True)
    with running(again):
        publish([(1, 101)])
        rows = wait_for_effects(again, 101)
        wait_until(lambda: _applied(handler.name) == 101, 60, "the whole replay")
    assert again.calls
    assert sorted(effects(handler.name)) == sorted([*deposits(1, 100), (1, 101)]) == sorted(rows)


def _applied(consumer: str) -> int:
    """Messages behind the stored positions."""
    return sum(ConsumerPosition.objects.filter(consumer=consumer).values_list("next_offset", flat=True))


@pytest.mark.fault("F28")
def test_without_the_inbox_a_replay_does_repeat() -> None:
    """The test above would pass with a runner that cannot go back; this one proves that it went back."""
    handler = EffectHandler()
    publish([(1, sequence) for sequence in range(1, 11)])
    with running(handler):
        wait_for_effects(handler, 10)
    positions.rewrite(handler.name, (TOPIC, partition_of(1, TOPIC)), 4)
    with running(EffectHandler(handler.name)):
        rows = wait_for_effects(handler, 16)
    assert [sequence for _, sequence in rows] == [*range(1, 11), *range(5, 11)]


def test_a_backlog_is_worked_off_in_large_batches() -> None:
    handler = EffectHandler()
    publish(deposits(1, 5_000))
    with running(handler):
        rows = wait_for_effects(handler, 5_000)
    assert sorted(rows) == sorted(deposits(1, 5_000))
    assert handler.calls < 200


def test_a_failing_batch_leaves_no_trace_and_is_tried_three_times() -> None:
    handler = EffectHandler(poison="stop")
    handler.broken = {3}
    publish([(1, sequence) for sequence in range(1, 6)])
    with running(handler):
        stopped = metrics.CONSUMER_STOPPED_PARTITIONS.labels(handler.name)
        wait_until(lambda: stopped._value.get() == 1, 60, "the stopped partition")
        assert effects(handler.name) == [(1, 1), (1, 2)]  # what came before it is applied, and nothing behind it
    assert metrics.CONSUMER_FAILURES.labels(handler.name, "handler")._value.get() >= 3
    assert handler.forgotten >= 3


@pytest.mark.fault("F29")
def test_poison_stops_its_own_partition_only() -> None:
    handler = EffectHandler(poison="stop")
    handler.broken = {2}
    bad, good = 1, next(each for each in ACCOUNTS if partition_of(each, TOPIC) != partition_of(1, TOPIC))
    publish([(bad, 1), (bad, 2), (bad, 3)])
    with running(handler):
        stopped = metrics.CONSUMER_STOPPED_PARTITIONS.labels(handler.name)
        wait_until(lambda: stopped._value.get() == 1, 60, "the stopped partition")
        publish([(good, 10), (bad, 4), (good, 11)])
        wait_until(lambda: by_account(effects(handler.name)).get(good) == [10, 11], 60, "the other partition's effects")
    assert by_account(effects(handler.name)) == {bad: [1], good: [10, 11]}
    assert ParkedMessage.objects.count() == 0


@pytest.mark.fault("F29")
def test_a_stopped_partition_goes_on_after_a_restart_with_the_fault_mended() -> None:
    handler = EffectHandler(poison="stop")
    handler.broken = {2}
    publish([(1, 1), (1, 2), (1, 3)])
    with running(handler):
        stopped = metrics.CONSUMER_STOPPED_PARTITIONS.labels(handler.name)
        wait_until(lambda: stopped._value.get() == 1, 60, "the stopped partition")
    mended = EffectHandler(handler.name)
    with running(mended):
        assert wait_for_effects(mended, 3) == [(1, 1), (1, 2), (1, 3)]


@pytest.mark.fault("F29")
@pytest.mark.parametrize("where", ["first", "middle", "last"])
def test_poison_on_a_display_stream_is_parked_and_the_others_go_on(where: str) -> None:
    handler = EffectHandler(poison="park")
    handler.broken = {{"first": 1, "middle": 5, "last": 10}[where]}
    publish([(1, sequence) for sequence in range(1, 11)])
    with running(handler):
        parked = wait_until(lambda: ParkedMessage.objects.filter(consumer=handler.name).first(), 60, "the parked message")
        wait_for_effects(handler, 9)
        publish([(1, 11)])
        rows = wait_for_effects(handler, 10)
    assert [sequence for _, sequence in rows] == [each for each in range(1, 12) if each not in handler.broken]
    assert parked.error == "ValueError: this one cannot be applied"


@pytest.mark.fault("F29")
def test_an_unreadable_message_is_parked_with_its_reason() -> None:
    handler = EffectHandler(poison="park")
    publish([(1, 1)])
    publish_raw(1, b'{"type":"ACCOUNT_OPENED","surprise":1}')
    publish([(1, 2)])
    with running(handler):
        rows = wait_for_effects(handler, 2)
        parked = wait_until(lambda: ParkedMessage.objects.filter(consumer=handler.name).first(), 60, "the parked message")
    assert [sequence for _, sequence in rows] == [1, 2]
    assert parked.offset == 1
    assert parked.error.startswith("UnreadableMessageError: message on accounts.events must follow its schema")


@pytest.mark.fault("F29")
def test_an_unreadable_message_stops_a_money_stream() -> None:
    handler = EffectHandler(poison="stop")
    publish([(1, 1)])
    publish_raw(1, b"\xff\xfe")
    publish([(1, 2)])
    with running(handler):
        stopped = metrics.CONSUMER_STOPPED_PARTITIONS.labels(handler.name)
        wait_until(lambda: stopped._value.get() == 1, 60, "the stopped partition")
        assert effects(handler.name) == [(1, 1)]


def test_a_cut_database_connection_heals_without_help() -> None:
    handler = EffectHandler()
    publish(deposits(1, 8))
    with running(handler) as worker, own_connection() as database:
        wait_for_effects(handler, 8)
        for round_number in range(3):
            database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND application_name = %s AND pid <> %s",
                [django_settings.PROCESS_NAME, _own_pid()],
            )
            first = 9 + 8 * round_number
            publish(deposits(first, first + 7))
            wait_for_effects(handler, first + 7)
    assert worker.error is None
    assert sorted(effects(handler.name)) == sorted(deposits(1, 32))


def _own_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.mark.fault("F2")
def test_a_topic_that_was_made_anew_is_read_from_its_beginning_with_an_alarm(log: Log) -> None:
    handler = EffectHandler()
    publish([(1, sequence) for sequence in range(1, 11)])
    with running(handler):
        wait_for_effects(handler, 10)
    log.remake(TOPIC)
    publish([(1, 11), (1, 12)])
    again = EffectHandler(handler.name)
    with running(again):
        rows = wait_for_effects(again, 12)
    assert [sequence for _, sequence in rows] == list(range(1, 13))
    assert metrics.CONSUMER_POSITIONS_LOST.labels(handler.name)._value.get() == 1


def test_a_consumer_of_the_latest_sees_nothing_old_and_stores_no_position() -> None:
    handler = LatestHandler()
    publish(deposits(1, 20))
    sequence = 100
    with running(handler):

        def arrived() -> bool:
            nonlocal sequence
            sequence += 1
            publish([(1, sequence)])
            return bool(handler.seen)

        wait_until(arrived, 60, "a new message")
    assert min(handler.seen) > 100
    assert handler.seen == sorted(handler.seen)
    assert not ConsumerPosition.objects.filter(consumer=handler.name).exists()


def test_who_looks_back_reads_what_came_while_nobody_read() -> None:
    publish(deposits(1, 20))
    handler = LatestHandler()
    handler.look_back_s = 3_600.0
    with running(handler):
        wait_until(lambda: len(handler.seen) == 20, 60, "what was there")
        publish(deposits(21, 24))
        wait_until(lambda: len(handler.seen) == 24, 60, "what came later")
    assert sorted(handler.seen) == list(range(1, 25))
    late = LatestHandler()
    late.look_back_s = 0.001
    sequence = 100
    with running(late):

        def arrived() -> bool:
            nonlocal sequence
            sequence += 1
            publish([(1, sequence)])
            return bool(late.seen)

        wait_until(arrived, 60, "a new message")
    assert min(late.seen) > 100, "what is older than it looks back on is left"


def test_a_reader_of_the_latest_is_not_behind_what_it_will_never_read() -> None:
    events = deposits(1, 20)
    publish(events)
    where = (TOPIC, partition_of("1", TOPIC))
    lags: list[int] = []

    def has_read() -> bool:
        fresh, _ = reader.poll()
        lags.append(reader.lag())
        if where in reader.assignment and not fresh:
            publish([(1, 21)])
        return where in fresh

    with reading("l-lag") as reader:
        wait_until(lambda: reader.poll()[1], 60, "the assignment")
        assert reader.next_offset(where) == sum(partition_of(str(account), TOPIC) == where[1] for account, _ in events) > 0
        assert reader.lag() == 0
        wait_until(has_read, 60, "what came later")
        assert reader.next_offset(where) > 0
    assert max(lags) < 20


def test_ticks_come_between_polls_while_idle() -> None:
    handler = EffectHandler()
    publish(deposits(1, 8))
    with running(handler):
        wait_for_effects(handler, 8)
        before = len(handler.ticks)
        wait_until(lambda: len(handler.ticks) > before + 20, 60, "twenty ticks")
    gaps = [later - earlier for earlier, later in zip(handler.ticks, handler.ticks[1:], strict=False)]
    assert sorted(gaps)[len(gaps) // 2] < 50_000_000


@pytest.mark.fault("F2")
def test_a_log_that_is_away_is_waited_out_and_the_process_still_stops_when_told(log: Log) -> None:
    handler = EffectHandler()
    stopping = Event()
    with log.away():
        worker = Worker(Runner(handler, stopping), stopping)
        failures = metrics.CONSUMER_FAILURES.labels(handler.name, "eventlog")
        wait_until(lambda: failures._value.get() >= 1, 60, "a failed attempt")
        worker.stop()
    assert worker.error is None


def test_a_member_that_was_thrown_out_unnoticed_applies_nothing_a_second_time() -> None:
    """Another member has applied the batch that this one still holds: the stored position is the fence."""
    handler = EffectHandler()
    publish([(1, sequence) for sequence in range(1, 11)])
    where = (TOPIC, partition_of(1, TOPIC))
    plain = handler.handle

    def overtaken(records: Any) -> None:
        handler.handle = plain  # type: ignore[method-assign]
        with own_connection() as other:
            other.execute(
                "INSERT INTO eventlog_consumerposition (consumer, topic, partition, next_offset, moved_at)"
                " VALUES (%s, %s, %s, 7, now())",
                [handler.name, positions.place_of(TOPIC), where[1]],
            )
        plain(records)

    handler.handle = overtaken  # type: ignore[method-assign]
    with running(handler) as worker:
        rows = wait_for_effects(handler, 3)
        publish([(1, 11)])
        rows = wait_for_effects(handler, 4)
    assert worker.error is None
    assert [sequence for _, sequence in rows] == [8, 9, 10, 11]
