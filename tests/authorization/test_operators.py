"""The queue's tasks, the jobs, and what an operator types: all are listed, and no page can start what is not for pages."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import get_commands

from apps.jobs.registry import JOBS
from tests.authorization.matrix_commands import OPERATORS, TASKS
from tests.engine.processes import Cluster, cluster
from tests.template import database_url
from tredye.celery import app

ROOT = Path(__file__).resolve().parents[2]
#: How a message gets into the queue.
SENDERS = frozenset({"apply_async", "delay", "send_task", "signature", "subtask"})
DOCUMENT = (ROOT / "docs" / "authorization.md").read_text()


def own_tasks() -> set[str]:
    app.loader.import_default_modules()
    return {name for name in app.tasks if not name.startswith(("celery.", "tests."))}  # a test makes one of its own


def starters(sources: dict[str, str]) -> dict[str, list[str]]:
    """By file, what it enqueues, or names as a task of the schedule."""
    found: dict[str, list[str]] = {}
    for name, source in sources.items():
        for node in ast.walk(ast.parse(source)):
            is_sender = isinstance(node, ast.Attribute) and node.attr in SENDERS
            is_name = isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"jobs\.\w+", node.value)
            is_import = isinstance(node, ast.ImportFrom) and node.module == "apps.jobs.tasks"
            if is_sender or is_name or is_import:
                found.setdefault(name, []).append(ast.unparse(node))
    return found


def product() -> dict[str, str]:
    files = [path for base in ("apps", "tredye") for path in sorted((ROOT / base).rglob("*.py"))]
    return {str(path.relative_to(ROOT)): path.read_text() for path in files}


def test_every_task_is_in_the_matrix_and_the_matrix_invents_none() -> None:
    assert own_tasks() == TASKS.keys()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= TASKS.keys()


def test_only_the_files_of_the_matrix_start_a_task() -> None:
    assert starters(product()).keys() == {file for files in TASKS.values() for file in files}


@pytest.mark.parametrize(
    "line",
    [
        "run_job.delay('retention', '2026-11-20')",
        "app.send_task('x')",
        "from apps.jobs.tasks import run_job",
        "name = 'jobs.run'",
    ],
)
def test_a_page_that_started_one_would_be_found(line: str) -> None:
    assert "apps/web/views/planted.py" in starters({"apps/web/views/planted.py": line})


def test_the_queue_takes_json_alone_and_obeys_no_remote_control() -> None:
    """Whoever reached Redis could name a task; not bring code of his own."""
    assert list(app.conf.accept_content) == ["json"] and app.conf.task_serializer == "json"
    assert app.conf.worker_enable_remote_control is False


def test_every_job_is_documented() -> None:
    text = (ROOT / "docs" / "jobs.md").read_text()
    assert set(re.findall(r"^\| `(\w+)` \| \d\d:\d\d \|", text, re.MULTILINE)) == JOBS.keys()


def test_every_command_of_operators_is_in_the_matrix_and_told() -> None:
    assert {name for name, owner in get_commands().items() if owner.startswith("apps.")} == OPERATORS.keys()
    told = dict(re.findall(r"^\| `manage\.py (\w+)` \| (.+?) \|$", DOCUMENT, re.MULTILINE))
    assert told == OPERATORS


# --- What changes nothing really does not ------------------------------------------------------------------------------------

#: Arguments with which each command that changes nothing has something to do.
READING = {
    "describe_topics": ("--check",),
    "failover": (),
    "replay_engine": (),
    "show_messages": ("orders.events", "0", "0"),
    "trace": ("1",),
    "run_job": ("--list",),
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    name = f"tredye_operators_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}"
    with cluster(tmp_path_factory.mktemp("operators"), name) as engines:
        engines.start()
        engines.fund()
        engines.stop_all()
        with psycopg.connect(database_url("postgres"), autocommit=True) as admin:
            admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")  # type: ignore[call-overload]
        yield engines


def typed(books: Cluster, *arguments: str) -> str:
    """What a command says to a database that takes no writes."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=books.environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return done.stdout + done.stderr


def test_all_that_change_nothing_are_tried() -> None:
    assert {name for name, changes in OPERATORS.items() if changes.startswith("nothing")} | {"run_job"} == READING.keys()


@pytest.mark.processes
@pytest.mark.parametrize("name", READING)
def test_what_changes_nothing_needs_no_right_to_write(books: Cluster, name: str) -> None:
    said = typed(books, name, *READING[name])
    assert said and "read-only transaction" not in said and "Traceback" not in said, said


@pytest.mark.processes
def test_what_does_change_something_would_be_seen(books: Cluster) -> None:
    assert "read-only transaction" in typed(books, "create_staff", "eve@tredye.example", "--role", "ADMIN")
