"""The nightly reconciliation: a planted difference is an alarm, a running engine is none."""

import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.db import connection

from apps.commands.types import Deposit, Withdraw
from apps.core.enums import Side
from apps.engine.invariants import CHECKS
from apps.jobs.runner import Outcome, run_once
from apps.ledger.models import ReconciliationDifference
from tests.engine.callers import Feed, an_order
from tests.engine.processes import ROOT, Cluster, cluster
from tests.engine.world import SYSTEM, World

DAY = date(2026, 11, 19)


@pytest.fixture
def traded(world: World) -> World:
    world.submit(world.alice, "BUY", "1", "101.00")
    world.submit(world.bob, "SELL", "2", "102.00")
    return world


def plant(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger, as a bug below them would have none
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_books_that_are_right_are_no_alarm(traded: World) -> None:
    ran = run_once("reconciliation", DAY)
    assert ran.outcome is Outcome.DONE and ran.run is not None
    assert ran.run.result == {"checks": 5, "alarm": 0}
    assert not ReconciliationDifference.objects.exists()


@pytest.mark.parametrize(
    ("planted", "meaning"),
    [
        ("UPDATE ledger_ledgeraccount SET total = total + 1 WHERE account_id = {account}", "a total is the sum of its postings"),
        ("UPDATE ledger_ledgeraccount SET total = total + 1 WHERE account_id = {account}", "the totals of an asset sum to zero"),
        ("UPDATE ledger_posting SET amount = amount * 2", "a total is the sum of its postings"),
        ("DELETE FROM ledger_posting WHERE leg = 0", "the postings of an asset sum to zero"),
        ("UPDATE ledger_ledgeraccount SET held = held + 1 WHERE account_id = {account}", "what its open orders hold"),
        ("UPDATE orders_order SET held = held + 1 WHERE status = 'ACCEPTED'", "what its open orders hold"),
        (  # balanced, and on nobody's balance
            "INSERT INTO ledger_posting (transfer_id, leg, ledger_account_id, asset_id, amount, balance_after)"
            " SELECT transfer_id, leg + 90, 987654, asset_id, amount, balance_after FROM ledger_posting",
            "a total is the sum of its postings",
        ),
        (
            "INSERT INTO orders_order SELECT (jsonb_populate_record(o,"
            " jsonb_build_object('id', id + 1000000, 'account_id', 987654))).* FROM orders_order o WHERE status = 'ACCEPTED'",
            "what its open orders hold",
        ),
    ],
)
def test_a_planted_difference_is_an_alarm_and_is_kept(traded: World, planted: str, meaning: str) -> None:
    plant(planted.format(account=traded.alice.pk))
    ran = run_once("reconciliation", DAY)
    assert ran.run is not None and isinstance(ran.run.result["alarm"], int) and ran.run.result["alarm"] > 0
    found = list(ReconciliationDifference.objects.values_list("day", "meaning", "subject"))
    assert len(found) == ran.run.result["alarm"]
    assert any(day == DAY and meaning in said and subject for day, said, subject in found)


def test_what_was_found_is_kept_once_and_stays_when_the_books_are_right_again(traded: World) -> None:
    wrong = f"UPDATE ledger_ledgeraccount SET total = total + 1 WHERE account_id = {traded.alice.pk}"
    plant(wrong)
    run_once("reconciliation", DAY)
    kept = ReconciliationDifference.objects.count()
    run_once("reconciliation", DAY, again=True)
    assert ReconciliationDifference.objects.count() == kept > 0
    plant(wrong.replace("+ 1", "- 1"))
    ran = run_once("reconciliation", DAY, again=True)
    assert ran.run is not None and ran.run.result["alarm"] == 0
    assert ReconciliationDifference.objects.count() == kept


def test_a_flood_of_differences_is_bounded(traded: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.engine.reconciliation_job.ROWS_PER_CHECK", 2)
    plant("UPDATE ledger_ledgeraccount SET total = total + id")
    ran = run_once("reconciliation", DAY)
    assert ran.run is not None and ran.run.result["alarm"] <= 2 * len(CHECKS)
    assert ReconciliationDifference.objects.count() == ran.run.result["alarm"]


# --- beside a running engine --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    name = f"tredye_reconcile_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}"
    with cluster(tmp_path_factory.mktemp("engine"), name) as made:
        made.start()
        made.fund()
        yield made


def sequence(engines: Cluster) -> int:
    with engines.connection() as database:
        row: Any = database.execute("SELECT max(last_sequence) FROM engine_journal").fetchone()
    return int(row[0])


@pytest.mark.processes
@pytest.mark.timeout(300)
def test_an_engine_that_commits_meanwhile_causes_no_difference(running: Cluster) -> None:
    stop = threading.Event()

    def move_money() -> None:
        for number in itertools.count():
            if stop.is_set():
                return
            kind = Deposit if number % 2 == 0 else Withdraw
            account = running.account_ids[number % 2]
            running.client.send(
                kind(command_id=f"reconcile-{number}", actor=SYSTEM, account_id=account, asset="USD", amount="1"), deadline_s=5
            )

    thread = threading.Thread(target=move_money)
    thread.start()
    day = datetime.now(UTC).date() - timedelta(days=1)
    try:
        for _ in range(3):
            before = sequence(running)
            command = [sys.executable, "manage.py", "run_job", "reconciliation", "--date", str(day), "--again"]
            done = subprocess.run(
                command, cwd=ROOT, env=running.environment, capture_output=True, text=True, timeout=60, check=False
            )
            assert done.returncode == 0, done.stderr
            assert '"alarm": 0' in done.stdout, done.stdout
            assert sequence(running) > before, "money moved meanwhile"
    finally:
        stop.set()
        thread.join(20)


@pytest.mark.processes
@pytest.mark.timeout(300)
def test_an_engine_that_trades_meanwhile_breaks_no_law(running: Cluster) -> None:
    """Everything that there is to ask, of a market in which two accounts trade with each other as fast as one caller can ask."""
    stop = threading.Event()

    def trade() -> None:
        for number in itertools.count():
            if stop.is_set():
                return
            buyer, seller = running.account_ids[number % 2], running.account_ids[1 - number % 2]
            for account_id, side in ((seller, Side.SELL), (buyer, Side.BUY)):
                order = an_order(running, f"law-{number}-{side}", "100.00", "0.001", side)
                running.client.send(msgspec.structs.replace(order, account_id=account_id), deadline_s=20)

    thread = threading.Thread(target=trade)
    with Feed(running.url):
        thread.start()
        try:
            before = sequence(running)
            for options in ((), ("--live",)):
                command = [sys.executable, "manage.py", "check_invariants", *options]
                done = subprocess.run(
                    command, cwd=ROOT, env=running.environment, capture_output=True, text=True, timeout=100, check=False
                )
                assert done.returncode == 0, done.stdout + done.stderr
                assert done.stdout.rstrip().endswith(" checks, 0 violations")
            assert sequence(running) > before, "nobody traded meanwhile"
        finally:
            stop.set()
            thread.join(20)
    with running.connection() as database:
        assert database.execute("SELECT count(*) FROM orders_trade").fetchone() != (0,)
