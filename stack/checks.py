"""``make test``, ``make lint`` and commands that need servers for a while: all on ports and data of their own."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stack import chromium, promtool, servers, venv
from stack.child import LINE_BYTES_MAX
from stack.cluster import Cluster
from stack.context import Context
from stack.environment import LOGINS, product_environment
from stack.errors import StackError
from stack.eventlog import EventLog
from stack.places import Places
from stack.progress import seconds_text
from stack.run import REQUIREMENTS, install
from stack.runfile import start_time
from stack.spawn import signal_group, spawn

# What the tests need, the optional parts of the product among it.
REQUIREMENTS_LOAD = "requirements-load.txt"
REQUIREMENTS_TEST = ("requirements-test.txt", "requirements-ccxt.txt", "requirements-parquet.txt", REQUIREMENTS_LOAD)
STRICT = (
    *("core", "commands", "engine", "ledger", "orders", "eventlog", "jobs", "marketdata", "receipts", "operations"),
    *("primary", "grants"),
)
BROWSER_TESTS = "tests/e2e"
# Each worker would rewrite and compile all tests in each run, where the caller's environment forbids to keep what is compiled.
COMPILED_ONCE = {"PYTHONDONTWRITEBYTECODE": ""}
UNSAFE = {"DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
STEP_TIMEOUT_S = 1_800.0
# What the long lane may take when somebody says how much is to be tried.
NIGHT_S = 43_200.0
# Directories of former test runs that failed and whose logs were kept.
KEPT_MAX = 5
_PYTEST_CLOSING = re.compile(r"\b(passed|failed|skipped|errors?|deselected|no tests ran)\b.* in [0-9.]+s\b")


@dataclass(frozen=True)
class Check:
    """One command of the test run: its title in the summary, a program of the virtual environment with its arguments,
    and what it adds to the environment. It is killed after ``limit_s``."""

    title: str
    arguments: tuple[str, ...]
    env: Mapping[str, str]
    limit_s: float = STEP_TIMEOUT_S


@dataclass(frozen=True)
class Outcome:
    title: str
    code: int
    seconds: float
    closing: str


def run_tests(context: Context, pytest_arguments: Sequence[str]) -> int:
    """Everything but what is marked `long`, or, given pytest arguments, pytest alone with those.

    Without Kafka on the embedded log alone.
    """
    return _run_checks(context, _checks(context, pytest_arguments))


def run_long_tests(context: Context) -> int:
    """What is marked `long`: with it `make test` would not end within ten minutes on two cores.

    TREDYE_PROVE, a share of a night's budget, is what docs/testing.md says.
    """
    limit_s = NIGHT_S if context.settings.environ.get("TREDYE_PROVE") else STEP_TIMEOUT_S
    return _run_checks(context, [replace(check, limit_s=limit_s) for check in _tests(context, "long")])


def run_mutants(context: Context) -> int:
    """Bugs that are planted must be found; which test found each is on a table."""
    return _run_checks(context, [Check("mutants", ("python", "-m", "tests.engine.mutants"), {})])


def _run_checks(context: Context, checks: Sequence[Check]) -> int:
    context.interrupt.install()
    install(context, REQUIREMENTS, *REQUIREMENTS_TEST)
    programs = {"CHROMIUM": chromium.ensure(context), "PROMTOOL": promtool.ensure(context)}
    outcomes: list[Outcome] = []
    with throwaway_servers(context) as cluster:
        env = {**cluster.env, **COMPILED_ONCE, "DJANGO_SETTINGS_MODULE": "tredye.settings.test", **programs}
        for check in checks:
            context.interrupt.check()
            outcomes.append(_run_check(context, check, {**env, **check.env}))
        cluster.keeps_logs = any(outcome.code for outcome in outcomes)
    context.interrupt.check()
    _sum_up(context, outcomes, cluster.settings.var if cluster.keeps_logs else None, cluster.event_log)
    return 1 if cluster.keeps_logs else 0


def run_lint(context: Context) -> int:
    """The checks that need no server."""
    context.interrupt.install()
    venv.ensure(context, REQUIREMENTS, *REQUIREMENTS_TEST)
    # mypy's Django plugin reads the settings, which ask for addresses but open no connection.
    nowhere = {
        "DATABASE_URL": "postgres://localhost/none",
        "REDIS_URL": "redis://localhost/0",
        "KAFKA_BOOTSTRAP": "localhost:1",
        "EVENT_LOG": "kafka",
    }
    env = {**product_environment(context.settings, nowhere), "DJANGO_SETTINGS_MODULE": "tredye.settings.test"}
    outcomes = [_run_check(context, check, env) for check in _static_checks(context)]
    _sum_up(context, outcomes, None)
    return 1 if any(outcome.code for outcome in outcomes) else 0


def run_command(context: Context, argv: Sequence[str]) -> int:
    """Run one command in the virtual environment, with throw-away servers up, on the caller's own input and output."""
    context.interrupt.install()
    install(context, REQUIREMENTS, *REQUIREMENTS_TEST)
    with throwaway_servers(context) as cluster:
        program = shutil.which(argv[0], path=cluster.env["PATH"])
        if program is None:
            raise StackError(f"there is no program {argv[0]!r} in the virtual environment or on PATH")
        process = subprocess.Popen([program, *argv[1:]], env=cluster.env, cwd=context.settings.root)
        try:
            while process.poll() is None:
                context.interrupt.wait(0.05)
                if context.interrupt.asked:
                    _end(process)
        finally:
            _end(process)
        context.interrupt.check()
        cluster.keeps_logs = process.returncode != 0
    # A shell's way of telling that a signal ended the command.
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def run_load(context: Context, arguments: Sequence[str]) -> int:
    """Become ``python -m load``: it starts what it needs itself, and Ctrl-C is its own to understand."""
    install(context, REQUIREMENTS, REQUIREMENTS_LOAD)
    context.terminal.close()
    argv = [str(context.settings.venv_python), "-m", "load", *arguments]
    os.chdir(context.settings.root)
    os.execve(argv[0], argv, context.settings.tool_env())  # noqa: S606 - no shell is wanted


@contextlib.contextmanager
def throwaway_servers(context: Context) -> Iterator["ThrowawayServers"]:
    """PostgreSQL, Redis and Kafka on free ports, whatever the environment gives; logs are kept on failure."""
    base = context.settings
    _sweep(context)
    settings = base.throwaway(f"test-{os.getpid()}")
    own = context.with_settings(settings)
    cluster = Cluster([], context=own)
    kept = ThrowawayServers(cluster)
    try:
        cluster.up_servers()
        kept.event_log = cluster.event_log
        kept.env = {**cluster.env, "KAFKA_TOPIC_PREFIX": f"t{os.getpid()}.", LOGINS: "on"}
        yield kept
    finally:
        cluster.down()
        cluster.remove_data()
        if context.interrupt.asked or not kept.keeps_logs:
            shutil.rmtree(settings.var, ignore_errors=True)


class ThrowawayServers:
    """The environment that reaches them. Their logs are kept unless somebody says that all went well."""

    def __init__(self, cluster: Cluster) -> None:
        self.settings = cluster.settings
        self.event_log = cluster.event_log
        self.env: dict[str, str] = {}
        self.keeps_logs = True


def _sweep(context: Context) -> None:
    """Remove what test runs that are over left behind: all data, and the logs except the newest few that failed."""
    over = [directory for directory in context.settings.home.glob("test-*") if _is_over(directory)]
    over.sort(key=lambda directory: directory.stat().st_mtime, reverse=True)
    for directory in over[:KEPT_MAX]:
        for kind in servers.CLASSES:
            shutil.rmtree(directory / kind.name, ignore_errors=True)
    elsewhere = Places(context).elsewhere_if_any()
    killed = [directory for directory in elsewhere.glob("test-*") if _is_over(directory)] if elsewhere else []
    for directory in (*over[KEPT_MAX:], *killed):
        shutil.rmtree(directory, ignore_errors=True)


def _is_over(directory: Path) -> bool:
    pid = re.match(r"test-(\d+)", directory.name)
    return pid is None or start_time(int(pid[1])) == 0


def _static_checks(context: Context) -> list[Check]:
    strict = [f"apps/{name}" for name in STRICT if (context.settings.root / "apps" / name).is_dir()]
    return [
        Check("ruff", ("ruff", "check", "."), {}),
        Check("mypy", ("mypy", *strict, "stack", "bench", "load"), {}),
        Check("import ladder", ("lint-imports", "--no-logo"), {}),
    ]


def _checks(context: Context, pytest_arguments: Sequence[str]) -> list[Check]:
    if pytest_arguments:
        # Playwright's own loop makes Django's ORM refuse to work in the same process.
        env = UNSAFE if any(argument.startswith(BROWSER_TESTS) for argument in pytest_arguments) else {}
        return [Check("pytest", (*_pytest(context), *pytest_arguments), env)]
    return [*_static_checks(context), *_tests(context, "not long")]


def _tests(context: Context, marked: str) -> list[Check]:
    # In the order that tests/conftest.py gives: xdist's own puts files with few tests last, which are the slow ones, and a worker
    # waits. More workers than the two cores of the smallest machine: a third of the run waits for processes.
    side_by_side = ("-n", "4", "--dist", "loadfile", "--no-loadscope-reorder", f"--ignore={BROWSER_TESTS}")
    return [
        Check("tests", (*_pytest(context), "-m", marked, *side_by_side), {}),
        # Alone in its process: Playwright's event loop breaks every asynchronous test that runs after it.
        Check("browser tests", (*_pytest(context), "-m", marked, BROWSER_TESTS), UNSAFE),
    ]


def _pytest(context: Context) -> tuple[str, ...]:
    return ("python", "-m", "pytest", *(("--color=yes",) if context.terminal.is_tty else ()))


def _run_check(context: Context, check: Check, env: Mapping[str, str]) -> Outcome:
    """Run it with its output on the terminal and in a log; keep pytest's closing line."""
    context.progress.say(f"{check.title}: {' '.join(check.arguments)}")
    start = time.monotonic()
    closing = ""
    argv = [str(context.settings.venv / "bin" / check.arguments[0]), *check.arguments[1:]]
    process = spawn(argv, env=env, cwd=context.settings.root)
    context.interrupt.on_first.append(lambda: signal_group(process, signal.SIGINT))
    context.interrupt.on_second.append(lambda: signal_group(process, signal.SIGKILL))
    late = threading.Timer(check.limit_s, signal_group, (process, signal.SIGKILL))
    late.start()
    try:
        for line in _lines(process):
            context.terminal.raw(line)
            if _PYTEST_CLOSING.search(line):
                closing = line
        code = process.wait()
    finally:
        late.cancel()
        signal_group(process, signal.SIGKILL)
    return Outcome(check.title, code, time.monotonic() - start, closing)


def _lines(process: "subprocess.Popen[bytes]") -> Iterator[str]:
    if process.stdout is not None:
        with process.stdout as output:
            while raw := output.readline(LINE_BYTES_MAX):
                yield raw.decode(errors="replace").rstrip("\n")


def _sum_up(
    context: Context, outcomes: Sequence[Outcome], logs: Path | None, event_log: EventLog | None = None
) -> None:
    say = context.progress.say
    say("")
    for outcome in outcomes:
        verdict = "passed" if outcome.code == 0 else f"FAILED ({outcome.code})"
        say(f"{outcome.title:<14} {verdict:<12} {seconds_text(outcome.seconds):>10}   {outcome.closing}")
    if event_log and not event_log.is_kafka:
        say(f"Kafka was not tested, because {event_log.reason}: all of this ran on the embedded event log.")
    if logs:
        say(f"Logs of the servers and processes: {logs}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
