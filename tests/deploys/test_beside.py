"""Migrations of tomorrow, applied while the engine of today takes orders; and today's version on what they leave."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from tests.engine.callers import Feed, Load, accepted, check_answers, finish
from tests.engine.processes import ROOT, Cluster, cluster
from tests.faults.figures import note
from tests.template import database_url

pytestmark = [pytest.mark.processes, pytest.mark.fault("F17")]

TOMORROW = "tests.deploys.tomorrow.settings"
#: For so long somebody reads a table that a migration wants: longer than a caller waits for its answer.
HELD_S = 4.0


@pytest.fixture
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    name = f"tredye_beside_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}"
    with cluster(tmp_path_factory.mktemp("beside"), name) as made:
        made.environment["EVENT_LOG"] = "embedded"
        made.start()
        made.fund()
        yield made


def prepare(engines: Cluster, settings: str) -> "subprocess.CompletedProcess[str]":
    environment = engines.environment | {"DJANGO_SETTINGS_MODULE": settings, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "manage.py", "prepare"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=150)


class Reader(threading.Thread):
    """A long report: it has read the orders, and its transaction is open."""

    def __init__(self, engines: Cluster) -> None:
        super().__init__(daemon=True)
        self._database = psycopg.connect(**engines.connection().info.get_parameters(), password=engines.database["PASSWORD"])
        self._database.execute("SELECT count(*) FROM orders_order")
        self.released_at = 0.0

    def run(self) -> None:
        time.sleep(HELD_S)  # the length of the report is the point
        self.released_at = time.monotonic()
        self._database.close()


def columns(engines: Cluster, table: str) -> set[str]:
    with engines.connection() as connection:
        rows = connection.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]).fetchall()
    return {row[0] for row in rows}


def test_they_are_held_to_their_names() -> None:
    """What is applied below is what the rules let be applied."""
    program = (
        "import django; django.setup()\n"
        "from django.db.migrations.loader import MigrationLoader\n"
        "from tests.deploys.locks import findings, statements_of\n"
        "loader = MigrationLoader(None)\n"
        "for key in loader.graph.nodes:\n"
        "    if key[0] == 'tomorrow':\n"
        "        print(key[1], findings(key[1], statements_of(loader, key), atomic=loader.graph.nodes[key].atomic))\n"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": TOMORROW, "PYTHONPATH": str(ROOT)}
    environment["DATABASE_URL"] = database_url("postgres")
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert sorted(done.stdout.splitlines()) == ["0001_notes_beside []", "0002_index_beside []", "0003_account_beside []"]


@pytest.mark.long
def test_orders_go_on_while_migrations_are_applied_and_wait_for_a_table(engines: Cluster) -> None:
    callers = [Load(engines, f"beside{number}") for number in range(4)]
    engine = engines.engines[-1]
    with Feed(engines.url):
        accepted(engines, "warm")
        for caller in callers:
            caller.start()
        report = Reader(engines)
        report.start()
        answered, began = sum(len(caller.answers) for caller in callers), time.monotonic()
        done = prepare(engines, TOMORROW)
        assert done.returncode == 0, done.stderr
        assert "3 migrations beside engine:0:1, which goes on" in done.stdout
        assert "a table is in use, again in" in done.stdout and time.monotonic() > report.released_at > 0
        meanwhile = sum(len(caller.answers) for caller in callers) - answered
        assert meanwhile > 100, "orders were answered all the while"
        assert {"shade", "weight"} <= columns(engines, "orders_order") and "shade" in columns(engines, "ledger_ledgeraccount")
        finish(engines, callers)
        slowest = max(max(caller.seconds) for caller in callers)
        note(
            "F17",
            f"3 migrations beside {meanwhile} orders in {time.monotonic() - began:.1f} s, the slowest answer {slowest:.2f} s",
        )
        assert slowest < HELD_S, "nobody waited for the report"
        assert engine.poll() is None, "and the engine is the same"
    check_answers(engines, callers, "beside")


@pytest.mark.long
def test_today_s_version_may_be_prepared_on_what_tomorrow_s_left(engines: Cluster) -> None:
    assert prepare(engines, TOMORROW).returncode == 0
    back = prepare(engines, "tredye.settings.test")
    assert back.returncode == 0, back.stderr
    assert (
        "Note: the database is of a newer version, beside which this one can run: it has tomorrow.0001_notes_beside"
        in back.stdout
    )
    with engines.connection() as connection:
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('tomorrow', '0004_other', now())")
    refused = prepare(engines, "tredye.settings.test")
    assert refused.returncode == 1 and "does not know its migrations tomorrow.0004_other. Run" in refused.stderr
