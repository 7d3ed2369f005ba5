"""What only the embedded log could get wrong: offsets against commits, bells, the disk, retention, connections that are cut."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings

from apps.eventlog import positions
from apps.eventlog.embedded import reader as reader_module
from apps.eventlog.embedded.retention import remove_expired
from apps.eventlog.log import event_log
from apps.eventlog.port import LogUnavailableError, PublishError
from apps.eventlog.producer import open_producer
from apps.eventlog.topics import TOPICS, full_name, partition_of
from apps.observability import metrics
from tests.ddl import change_tables
from tests.eventlog.harness import TOPIC, EffectHandler, effects, own_connection, publish, read_log, reading, running
from tests.eventlog.logs import terminate
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("embedded", "topics", "effect_table")

WHERE = (TOPIC, partition_of(1, TOPIC))
TICKS = "marketdata.quotes"


@pytest.fixture
def embedded(settings: Any) -> None:
    settings.EVENT_LOG = "embedded"


@pytest.fixture
def database() -> Iterator[psycopg.Connection[Any]]:
    with own_connection() as connection:
        yield connection


def append(database: psycopg.Connection[Any], *values: bytes, topic: str = TOPIC, number: int = WHERE[1]) -> None:
    nothing = [b""] * len(values)
    keys = ["1"] * len(values)
    database.execute(
        "SELECT eventlog_append(%b::text[], %b::int[], %b::int[], %b::text[], %b::bytea[], %b::bytea[])",
        [[full_name(topic)], [number], [len(values)], keys, list(values), nothing],
    )


def head(database: psycopg.Connection[Any], topic: str = TOPIC, number: int = WHERE[1]) -> tuple[int, int]:
    row = database.execute(
        "SELECT first_offset, next_offset FROM eventlog_logpartition WHERE topic = %s AND number = %s", [full_name(topic), number]
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def make_old(database: psycopg.Connection[Any], topic: str, hours: int, below: int) -> None:
    database.execute(
        "UPDATE eventlog_logrecord AS r SET at = at - make_interval(hours => %s) FROM eventlog_logpartition AS p"
        ' WHERE p.id = r.partition_id AND p.topic = %s AND r."offset" < %s',
        [hours, full_name(topic), below],
    )


def test_an_append_waits_for_the_one_before_it_so_that_no_reader_passes_what_commits_later(
    database: psycopg.Connection[Any],
) -> None:
    done: list[bool] = []
    for patience in ("idle_in_transaction_session_timeout", "statement_timeout"):
        database.execute(f"SET {patience} = '120s'")

    def append_second() -> None:
        with own_connection() as other:
            for patience in ("lock_timeout", "statement_timeout"):  # the wait is what is looked at, not its end
                other.execute(f"SET {patience} = '120s'")
            append(other, b"second")
            done.append(True)

    with reading("t-order", load=lambda _partitions: {}) as reader, database.transaction():
        append(database, b"first")
        thread = threading.Thread(target=append_second)
        thread.start()
        with own_connection() as watcher:
            wait_until(lambda: _waits_for_a_lock(watcher), 60, "the second append at the lock")
        seen = [reader.poll()[0] for _ in range(20)]
        assert (done, [batch for batch in seen if batch]) == ([], [])
    thread.join(60)
    assert [record.value for record in read_log()] == [b"first", b"second"]


def test_messages_beside_those_of_a_missing_partition_are_not_failed_by_a_connection_that_breaks(
    database: psycopg.Connection[Any],
) -> None:
    """Later ones would go through, and overtake them: the inbox takes the earlier sequence for one that was applied."""
    database.execute("DELETE FROM eventlog_logpartition WHERE topic = %s AND number = 0", [full_name(TOPIC)])
    producer = open_producer("test", linger_ms=200)
    try:
        with database.transaction():
            database.execute("SELECT FROM eventlog_logpartition WHERE topic = %s AND number = 3 FOR UPDATE", [full_name(TOPIC)])
            producer.send(TOPIC, "1", b"lost", partition=0)
            producer.send(TOPIC, "1", b"first", partition=3)
            with own_connection() as watcher:
                wait_until(lambda: _waits_for_a_lock(watcher), 60, "the append at the lock")
            producer.send(TOPIC, "1", b"second", partition=3)
            terminate("tredye log test")
        with pytest.raises(PublishError, match="1 messages were not acknowledged"):
            producer.flush(10)
    finally:
        producer.close()
    assert [record.value for record in read_log() if record.partition == 3] == [b"first", b"second"]


def test_an_append_that_nobody_answers_is_made_again_by_another_session(
    database: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that was frozen ends no statement: the session that waits for it is of no use to anybody, also afterwards."""
    monkeypatch.setattr("apps.eventlog.database.STATEMENT_S_MAX", 0.3)
    producer = open_producer("test", linger_ms=0)
    try:
        with database.transaction():
            database.execute("SELECT FROM eventlog_logpartition WHERE topic = %s AND number = 3 FOR UPDATE", [full_name(TOPIC)])
            producer.send(TOPIC, "1", b"first", partition=3)
            wait_until(lambda: "wait timeout expired" in caplog.text, 60, "it was given up")
        producer.send(TOPIC, "1", b"second", partition=3)
        producer.flush(10)
    finally:
        producer.close()
    assert "another command is already in progress" not in caplog.text
    # What was given up may have gone in as well: at least once.
    assert [record.value for record in read_log() if record.partition == 3 and record.value != b"first"] == [b"second"]
    assert next(record.value for record in read_log() if record.partition == 3) == b"first"


def test_what_comes_while_a_reader_looks_for_its_beginning_does_not_send_it_further_back(
    database: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks for the ends first and for the time then: what came in between lies behind the end, and is news."""
    append(database, b"old")
    latest = reader_module.EmbeddedReader._latest

    def look(reader: Any, spans: Any) -> Any:
        append(database, b"new")
        return latest(reader, spans)

    monkeypatch.setattr(reader_module.EmbeddedReader, "_latest", look)
    with reading("t-between", look_back_s=1e-6) as reader:
        found = wait_until(lambda: reader.poll()[0], 60, "the new one")
    assert [record.value for records in found.values() for record in records] == [b"new"]


def _waits_for_a_lock(watcher: psycopg.Connection[Any]) -> bool:
    row = watcher.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        " AND query LIKE 'SELECT eventlog_append%%'"
    ).fetchone()
    return row is not None and row[0] == 1


def test_many_writers_of_one_partition_leave_no_gap_and_a_reader_sees_every_offset_in_turn() -> None:
    writers, each = 4, 150

    def write(name: int) -> None:
        producer = open_producer(f"test-{name}", linger_ms=0)
        for number in range(each):
            producer.send(TOPIC, "1", f"{name}-{number}".encode())
            if number % 10 == 0:
                producer.flush(10)
        producer.close()

    threads = [threading.Thread(target=write, args=[name]) for name in range(writers)]
    seen: list[tuple[int, bytes]] = []

    def all_seen() -> bool:
        for where, records in reader.poll()[0].items():
            seen.extend((record.offset, record.value) for record in records)
            reader.moved(where, records[-1].offset + 1)
        return len(seen) >= writers * each

    with reading("t-gaps", load=lambda _partitions: {}) as reader:
        for thread in threads:
            thread.start()
        wait_until(all_seen, 30, "every record")
    for thread in threads:
        thread.join(10)
    assert [offset for offset, _ in seen] == list(range(writers * each))
    for name in range(writers):
        mine = [value for _, value in seen if value.startswith(f"{name}-".encode())]
        assert mine == [f"{name}-{number}".encode() for number in range(each)]


def test_the_bell_brings_a_record_long_before_the_look(monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[float] = []
    with reading("t-bell") as reader:
        wait_until(lambda: reader.poll() and len(reader.assignment) == 4, 60, "the partitions")
        producer = open_producer("test", linger_ms=0)
        for _ in range(30):
            began_s = time.monotonic()
            producer.send(TOPIC, "1", b"{}")
            wait_until(lambda: _advance(reader), 60, "the record")
            times.append(time.monotonic() - began_s)
        producer.close()
    assert sorted(times)[len(times) // 2] < 0.3  # without a bell it would be half a second, until the next look


def _advance(reader: Any) -> bool:
    fresh, _ = reader.poll()
    for where, records in fresh.items():
        reader.moved(where, records[-1].offset + 1)
    return bool(fresh)


def test_a_bell_that_was_missed_costs_one_look(database: psycopg.Connection[Any]) -> None:
    with reading("t-missed") as reader:
        wait_until(lambda: reader.poll() and len(reader.assignment) == 4, 60, "the partitions")
        append(database, b"{}")  # rings nothing
        began_s = time.monotonic()
        wait_until(lambda: _advance(reader), 60, "the record")
    assert time.monotonic() - began_s < 3


def test_what_is_kept_waits_for_the_disk_and_what_passes_does_not(database: psycopg.Connection[Any]) -> None:
    """Seen from inside the append's own transaction, by a trigger on the row that every append touches."""
    database.execute("CREATE TABLE test_commits (topic text, how text)")
    database.execute(
        "CREATE FUNCTION test_note_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO test_commits VALUES (NEW.topic, current_setting('synchronous_commit')); RETURN NULL; END $$"
    )
    change_tables(
        database,
        "CREATE TRIGGER test_note AFTER UPDATE ON eventlog_logpartition FOR EACH ROW EXECUTE FUNCTION test_note_commit()",
    )
    try:
        for topics in ([TOPIC], [TICKS], [TICKS, TOPIC], [TICKS]):
            producer = open_producer("test")
            for topic in topics:
                producer.send(topic, "1", b"{}")
            producer.flush(5)
            producer.close()
        rows = database.execute("SELECT topic, how FROM test_commits").fetchall()
    finally:
        change_tables(database, "DROP TRIGGER test_note ON eventlog_logpartition")
        change_tables(database, "DROP FUNCTION test_note_commit; DROP TABLE test_commits")
    kept, ticks = full_name(TOPIC), full_name(TICKS)
    assert sorted(rows) == sorted([(kept, "on"), (ticks, "off"), (ticks, "on"), (kept, "on"), (ticks, "off")])


def test_a_partition_that_is_not_there_fails_its_own_messages_and_no_others() -> None:
    producer = open_producer("test", linger_ms=50)
    producer.send(TOPIC, "1", b"1", partition=99)
    producer.send(TOPIC, "1", b"2", partition=0)
    with pytest.raises(PublishError, match="1 messages were not acknowledged"):
        producer.flush(5)
    producer.close()
    assert [record.value for record in read_log()] == [b"2"]


def test_expired_records_go_in_chunks_and_the_beginning_moves(database: psycopg.Connection[Any]) -> None:
    append(database, *[b"x"] * 25, topic=TICKS, number=0)
    append(database, *[b"x"] * 5, topic=TOPIC, number=0)
    make_old(database, TICKS, 7, below=23)
    make_old(database, TOPIC, 10_000, below=5)
    removed = metrics.LOG_REMOVED.labels(TICKS)
    before = removed._value.get()
    assert remove_expired(database, chunk=10) == 23
    assert remove_expired(database, chunk=10) == 0
    assert removed._value.get() - before == 23
    assert head(database, TICKS, 0) == (23, 25)
    assert head(database, TOPIC, 0) == (0, 5)
    assert [record.offset for record in read_log(TICKS)] == [23, 24]
    assert len(read_log(TOPIC)) == 5


def test_the_log_is_tended_by_itself(database: psycopg.Connection[Any]) -> None:
    append(database, b"x", topic=TICKS, number=0)
    make_old(database, TICKS, 7, below=1)
    with event_log().tended():
        wait_until(lambda: head(database, TICKS, 0) == (1, 1), 60, "the removal")


@pytest.mark.parametrize("left", [0, 2], ids=["everything", "the older part"])
def test_a_reader_whose_place_was_removed_is_told_and_goes_on(database: psycopg.Connection[Any], left: int) -> None:
    lost: list[tuple[Any, int]] = []
    append(database, *[b"x"] * 5, topic=TICKS, number=0)
    arguments: dict[str, Any] = {"load": lambda _partitions: {}, "lost": lambda *told: lost.append(told)}
    with reading("t-lost", (TICKS,), **arguments) as reader:
        wait_until(lambda: reader.poll()[0], 60, "the records")  # and does not apply them
        make_old(database, TICKS, 7, below=5 - left)
        remove_expired(database)
        wait_until(lambda: reader.poll() and reader.next_offset((TICKS, 0)) == 5 - left, 60, "the new place")
    assert lost == [((TICKS, 0), 5 - left)]


def test_a_long_backlog_comes_in_bounded_parts(database: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "FETCH_BYTES_MAX", 4_000)
    for number in range(4):
        append(database, *[b"x" * 300] * 20, number=number)
    sizes: list[int] = []

    def finished() -> bool:
        fresh, _ = reader.poll()
        if fresh:
            sizes.append(sum(len(records) for records in fresh.values()))
        for where, records in fresh.items():
            reader.moved(where, records[-1].offset + 1)
        return sum(sizes) == 80

    with reading("t-parts", load=lambda _partitions: {}, records_max=50) as reader:
        wait_until(finished, 60, "all of it")
    assert max(sizes) <= 16  # four partitions, a thousand bytes each: four records, the last of which goes over
    assert len(sizes) >= 5


def test_cut_connections_heal_without_help() -> None:
    handler = EffectHandler(once=True)
    producer = open_producer("test-cut")
    with running(handler) as worker:
        for number in range(1, 5):
            publish([(1, number)])
            wait_until(lambda count=number: len(effects(handler.name)) >= count, 60, "the effect")
            assert terminate(f"tredye log {handler.name}") == 1
            assert terminate("tredye log test-cut") == 1
            producer.send(TICKS, "1", b"{}")
            producer.flush(10)
    producer.close()
    assert worker.error is None
    assert [sequence for _, sequence in effects(handler.name)] == [1, 2, 3, 4]
    assert len(read_log(TICKS)) == 4


def test_the_partitions_of_a_lost_connection_are_taken_over_within_two_looks() -> None:
    group = EffectHandler().name
    with reading(group, member="a") as first, reading(group, member="b") as second:
        wait_until(lambda: (first.poll(), second.poll()) and len(second.assignment) == 2, 60, "a share each")
        terminate(f"tredye log {group} a")
        began_s = time.monotonic()
        wait_until(lambda: second.poll() and len(second.assignment) == 4, 60, "the takeover")
        assert time.monotonic() - began_s < 3
        with pytest.raises(LogUnavailableError):
            first.poll()


def test_an_idle_reader_asks_a_few_questions_a_second_and_sleeps_otherwise(database: psycopg.Connection[Any]) -> None:
    with reading("t-idle") as reader:
        wait_until(lambda: reader.poll() and len(reader.assignment) == 4, 60, "the partitions")
        asked = 0
        plain = reader._database.execute  # type: ignore[attr-defined]

        def counting(*arguments: Any, **options: Any) -> Any:
            nonlocal asked
            asked += 1
            return plain(*arguments, **options)

        reader._database.execute = counting  # type: ignore[attr-defined]
        polls, began_s = 0, time.monotonic()
        while time.monotonic() - began_s < 3:
            reader.poll()
            polls += 1
    assert asked <= 3 * 3 + 6
    assert polls <= 3 * 1000 / 18  # 20 ms each, of which the kernel's whole milliseconds may take some


def test_the_probe_names_what_is_missing() -> None:
    event_log().ask()
    with own_connection() as database:
        database.execute("DELETE FROM eventlog_logpartition WHERE topic = %s", [full_name(TOPIC)])
    with pytest.raises(LogUnavailableError, match=rf"^manage\.py create_topics has not made {full_name(TOPIC)}$"):
        event_log().ask()


def test_every_topic_has_its_place_by_whether_it_is_kept(database: psycopg.Connection[Any]) -> None:
    rows = database.execute(
        "SELECT topic, count(*), bool_and(kept), bool_or(kept) FROM eventlog_logpartition"
        " WHERE starts_with(topic, %s) GROUP BY topic",
        [django_settings.KAFKA_TOPIC_PREFIX],
    ).fetchall()
    assert {(name, count, every, some) for name, count, every, some in rows} == {
        (full_name(each.name), each.partitions, each.retention_ms < 0, each.retention_ms < 0) for each in TOPICS.values()
    }


def test_each_log_has_positions_of_its_own(settings: Any) -> None:
    """An offset of one log must never be taken for one of the other: what lies before it would be skipped without a word."""
    positions.rewrite("t-own", WHERE, 7)
    assert positions.stored("t-own", [WHERE]) == {WHERE: 7}
    settings.EVENT_LOG = "kafka"
    assert positions.stored("t-own", [WHERE]) == {}
    positions.rewrite("t-own", WHERE, 3)
    positions.move("t-own", {WHERE: (3, 4)})
    settings.EVENT_LOG = "embedded"
    assert positions.stored("t-own", [WHERE]) == {WHERE: 7}
    positions.move("t-own", {WHERE: (7, 8)})
    with pytest.raises(positions.PositionTakenError):
        positions.move("t-own", {WHERE: (4, 5)})
