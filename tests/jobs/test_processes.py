"""Beat, queue and worker as processes on a real Redis: done once, killed in the middle and taken up, late but never lost."""

import os
import secrets
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from apps.jobs.registry import JOBS
from apps.ledger.statements_job import CHUNK
from stack.processes import PROCESSES
from stack.settings import free_ports
from tests.engine.processes import Cluster, cluster
from tests.faults.figures import note
from tests.jobs.books import fill, rows_of
from tests.logins import login_of
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]
ACCOUNTS = 1_200  # three chunks
START_S = 90.0
#: What the jobs make here, each table before those that it points to.
MADE = (
    *("ledger_dailystatementline", "ledger_dailystatement", "ledger_businessday", "portfolio_equitysnapshot"),
    *("ledger_reconciliationdifference", "jobs_jobrun"),
)


class Office:
    """A database with yesterday's books, a queue of its own, and the processes that a test starts on them."""

    def __init__(self, books: Cluster, directory: Path) -> None:
        self.books = books
        self.directory = directory
        self.port = free_ports(["metrics"])["metrics"]
        self.environment = books.environment | {"REDIS_PREFIX": f"jobs-{secrets.token_hex(4)}", "VAR_DIR": str(directory)}
        self.environment |= {"METRICS_PORT": str(self.port), "LOG_FORMAT": "text"}
        self.started: list[subprocess.Popen[bytes]] = []
        self.began = datetime.now(UTC)
        self.day = JOBS["statements"].newest_due_day(self.began)

    @property
    def log(self) -> Path:
        return self.directory / "jobs.log"

    def start(self, name: str, **environment: str) -> "subprocess.Popen[bytes]":
        """A process as ``stack.processes`` starts it."""
        arguments = next(process.arguments for process in PROCESSES if process.name == name)
        environ = self.environment | login_of(arguments) | environment
        with self.log.open("ab") as log:
            process = subprocess.Popen([sys.executable, *arguments[1:]], cwd=ROOT, env=environ, stdout=log, stderr=log)
        self.started.append(process)
        return process

    def manage(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "manage.py", *arguments]
        env = self.environment | {"METRICS_PORT": "0"} | environment
        return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)

    def script(self, text: str) -> str:
        """Run Python with Django set up, in the environment of the processes; returns what it prints."""
        setup = "import django; django.setup(); "
        done = subprocess.run(
            [sys.executable, "-c", setup + text],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout

    def metrics(self) -> str:
        """What the process on the metrics port measures; empty while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=30) as answer:
                return str(answer.read().decode())
        except OSError:
            return ""

    def run(self, job: str, day: date | None = None) -> tuple[Any, ...] | None:
        """(status, attempt) of a run: of ``day``, or of the newest day that was due at the beginning or is now."""
        days = [day] if day else [JOBS[job].newest_due_day(now) for now in (self.began, datetime.now(UTC))]
        with self.books.connection() as database:
            row = database.execute(
                "SELECT status, attempt FROM jobs_jobrun WHERE job = %s AND day = ANY(%s) ORDER BY day DESC LIMIT 1", [job, days]
            ).fetchone()
        return tuple(row) if row else None

    def until(self, job: str, expected: tuple[str, int], day: date | None = None) -> None:
        try:
            wait_until(lambda: self.run(job, day) == expected, START_S, f"{job} is {expected}")
        except AssertionError as late:
            raise AssertionError(f"{late}, was {self.run(job, day)}; log: {self.log.read_text()[-4000:]}") from None

    def statements(self) -> list[tuple[Any, ...]]:
        with self.books.connection() as database:
            return rows_of(database, self.day)

    def forget(self) -> None:
        with self.books.connection() as database, database.transaction():
            database.execute("SET LOCAL session_replication_role = replica")
            for table in MADE:
                database.execute(f"DELETE FROM {table}")  # type: ignore[call-overload]

    def close(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait(60)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    name = f"tredye_jobs_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}"
    with cluster(tmp_path_factory.mktemp("books"), name) as made:
        day = JOBS["statements"].newest_due_day(datetime.now(UTC))
        start = datetime.combine(day - timedelta(days=1), time.min, UTC)
        with made.connection() as database:
            fill(database, accounts=ACCOUNTS, deposits=2, start=start, days=2)
        yield made


@pytest.fixture
def office(books: Cluster, tmp_path: Path) -> Iterator[Office]:
    made = Office(books, tmp_path)
    made.forget()
    yield made
    made.close()


def is_right(rows: list[tuple[Any, ...]]) -> bool:
    """One line for each account: 100 from the day before yesterday, 100 of yesterday."""
    return len(rows) == ACCOUNTS and all(row[5:] == (100, 100, 200) and row[3] == 1 for row in rows)


def test_what_beat_sends_is_done_by_a_worker_and_the_page_shows_it(office: Office) -> None:
    # As on the second night: of the day before, which is the newest that is due for some of the jobs soon after midnight, what
    # they need was made.
    made = office.manage("run_job", "statements", "--date", str(office.day - timedelta(days=1)))
    assert made.returncode == 0, made.stdout + made.stderr
    # Beat's own entries, sent at once instead of within five minutes.
    office.script(
        "from tredye.celery import app; from celery.beat import Scheduler; beat = Scheduler(app); "
        "[beat.apply_entry(entry) for entry in beat.schedule.values()]"
    )
    worker = office.start("worker")
    for job in ("statements", "reconciliation", "equity", "retention"):
        office.until(job, ("DONE", 1))
    assert is_right(office.statements())
    shown = office.script(
        "from django.test import Client; from apps.accounts.models import User; client = Client(headers={'host': 'localhost'}); "
        "client.force_login(User.objects.get(email='customer7@example.com'), "
        "backend='allauth.account.auth_backends.AuthenticationBackend'); "
        f"print(client.get('/ledger/statements/{office.day}/').content.decode())"
    )
    assert f"Statement of {office.day}" in shown and "customer7@example.com" in shown and "200.00" in shown
    measured = office.metrics()
    assert 'tredye_jobs_runs_total{job="statements",outcome="done"} 1.0' in measured
    assert 'tredye_jobs_alarm{job="reconciliation"} 0.0' in measured
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    assert "superuser" not in office.log.read_text()


@pytest.mark.fault("F32")
def test_a_worker_killed_in_the_middle_is_followed_by_one_that_ends_the_run_with_the_same_rows(office: Office) -> None:
    first = office.start("worker", FAILPOINT="jobs.statements.progress:3:sleep")
    wait_until(lambda: 0 < len(office.statements()) < ACCOUNTS, START_S, "some statements are made")
    assert office.run("statements") == ("RUNNING", 1)
    half = office.statements()
    by_hand = office.manage("run_job", "statements")
    assert by_hand.returncode == 1 and "under way in another process" in by_hand.stderr
    first.kill()
    first.wait(60)
    office.start("worker")
    office.until("statements", ("DONE", 2))
    rows = office.statements()
    assert is_right(rows) and [row for row in rows if row[0] <= half[-1][0]] == half


@pytest.mark.fault("F32")
def test_a_worker_that_is_told_to_stop_ends_the_run_in_the_middle_and_says_so(office: Office) -> None:
    worker = office.start("worker", FAILPOINT="jobs.statements.progress:2:stop")
    # Frozen between the first chunk and the second: it wakes with the word to stop before it, makes the second, and asks.
    wait_until(lambda: os.waitid(os.P_PID, worker.pid, os.WSTOPPED | os.WNOHANG), START_S, "the first chunk is made")
    assert len(office.statements()) == CHUNK
    worker.send_signal(signal.SIGTERM)
    worker.send_signal(signal.SIGCONT)
    assert worker.wait(60) == 0
    assert office.run("statements") == ("FAILED", 1)
    assert len(office.statements()) == 2 * CHUNK < ACCOUNTS


@pytest.mark.fault("F32")
def test_what_the_queue_delivers_twice_is_done_once(office: Office) -> None:
    office.script(
        "from apps.jobs.tasks import run_job; import tredye.celery; "
        f"[run_job.apply_async(('statements', '{office.day}')) for _ in range(3)]"
    )
    office.start("worker")
    office.start("worker", METRICS_PORT="0")
    for job in ("statements", "retention"):
        office.until(job, ("DONE", 1))
    assert is_right(office.statements())


@pytest.mark.long
def test_without_redis_a_job_runs_by_hand_and_what_was_missed_is_caught_up_later(office: Office) -> None:
    away = {"REDIS_URL": "redis://127.0.0.1:1/0"}
    before = office.day - timedelta(days=2)
    done = office.manage("run_job", "statements", "--date", str(before), **away)
    assert done.returncode == 0, done.stdout + done.stderr
    waiting = office.start("worker", **away, METRICS_PORT="0")
    assert office.manage("run_job", "reconciliation", **away).returncode == 0
    assert waiting.poll() is None, "a worker waits for Redis, however long it is away"
    waiting.kill()
    office.start("worker")
    for day in (before + timedelta(days=1), office.day):
        office.until("statements", ("DONE", 1), day)
    assert office.run("statements", before) == ("DONE", 1) and office.run("reconciliation") == ("DONE", 1)
    assert is_right(office.statements())


@pytest.mark.long
@pytest.mark.fault("F10")
def test_a_queue_that_was_lost_is_made_again_from_the_tables(office: Office) -> None:
    """A worker runs, Redis is emptied with all that waits in it, and beat's next look finds what is due and not done."""
    look = "from apps.jobs.tasks import look_for_missing_runs; import tredye.celery; look_for_missing_runs.apply_async(); "
    worker = office.start("worker")
    for job in ("statements", "retention"):
        office.until(job, ("DONE", 1))
    worker.send_signal(signal.SIGSTOP)
    office.forget()
    office.script(look)
    lost = office.script(
        "import redis; from django.conf import settings; client = redis.Redis.from_url(settings.REDIS_URL); "
        "print(sum(client.delete(key) for key in client.scan_iter(settings.REDIS_PREFIX + ':*')))"
    )
    assert int(lost.split()[-1]) > 0, "something waited"
    worker.send_signal(signal.SIGCONT)
    office.script(look)
    for job in ("statements", "retention"):
        office.until(job, ("DONE", 1))
    assert is_right(office.statements())
    note("F10", "a queue that is lost with all that waits in it: done after beat's next look at the tables, within five minutes")


@pytest.mark.fault("F32")
@pytest.mark.parametrize("step", [1, 4])
def test_a_run_that_dies_at_any_step_leaves_the_rows_that_another_ends_with(office: Office, step: int) -> None:
    died = office.manage("run_job", "statements", FAILPOINT=f"jobs.statements.progress:{step}:exit")
    assert died.returncode == 137
    assert office.run("statements") == ("RUNNING", 1)
    done = office.manage("run_job", "statements")
    assert done.returncode == 0, done.stdout + done.stderr
    assert office.run("statements") == ("DONE", 2)
    rows = office.statements()
    assert is_right(rows)
    assert office.manage("run_job", "statements", "--again").returncode == 0
    assert office.statements() == rows


def test_beat_runs_keeps_no_file_and_stops_when_it_is_told(office: Office) -> None:
    beat = office.start("beat")
    wait_until(lambda: "tredye_process_info" in office.metrics(), START_S, "beat is measured")
    beat.send_signal(signal.SIGTERM)
    assert beat.wait(60) == 0
    assert [path.name for path in office.directory.iterdir()] == ["jobs.log"]
    assert not list(ROOT.glob("celerybeat*"))
