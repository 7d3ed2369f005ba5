"""How the invariants are asked and told. That each of them bites is in ``test_planted_violations``."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from structlog.testing import capture_logs

from apps.engine.checks import Check, ask_each, planned_for_all
from apps.engine.invariant_reports import LIVE_SCOPE, ask_and_record, get_report
from apps.engine.invariants import CHECKS, LIVE
from apps.engine.models import InvariantReport
from apps.observability import metrics
from tests.engine.day import plant
from tests.engine.world import World


@pytest.fixture
def traded(world: World) -> World:
    """A trade, and an open order on either side."""
    world.submit(world.alice, "SELL", "1", "100.00")
    world.submit(world.bob, "BUY", "1", "100.00")
    world.submit(world.alice, "SELL", "1", "102.00")
    world.submit(world.alice, "BUY", "1", "98.00")
    return world


def test_books_that_are_right_violate_nothing(traded: World) -> None:
    assert traded.violations() == []
    results = ask_each(traded.raw, LIVE, each_s=10, all_s=60)
    assert len(results) == len(LIVE)
    assert all(result.holds for result in results)


def test_a_violation_is_loud_and_is_remembered_when_it_is_gone(traded: World) -> None:
    assert ask_and_record().violated == 0
    assert metrics.INVARIANTS_VIOLATED._value.get() == 0
    plant("UPDATE ledger_ledgeraccount SET total = total + 1 WHERE account_id = {account}", {"account": traded.alice.pk})
    with capture_logs() as logged:
        report = ask_and_record()
    assert report.violated >= 1 and report.violated_at == report.asked_at
    assert metrics.INVARIANTS_VIOLATED._value.get() == report.violated
    assert {entry["check"] for entry in logged if entry["event"] == "invariant_violated"} >= {"I1"}
    assert all(entry["log_level"] == "error" for entry in logged)
    plant("UPDATE ledger_ledgeraccount SET total = total - 1 WHERE account_id = {account}", {"account": traded.alice.pk})
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


# --- what it costs ------------------------------------------------------------------------------------------------------------

#: Tables that grow with every order, or every command of staff.
GROWING = {
    "orders_order", "orders_orderterms", "orders_trade", "orders_fill", "orders_accountevent", "ledger_transfer",
    "ledger_posting", "engine_journal", "engine_commandrecord", "backoffice_trailentry", "eventlog_logrecord",
}  # fmt: skip
#: The index of open orders alone, which is as large as the market and not as its history.
OF_THE_OPEN = "order_open_of_account"


def whole_reads(node: dict[str, Any], *, limited: bool = False) -> Iterator[str]:
    """The scans of a plan that read all of a growing table: no condition on a key, and nobody who stops them."""
    # What a query is given by name is read to its end, whatever is taken of the result.
    limited = node["Node Type"] == "Limit" or (limited and "CTE" not in node.get("Subplan Name", ""))
    if node.get("Relation Name") in GROWING and node["Node Type"] != "Bitmap Heap Scan":
        by_key = "Index Cond" in node or node.get("Index Name") == OF_THE_OPEN
        if not by_key and not (limited and node["Node Type"].startswith("Index")):
            yield f"{node['Node Type']} on {node['Relation Name']}"
    for inner in node.get("Plans", ()):
        # What an aggregate or a sort is fed with is read to its end, whatever is taken of the result.
        is_read_whole = node["Node Type"] in ("Aggregate", "Sort", "Hash", "WindowAgg")
        yield from whole_reads(inner, limited=limited and not is_read_whole)


def _forget_statistics(cursor: Any) -> None:
    """As if autovacuum had never come by: what it has seen here is a few rows, which are read whole sooner than looked up."""
    ours = "SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')"
    cursor.execute(f"UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE oid IN ({ours})")
    cursor.execute(f"DELETE FROM pg_statistic WHERE starelid IN ({ours})")


@pytest.mark.parametrize("check", LIVE, ids=lambda check: f"{check.name} {check.meaning}")
def test_what_is_asked_every_minute_reads_no_growing_table_to_its_end(db: None, check: Check) -> None:
    """A sequential scan is forbidden here, because small tables would be read by one: what remains must be by keys."""
    with connection.cursor() as cursor:
        _forget_statistics(cursor)
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {planned_for_all(check.query, 5)}".replace("%", "%%"), [])
        [(plan,)] = cursor.fetchall()
    assert list(whole_reads(plan[0]["Plan"])) == []
