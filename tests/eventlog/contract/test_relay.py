"""The relay, on a real log and a real database: in order, complete, and on its own feet again after any cut."""

import signal
import subprocess
import sys
import threading
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings

from apps.core.failpoint import FailpointError, arm
from apps.eventlog import outbox, port, relay
from apps.eventlog.models import OutboxBatch, RelayCursor
from apps.observability import metrics
from tests.eventlog.harness import (
    TOPIC,
    EffectHandler,
    Worker,
    by_account,
    effects,
    own_connection,
    process_environment,
    read_log,
    relaying,
    running,
    write_outbox,
)
from tests.eventlog.logs import Log
from tests.faults.figures import note
from tests.faults.lanes import times
from tests.logins import login_of
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("topics", "committed_database")


def cursor(lane: str) -> int:
    return RelayCursor.objects.filter(lane=lane).values_list("last_sequence", flat=True).first() or 0


def wait_for_cursor(lane: str, sequence: int, timeout_s: float = 20) -> None:
    wait_until(lambda: cursor(lane) >= sequence, timeout_s, f"cursor {sequence}")


def published() -> dict[int, list[int]]:
    """Account -> the sequences on the topic, in the order of its partition."""
    from apps.eventlog.codec import decode

    messages = [decode(TOPIC, record.value) for record in read_log()]
    return by_account([(message.account_id, message.sequence) for message in messages])


def test_what_waits_is_published_in_order_and_the_cursor_moves(lane: str) -> None:
    with own_connection() as database:
        for batch in range(50):
            write_outbox(database, lane, batch * 4 + 4, [(1 + each % 2, batch * 4 + each + 1) for each in range(4)])
    with relaying(lane=lane) as worker:
        wait_for_cursor(lane, 200)
    assert worker.error is None
    assert published() == {1: list(range(1, 201, 2)), 2: list(range(2, 201, 2))}


def test_messages_carry_their_event_id_and_their_key(lane: str) -> None:
    with own_connection() as database:
        write_outbox(database, lane, 7, [(42, 7)])
    with relaying(lane=lane):
        wait_for_cursor(lane, 7)
    (record,) = read_log()
    assert record.key == b"42"
    assert record.headers == [("event-id", b"1-7")]


def test_nothing_is_missed_while_writers_go_on_in_two_lanes(lane: str) -> None:
    """Each lane has one writer, as in the product; both relays read one table that both writers append to."""
    other = f"{lane}b"

    def write(name: str, account: int) -> None:
        with own_connection() as database:
            for sequence in range(1, 301):
                write_outbox(database, name, sequence, [(account, sequence)])

    with relaying(lane=lane), relaying(lane=other):
        writers = [threading.Thread(target=write, args=each) for each in ((lane, 1), (other, 2))]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(30)
        wait_for_cursor(lane, 300)
        wait_for_cursor(other, 300)
    assert published() == {1: list(range(1, 301)), 2: list(range(1, 301))}


def test_a_notice_is_enough_to_publish_at_once(lane: str) -> None:
    with relaying(lane=lane), own_connection() as database:
        wait_until(lambda: RelayCursor.objects.filter(lane=lane).exists(), 60, "the relay")
        for sequence in range(1, 21):
            write_outbox(database, lane, sequence, [(1, sequence)])
            wait_for_cursor(lane, sequence)


@pytest.mark.fault("F33")
def test_a_crash_before_the_mark_publishes_twice_and_consumers_apply_once(lane: str, effect_table: None) -> None:
    handler = EffectHandler(once=True)
    with own_connection() as database:
        for sequence in range(1, 31):
            write_outbox(database, lane, sequence, [(sequence % 3, sequence)])
    with running(handler):
        with relaying(lane=lane):
            wait_for_cursor(lane, 30)
        RelayCursor.objects.filter(lane=lane).update(last_sequence=10)  # as if killed between acknowledgement and mark
        with relaying(lane=lane):
            wait_for_cursor(lane, 30)
        assert len(read_log()) == 50
        with own_connection() as database:
            write_outbox(database, lane, 33, [(account, 31 + account) for account in range(3)])
        with relaying(lane=lane):
            wait_until(lambda: len(effects(handler.name)) >= 33, 60, "every effect")
    rows = effects(handler.name)
    assert sorted(rows) == sorted([(each % 3, each) for each in range(1, 31)] + [(each, 31 + each) for each in range(3)])


def test_a_cut_database_connection_heals_without_help(lane: str) -> None:
    with relaying(lane=lane) as worker, own_connection() as database:
        for round_number in range(3):
            write_outbox(database, lane, round_number + 1, [(1, round_number + 1)])
            wait_for_cursor(lane, round_number + 1)
            cut = database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = %s",
                [f"tredye relay {lane}"],
            ).fetchall()
            assert cut == [(True,)]
        write_outbox(database, lane, 9, [(1, 9)])
        wait_for_cursor(lane, 9)
    assert worker.error is None
    assert published() == {1: [1, 2, 3, 9]}


def test_a_second_relay_stands_by_and_takes_over(lane: str) -> None:
    with own_connection() as database, relaying(lane=lane) as first:
        write_outbox(database, lane, 1, [(1, 1)])
        wait_for_cursor(lane, 1)
        with relaying(lane=lane) as second:
            wait_until(lambda: _relays(database, lane) == 2, 60, "the standby")
            for sequence in range(2, 50):
                write_outbox(database, lane, sequence, [(1, sequence)])
            wait_for_cursor(lane, 49)
            assert _locks(database) == 1
            first.stop()
            write_outbox(database, lane, 50, [(1, 50)])
            wait_for_cursor(lane, 50)
    assert (first.error, second.error) == (None, None)
    assert published() == {1: list(range(1, 51))}


def _relays(database: Any, lane: str) -> int:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s"
    return int(database.execute(query, [f"tredye relay {lane}"]).fetchone()[0])


def _locks(database: Any) -> int:
    query = (
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return int(database.execute(query).fetchone()[0])


def test_a_cursor_that_another_relay_moved_is_never_moved_back(lane: str) -> None:
    with own_connection() as database:
        outbox.cursor_of(database, lane)
        assert outbox.move_cursor(database, lane, 0, 5)
        assert not outbox.move_cursor(database, lane, 0, 3)
    assert cursor(lane) == 5


def test_a_damaged_row_stops_the_lane_in_front_of_it(lane: str) -> None:
    with own_connection() as database:
        write_outbox(database, lane, 1, [(1, 1)])
        with relaying(lane=lane):
            wait_for_cursor(lane, 1)
        OutboxBatch.objects.create(lane=lane, last_sequence=2, messages=b"\xc1")
        with pytest.raises(outbox.DamagedOutboxError):
            outbox.waiting(database, lane, 1, 10)
        damaged = metrics.RELAY_FAILURES.labels("outbox")
        before = damaged._value.get()
        with relaying(lane=lane) as worker:
            wait_until(lambda: damaged._value.get() == before + 1, 60, "the halt in front of the damaged row")
        assert worker.error is None
    assert cursor(lane) == 1


@pytest.mark.parametrize(
    ("topic", "value"), [("no.such.topic", b"{}"), (TOPIC, b"x" * 1_100_000)], ids=["an unknown topic", "too large"]
)
def test_a_message_that_is_refused_for_good_stops_the_lane_without_spinning(lane: str, topic: str, value: bytes) -> None:
    packed = outbox.pack([(topic, "1", "1-1", value)])
    OutboxBatch.objects.create(lane=lane, last_sequence=1, messages=packed)
    refused, retried = metrics.RELAY_FAILURES.labels("outbox"), metrics.RELAY_FAILURES.labels("eventlog")
    before, tries = refused._value.get(), retried._value.get()
    with relaying(lane=lane) as worker:
        wait_until(lambda: refused._value.get() == before + 1, 60, "the halt in front of the message")
    assert worker.error is None
    assert (cursor(lane), retried._value.get()) == (0, tries)


def test_a_backlog_larger_than_the_producers_buffer_goes_out(lane: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port, "BUFFER_BYTES_MAX", 4_000)
    monkeypatch.setattr(relay, "_UNDER_WAY_MAX", 1_000)
    retried = metrics.RELAY_FAILURES.labels("eventlog")
    tries = retried._value.get()
    with own_connection() as database:
        for batch in range(20):
            write_outbox(database, lane, batch * 4 + 4, [(1, batch * 4 + each + 1) for each in range(4)])
    with relaying(lane=lane):
        wait_for_cursor(lane, 80)
    assert published() == {1: list(range(1, 81))}
    assert retried._value.get() == tries


def test_only_what_is_old_and_published_is_removed(lane: str) -> None:
    with own_connection() as database:
        for sequence in range(1, 6):
            write_outbox(database, lane, sequence, [(1, sequence)])
        database.execute(
            "UPDATE eventlog_outboxbatch SET recorded_at = now() - interval '2 hours' WHERE lane = %s AND last_sequence <> 2",
            [lane],
        )
        outbox.cursor_of(database, lane)
        outbox.move_cursor(database, lane, 0, 3)
        assert outbox.prune(database, lane, 3, 3600, limit=1) == 1
        assert outbox.prune(database, lane, 3, 3600, limit=100) == 1
        assert outbox.prune(database, lane, 3, 3600, limit=100) == 0
    left = OutboxBatch.objects.filter(lane=lane).order_by("last_sequence").values_list("last_sequence", flat=True)
    assert list(left) == [2, 4, 5]


def test_the_relay_prunes_by_itself_and_measures_the_backlog(lane: str) -> None:
    with own_connection() as database:
        for sequence in range(1, 4):
            write_outbox(database, lane, sequence, [(1, sequence)])
    with relaying(lane=lane, retention_s=0.0):
        wait_until(lambda: not OutboxBatch.objects.filter(lane=lane).exists(), 60, "the empty outbox")
        wait_until(lambda: metrics.RELAY_DEPTH.labels(lane)._value.get() == 0, 60, "the measure")
    assert published() == {1: [1, 2, 3]}


@pytest.mark.fault("F1")
def test_a_log_that_is_away_is_waited_out_and_the_rows_stay(lane: str, log: Log, caplog: pytest.LogCaptureFixture) -> None:
    with own_connection() as database, ExitStack() as away:
        away.enter_context(log.away())
        write_outbox(database, lane, 1, [(1, 1)])
        stopping = threading.Event()
        worker = Worker(relay.Relay(stopping, lane=lane), stopping)
        wait_until(lambda: "again" in caplog.text or "next attempt" in caplog.text, 60, "a failed attempt")
        assert cursor(lane) == 0
        if settings.EVENT_LOG == "kafka":  # the other one takes the outbox away with it
            wait_until(lambda: metrics.RELAY_OLDEST_SECONDS.labels(lane)._value.get() > 1, 60, "its age is told meanwhile")
            assert metrics.RELAY_DEPTH.labels(lane)._value.get() == 1
        away.close()
        wait_for_cursor(lane, 1)
        worker.stop()
    assert published() == {1: [1]}


@pytest.mark.fault("F33")
@pytest.mark.processes
def test_the_process_ends_cleanly_on_sigterm_and_dies_at_its_fail_point(lane: str) -> None:
    command = [sys.executable, "manage.py", "relay_outbox", "--lane", lane]
    environment = process_environment() | login_of(command)
    with own_connection() as database:
        write_outbox(database, lane, 1, [(1, 1)])
        dying = subprocess.run(
            command,
            env={**environment, "FAILPOINT": "relay.after_send_before_mark:1:exit"},
            timeout=60,
            check=False,
            capture_output=True,
        )
        assert dying.returncode == 137
        assert cursor(lane) == 0
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            wait_for_cursor(lane, 1, 60)
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=20)
        finally:
            process.kill()
        assert process.returncode == 0, output
    assert published() == {1: [1, 1]}


@pytest.mark.fault("F2")
@pytest.mark.long
def test_a_topic_that_is_made_anew_under_them_needs_no_restart_and_raises_the_alarm(
    lane: str, log: Log, effect_table: None
) -> None:
    handler = EffectHandler(once=True)
    with own_connection() as database, running(handler), relaying(lane=lane):
        for sequence in range(1, 11):
            write_outbox(database, lane, sequence, [(1, sequence)])
        wait_until(lambda: len(effects(handler.name)) == 10, 60, "ten effects")
        log.remake(TOPIC)
        lost = metrics.CONSUMER_POSITIONS_LOST.labels(handler.name)
        for sequence in (11, 12):
            write_outbox(database, lane, sequence, [(1, sequence)])
        wait_until(lambda: len(effects(handler.name)) == 12, 90, "what came after it")
        assert lost._value.get() >= 1
    assert effects(handler.name) == [(1, sequence) for sequence in range(1, 13)]


@pytest.mark.fault("F33")
@pytest.mark.long
@pytest.mark.timeout(900)
def test_relays_that_die_after_the_acknowledgement_again_and_again_leave_each_effect_once(lane: str, effect_table: None) -> None:
    """The fail point raises what nobody catches: the thread ends as the process would, between the two."""
    handler = EffectHandler(once=True)
    deaths = times(100, 10)
    with own_connection() as database, running(handler):
        try:
            for sequence in range(1, deaths + 1):
                write_outbox(database, lane, sequence, [(sequence % 3, sequence)])
                arm("relay.after_send_before_mark:1:raise")
                worker = Worker(relay.Relay(stopping := threading.Event(), lane=lane), stopping)
                wait_until(lambda worker=worker: worker.error is not None, 60, "the relay's death")
                assert isinstance(worker.error, FailpointError) and cursor(lane) == sequence - 1
                if sequence % 2:  # dies a second time at the same place
                    arm("relay.after_send_before_mark:1:raise")
                    again = Worker(relay.Relay(stopping := threading.Event(), lane=lane), stopping)
                    wait_until(lambda again=again: again.error is not None, 60, "the second one's death")
                arm("")
                with relaying(lane=lane):
                    wait_for_cursor(lane, sequence)
        finally:
            arm("")
        wait_until(lambda: len(effects(handler.name)) >= deaths, 60, "every effect")
    assert sorted(effects(handler.name)) == sorted((each % 3, each) for each in range(1, deaths + 1))
    copies = len(read_log())
    assert copies == 2 * deaths + (deaths + 1) // 2
    note("F33", f"{deaths + (deaths + 1) // 2} deaths between acknowledgement and mark: {copies} messages, {deaths} effects")


def test_packing_is_reversible() -> None:
    messages = [outbox.Message(TOPIC, "1", "1-1", b"{}"), outbox.Message(TOPIC, "2", "1-2", b"\x00\xff")]
    assert outbox.unpack(outbox.pack(messages)) == messages
