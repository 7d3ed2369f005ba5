"""The invariants, asked of books that are right and of books that are not: every question that is asked every minute bites."""

from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from structlog.testing import capture_logs

from apps.engine.checks import Check, ask_each
from apps.engine.invariant_reports import LIVE_SCOPE, ask_and_record, get_report
from apps.engine.invariants import CHECKS, LIVE
from apps.engine.models import InvariantReport
from apps.observability import metrics
from tests.engine.world import World

#: What is planted, and the check of every minute that must find it.
PLANTED = {
    "a total that nothing made": (
        "UPDATE ledger_ledgeraccount SET total = total + 1 WHERE account_id = {account}",
        ("I1", "the totals of an asset"),
    ),
    "more held than there is": ("UPDATE ledger_ledgeraccount SET held = -1 WHERE account_id = {account}", ("I3", "not negative")),
    "a hold that was forgotten": ("UPDATE ledger_ledgeraccount SET held = 0 WHERE account_id = {account}", ("I4", "holds back")),
    "an order that holds too little": (
        "UPDATE orders_order SET held = held - 0.01 WHERE status = 'ACCEPTED'",
        ("I4", "may still cost"),
    ),
    "a crossed book": (
        "UPDATE orders_order SET price = 110 WHERE status = 'ACCEPTED' AND side = 'BUY'",
        ("I10", "crossed"),
    ),
    "a price off the grid": (
        "UPDATE orders_order SET price = price + 0.001 WHERE status = 'ACCEPTED'",
        ("I20", "open orders are on the grid"),
    ),
    "a transfer of one side": ("DELETE FROM ledger_posting WHERE leg = 0", ("I2", "a new transfer")),
    "a trade with one fill": ("DELETE FROM orders_fill WHERE side = 'BUY'", ("I7", "a new trade")),
    "a trade with oneself": ("UPDATE orders_fill SET account_id = {account}", ("I11", "newly traded")),
    "a batch that is missing": (
        "DELETE FROM engine_journal WHERE last_sequence = (SELECT max(last_sequence) FROM engine_journal WHERE last_sequence <"
        " (SELECT max(last_sequence) FROM engine_journal))",
        ("I12", "each new batch"),
    ),
    "an event published before its commit": (
        "INSERT INTO eventlog_relaycursor (lane, last_sequence, moved_at)"
        " SELECT lane, max(last_sequence) + 1, now() FROM eventlog_outboxbatch GROUP BY lane",
        ("I19", "the relay"),
    ),
    "a trade off the grid": ("UPDATE orders_trade SET price = price + 0.001", ("I20", "new trades")),
    "a batch of an engine that has no lease": ("UPDATE engine_lease SET epoch = 0", ("I21", "later epoch")),
}


@pytest.fixture
def traded(world: World) -> World:
    """A trade, and an open order on either side."""
    world.submit(world.alice, "SELL", "1", "100.00")
    world.submit(world.bob, "BUY", "1", "100.00")
    world.submit(world.alice, "SELL", "1", "102.00")
    world.submit(world.alice, "BUY", "1", "98.00")
    return world


def plant(world: World, statement: str) -> None:
    constraints = "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND conrelid = ANY(%s::regclass[])"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the commit would bar the next
        cursor.execute(constraints, [["ledger_ledgeraccount", "orders_order"]])
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger, as a bug below them would have none
        cursor.execute(statement.format(account=world.alice.pk))
        assert cursor.rowcount
        cursor.execute("SET LOCAL session_replication_role = origin")


def found(results: Any) -> set[tuple[str, str]]:
    return {(result.check.name, result.check.meaning) for result in results if result.rows}


def test_books_that_are_right_violate_nothing(traded: World) -> None:
    assert traded.violations() == []
    results = ask_each(traded.raw, LIVE, each_s=10, all_s=60)
    assert len(results) == len(LIVE)
    assert all(result.holds for result in results)


@pytest.mark.parametrize("what", PLANTED)
def test_what_is_planted_is_found_within_the_minute(traded: World, what: str) -> None:
    statement, (name, words) = PLANTED[what]
    plant(traded, statement)
    results = ask_each(traded.raw, LIVE, each_s=10, all_s=60)
    assert any(at == name and words in meaning for at, meaning in found(results)), found(results)


def test_every_question_that_is_asked_every_minute_is_planted_against() -> None:
    asked = {(check.name, check.meaning) for check in LIVE}
    needles = [needle for _, needle in PLANTED.values()]
    bitten = {(name, meaning) for name, meaning in asked for at, words in needles if at == name and words in meaning}
    unplanted = {meaning for _, meaning in asked - bitten}
    assert unplanted == {
        "a dead man's switch that was not renewed has fired, at most a minute of the engine's clock late",
        "no two sessions have the engine's lock",  # Postgres gives a lock to one
    }


def test_a_violation_is_loud_and_is_remembered_when_it_is_gone(traded: World) -> None:
    assert ask_and_record().violated == 0
    assert metrics.INVARIANTS_VIOLATED._value.get() == 0
    plant(traded, "UPDATE ledger_ledgeraccount SET total = total + 1 WHERE account_id = {account}")
    with capture_logs() as logged:
        report = ask_and_record()
    assert report.violated >= 1 and report.violated_at == report.asked_at
    assert metrics.INVARIANTS_VIOLATED._value.get() == report.violated
    assert {entry["check"] for entry in logged if entry["event"] == "invariant_violated"} >= {"I1"}
    assert all(entry["log_level"] == "error" for entry in logged)
    plant(traded, "UPDATE ledger_ledgeraccount SET total = total - 1 WHERE account_id = {account}")
    healed = ask_and_record()
    assert healed.violated == 0 and healed.violated_at == report.violated_at
    assert InvariantReport.objects.count() == 1, "one row, however often it is asked"


def test_a_question_that_takes_too_long_is_given_up_and_the_others_are_answered(traded: World) -> None:
    slow = Check("I0", "a question that takes for ever", "SELECT pg_sleep(30)")
    late = Check("I0", "a question after that", "SELECT 1 WHERE false")
    first, second = ask_each(traded.raw, (slow, late), each_s=0.2, all_s=5)
    assert first.error and not first.holds and not first.rows
    assert second.holds
    _, starved = ask_each(traded.raw, (slow, late), each_s=0.2, all_s=0.2)
    assert "not asked" in starved.error


def test_asking_takes_no_lock_that_a_writer_waits_for(db: None) -> None:
    held = Check(
        "I0",
        "a lock that is more than a reader's",
        "SELECT relation::regclass, mode FROM pg_locks"
        " WHERE pid = pg_backend_pid() AND relation IS NOT NULL AND mode <> 'AccessShareLock'",
    )
    d = settings.DATABASES["default"]
    with psycopg.connect(
        host=d["HOST"], port=d["PORT"], user=d["USER"], password=d["PASSWORD"], dbname=d["NAME"], autocommit=True
    ) as other:
        results = ask_each(other, (*CHECKS, *LIVE, held), each_s=10, all_s=60)
    assert [result for result in results if not result.holds] == []


def test_before_the_first_time_there_is_no_report(db: None) -> None:
    assert get_report(LIVE_SCOPE) is None


def test_the_command_tells_each_check_on_a_line(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_invariants", "--live")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(LIVE) + 1
    assert all(" ok " in line for line in lines[:-1])
    assert lines[-1] == f"{len(LIVE)} checks, 0 violations"
    report = get_report(LIVE_SCOPE)
    assert report is not None and len(report.checks) == len(LIVE)
