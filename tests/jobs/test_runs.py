"""A run is claimed, done once, taken over when it failed, retried by the look at what is missing; and money is out of reach."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from apps.jobs import registry, services
from apps.jobs.models import JobRun, RunStatus
from apps.jobs.registry import JOBS, Job, UnknownJobError, find_job
from apps.jobs.runner import DayNotOverError, JobFailedError, Outcome, run_once
from apps.jobs.selectors import ATTEMPTS_MAX, CATCH_UP_DAYS, backoff, count_undone, get_run, list_missing
from apps.jobs.session import MoneyWriteError
from apps.jobs.tasks import look_for_missing_runs
from apps.jobs.watch import observe
from apps.ledger.models import LedgerAccount
from apps.observability import metrics
from tests.builders import Venue

DAY = date(2026, 11, 19)


class Recorder:
    """The work of the job ``probe``: counts its runs, and does what a test asks."""

    def __init__(self) -> None:
        self.days: list[date] = []
        self.error: Exception | None = None
        self.query = ""

    def __call__(self, day: date, progress: Any) -> dict[str, object]:
        self.days.append(day)
        progress("half of it")
        if self.query:
            with connection.cursor() as cursor:
                cursor.execute(self.query)
        if self.error is not None:
            raise self.error
        progress("all of it")
        return {"counted": len(self.days), "alarm": 3}


@pytest.fixture
def probe(db: None, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(f"{__name__}.PROBE", recorder, raising=False)
    job = Job("probe", f"{__name__}.PROBE", "Records that it ran.", time(0, 5), time_limit_s=60)
    monkeypatch.setattr(registry, "JOBS", {"probe": job})
    for module in ("apps.jobs.selectors", "apps.jobs.watch", "apps.jobs.management.commands.run_job"):
        monkeypatch.setattr(f"{module}.JOBS", registry.JOBS)
    return recorder


def other_session() -> "psycopg.Connection[Any]":
    given = connection.settings_dict
    address = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    return psycopg.connect(dbname=given["NAME"], autocommit=True, **address)


def test_a_run_tells_how_it_went(probe: Recorder) -> None:
    said: list[str] = []
    ran = run_once("probe", DAY, say=said.append)
    assert ran.outcome is Outcome.DONE and ran.run is not None
    assert (ran.run.status, ran.run.attempt, ran.run.result) == (RunStatus.DONE, 1, {"counted": 1, "alarm": 3})
    assert ran.run.finished_at is not None and ran.run.started_at <= ran.run.heartbeat_at <= ran.run.finished_at
    assert said == ["half of it", "all of it"]


def test_done_is_done_unless_it_is_wanted_again(probe: Recorder) -> None:
    run_once("probe", DAY)
    assert run_once("probe", DAY).outcome is Outcome.REPEATED
    assert len(probe.days) == 1
    again = run_once("probe", DAY, again=True)
    assert again.outcome is Outcome.DONE and again.run is not None and again.run.attempt == 2
    assert probe.days == [DAY, DAY] and JobRun.objects.count() == 1


def test_a_failure_is_recorded_and_taken_over(probe: Recorder) -> None:
    probe.error = ValueError("no such thing\x00")
    with pytest.raises(JobFailedError, match="no such thing"):
        run_once("probe", DAY)
    failed = get_run("probe", DAY)
    assert failed is not None and failed.status is RunStatus.FAILED and failed.error == "ValueError: no such thing"
    probe.error = None
    ran = run_once("probe", DAY)
    assert ran.outcome is Outcome.DONE and ran.run is not None and (ran.run.attempt, ran.run.error) == (2, "")


def test_a_run_that_another_session_holds_is_left_alone(probe: Recorder) -> None:
    with other_session() as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"tredye job probe {DAY}"])
        assert run_once("probe", DAY).outcome is Outcome.BUSY
        assert run_once("probe", DAY + timedelta(days=1)).outcome is Outcome.DONE, "another day is another run"
        other.execute("SELECT pg_advisory_unlock_all()")
    assert run_once("probe", DAY).outcome is Outcome.DONE
    assert probe.days == [DAY + timedelta(days=1), DAY]


def test_the_lock_is_given_back_and_the_session_is_as_before(probe: Recorder) -> None:
    def settings() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')")
            return list(cursor.fetchone())

    before = settings()
    probe.error = ValueError("no")
    with pytest.raises(JobFailedError):
        run_once("probe", DAY)
    assert settings() == before
    with other_session() as other:
        row = other.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [f"tredye job probe {DAY}"]).fetchone()
        assert row == (True,)


def test_a_row_that_says_running_and_whose_session_is_gone_is_taken_over(probe: Recorder) -> None:
    assert services.begin_run(job="probe", day=DAY) == 1
    ran = run_once("probe", DAY)
    assert ran.outcome is Outcome.DONE and ran.run is not None and ran.run.attempt == 2


def test_who_was_taken_over_writes_nothing_any_more(probe: Recorder) -> None:
    first = services.begin_run(job="probe", day=DAY)
    assert first is not None and services.begin_run(job="probe", day=DAY) == 2
    for write in (
        lambda: services.beat_run(job="probe", day=DAY, attempt=first, progress="x"),
        lambda: services.finish_run(job="probe", day=DAY, attempt=first, result={}),
        lambda: services.fail_run(job="probe", day=DAY, attempt=first, error="x"),
    ):
        with pytest.raises(services.TakenOverError):
            write()
    run = get_run("probe", DAY)
    assert run is not None and run.status is RunStatus.RUNNING and run.attempt == 2


def test_a_process_that_is_told_to_stop_leaves_a_run_that_is_taken_up_again(probe: Recorder) -> None:
    with pytest.raises(JobFailedError, match="told to stop"):
        run_once("probe", DAY, stopping=lambda: True)
    assert run_once("probe", DAY).outcome is Outcome.DONE


def test_a_run_that_takes_too_long_ends(probe: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.JOBS, "probe", replace(find_job("probe"), time_limit_s=0))
    with pytest.raises(JobFailedError, match="it may take 0 s, and was at: half of it"):
        run_once("probe", DAY)


@pytest.mark.parametrize(
    "query",
    [
        "UPDATE ledger_ledgeraccount SET total = total",
        'update only "ledger_ledgeraccount" set total = 0',
        "INSERT INTO ledger_transfer (id) VALUES (1)",
        "DELETE FROM ledger_posting",
        "DELETE FROM orders_order",
        "truncate table orders_fill",
        "WITH x AS (DELETE FROM engine_journal RETURNING 1) SELECT * FROM x",
        "UPDATE accounts_account SET status = 'ACTIVE'",
        "INSERT INTO eventlog_outboxbatch VALUES (1)",
        "UPDATE instruments_instrument SET tick_size = 1",
        "SELECT engine_settle_rare('{}', now())",
        "ALTER TABLE ledger_posting DISABLE TRIGGER ALL",
    ],
)
def test_no_job_writes_money_or_orders(probe: Recorder, venue: Venue, query: str) -> None:
    venue.customer("alice@example.com", funded="100")
    before = list(LedgerAccount.objects.order_by("id").values())
    probe.query = query
    with pytest.raises(JobFailedError) as failed:
        run_once("probe", DAY)
    assert isinstance(failed.value.__cause__, MoneyWriteError)
    assert list(LedgerAccount.objects.order_by("id").values()) == before


def test_a_job_reads_what_it_may_not_write(probe: Recorder) -> None:
    probe.query = "SELECT count(*) FROM ledger_posting JOIN orders_fill ON true"
    assert run_once("probe", DAY).outcome is Outcome.DONE


def test_unknown_jobs_and_days_that_are_not_over_are_refused(probe: Recorder) -> None:
    with pytest.raises(UnknownJobError, match="probe"):
        run_once("nothing", DAY)
    today = datetime.now(UTC).date()
    for day in (today, today + timedelta(days=1)):
        with pytest.raises(DayNotOverError):
            run_once("probe", day)
    assert not JobRun.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"status": "LATE", "finished_at": None},
        {"status": "DONE", "finished_at": None},
        {"status": "RUNNING", "finished_at": datetime(2026, 11, 20, tzinfo=UTC)},
        {"status": "DONE", "finished_at": datetime(2026, 11, 20, tzinfo=UTC), "error": "but no"},
        {"status": "RUNNING", "finished_at": None, "attempt": 0},
    ],
)
def test_the_database_refuses_a_row_that_says_two_things(db: None, values: dict[str, Any]) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    with pytest.raises(IntegrityError), transaction.atomic():
        JobRun.objects.create(job="probe", day=DAY, started_at=at, heartbeat_at=at, **values)


# --- what is missing ----------------------------------------------------------------------------------------------------------


def at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def done(day: date) -> None:
    attempt = services.begin_run(job="probe", day=day)
    assert attempt is not None
    services.finish_run(job="probe", day=day, attempt=attempt, result={})


def test_a_job_that_never_ran_misses_only_the_newest_day(probe: Recorder) -> None:
    assert list_missing(at(21, 0, 4)) == (("probe", date(2026, 11, 19)),)
    assert list_missing(at(21, 0, 5)) == (("probe", date(2026, 11, 20)),)


def test_every_day_since_the_first_run_is_caught_up_within_a_bound(probe: Recorder) -> None:
    done(date(2026, 11, 16))
    done(date(2026, 11, 18))
    days = [date(2026, 11, day) for day in (17, 19, 20)]
    assert list_missing(at(21, 3, 0)) == tuple(("probe", day) for day in days)
    much_later = list_missing(datetime(2027, 3, 1, 3, tzinfo=UTC))
    assert len(much_later) == CATCH_UP_DAYS and much_later[-1] == ("probe", date(2027, 2, 28))


def test_a_failed_run_is_missing_again_after_a_while_and_in_the_end_waits_for_a_person(probe: Recorder) -> None:
    services.begin_run(job="probe", day=date(2026, 11, 20))
    run = JobRun.objects.get()
    finished = at(21, 1, 0)
    for attempt in (1, 2, ATTEMPTS_MAX - 1):
        JobRun.objects.update(status="FAILED", attempt=attempt, finished_at=finished, error="x")
        wait = backoff(attempt)
        assert list_missing(finished + wait - timedelta(seconds=1)) == ()
        assert list_missing(finished + wait) == (("probe", run.day),)
    JobRun.objects.update(attempt=ATTEMPTS_MAX)
    assert list_missing(finished + timedelta(hours=20)) == ()
    assert backoff(1) == timedelta(minutes=1) and backoff(2) == timedelta(minutes=2) and backoff(60) == timedelta(hours=2)


def test_a_job_that_needs_another_is_not_due_before_that_is_done(probe: Recorder) -> None:
    registry.JOBS["first"] = replace(find_job("probe"), name="first")
    registry.JOBS["probe"] = replace(find_job("probe"), needs="first", at=time(0, 10))
    day = date(2026, 11, 20)
    assert list_missing(at(21, 0, 30)) == (("first", day),)
    services.begin_run(job="first", day=day)
    services.fail_run(job="first", day=day, attempt=1, error="x")
    JobRun.objects.update(attempt=ATTEMPTS_MAX)
    assert list_missing(at(21, 0, 30)) == ()
    JobRun.objects.update(status="DONE", error="")
    assert list_missing(at(21, 0, 30)) == (("probe", day),)


def test_on_the_first_night_nothing_is_missing_that_needs_what_was_never_due(probe: Recorder) -> None:
    registry.JOBS["after"] = replace(find_job("probe"), name="after", needs="probe", at=time(0, 15))
    assert list_missing(at(21, 0, 10)) == (("probe", date(2026, 11, 20)),)
    assert count_undone(at(21, 0, 10)) == 1, "of the 19th nobody will ever make what the other needs"
    done(date(2026, 11, 20))
    assert (list_missing(at(21, 0, 10)), count_undone(at(21, 0, 10))) == ((), 0)
    assert list_missing(at(21, 0, 15)) == (("after", date(2026, 11, 20)),)
    done(date(2026, 11, 21))
    assert list_missing(at(22, 0, 10)) == (("after", date(2026, 11, 20)),), "the next night it is one that was missed"


def test_a_run_that_died_is_missing(probe: Recorder) -> None:
    services.begin_run(job="probe", day=date(2026, 11, 20))
    assert list_missing(at(21, 0, 30)) == (("probe", date(2026, 11, 20)),)


def test_a_job_that_ends_its_process_each_time_waits_for_a_person_in_the_end(probe: Recorder) -> None:
    services.begin_run(job="probe", day=date(2026, 11, 20))
    JobRun.objects.update(attempt=ATTEMPTS_MAX - 1)
    assert list_missing(at(21, 0, 30)) == (("probe", date(2026, 11, 20)),)
    JobRun.objects.update(attempt=ATTEMPTS_MAX)
    assert list_missing(at(21, 0, 30)) == ()


def test_what_is_not_done_is_counted_also_when_nobody_tries_it_any_more(probe: Recorder) -> None:
    registry.JOBS["after"] = replace(find_job("probe"), name="after", needs="probe")
    done(date(2026, 11, 18))
    attempt = services.begin_run(job="probe", day=date(2026, 11, 19))
    assert attempt == 1
    services.fail_run(job="probe", day=date(2026, 11, 19), attempt=1, error="x")
    JobRun.objects.filter(status="FAILED").update(attempt=ATTEMPTS_MAX)
    assert list_missing(at(21, 0, 30)) == (("probe", date(2026, 11, 20)),)
    assert count_undone(at(21, 0, 30)) == 3, "the 19th and 20th of the one, the 20th of what needs it"


def test_the_look_sets_the_alarm_of_a_run_that_was_given_up(probe: Recorder) -> None:
    day = find_job("probe").newest_due_day(datetime.now(UTC))
    services.begin_run(job="probe", day=day)
    services.fail_run(job="probe", day=day, attempt=1, error="x")
    JobRun.objects.update(attempt=ATTEMPTS_MAX)
    look_for_missing_runs.run()
    assert value("tredye_jobs_missing") == 1


# --- by hand --------------------------------------------------------------------------------------------------------------------


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("run_job", *arguments, stdout=out)
    return out.getvalue()


def test_by_hand_it_says_what_it_does_and_that_it_was_done(probe: Recorder) -> None:
    first = command("probe", "--date", str(DAY))
    assert "half of it\nall of it\n" in first and '"counted": 1' in first
    second = command("probe", "--date", str(DAY))
    assert "was done at" in second and len(probe.days) == 1
    assert '"counted": 2' in command("probe", "--date", str(DAY), "--again")
    command("probe")
    assert probe.days[-1] == datetime.now(UTC).date() - timedelta(days=1)
    listed = command("--list")
    assert "probe: daily at 00:05 UTC" in listed and f"{DAY} DONE attempt 2" in listed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "job must be one of probe, was 'nothing'"),
        ([], "a job must be named: probe"),
        (["probe", "--date", "yesterday"], "--date must be a date like 2026-11-20, was 'yesterday'"),
        (["probe", "--date", "2999-01-01"], "date must be before today"),
    ],
)
def test_by_hand_a_mistake_is_named(probe: Recorder, arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message.replace("(", r"\(")):
        command(*arguments)


def test_by_hand_a_failure_is_a_failure(probe: Recorder) -> None:
    probe.error = ValueError("broken")
    with pytest.raises(CommandError, match="probe of 2026-11-19 failed: ValueError: broken"):
        command("probe", "--date", str(DAY))


def test_by_hand_a_run_that_is_under_way_is_a_failure(probe: Recorder) -> None:
    with other_session() as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"tredye job probe {DAY}"])
        with pytest.raises(CommandError, match="under way in another process"):
            command("probe", "--date", str(DAY))


# --- what is measured ---------------------------------------------------------------------------------------------------------


def value(name: str, **labels: str) -> float | None:
    return metrics.REGISTRY.get_sample_value(name, labels)


def test_the_gauges_come_from_the_rows(probe: Recorder) -> None:
    before = value("tredye_jobs_runs_total", job="probe", outcome="done") or 0
    run_once("probe", DAY)
    observe(missing=4)
    assert value("tredye_jobs_runs_total", job="probe", outcome="done") == before + 1
    assert value("tredye_jobs_missing") == 4
    assert value("tredye_jobs_alarm", job="probe") == 3
    run = JobRun.objects.get()
    assert run.finished_at is not None
    assert value("tredye_jobs_last_done_seconds", job="probe") == run.finished_at.timestamp()


def test_every_job_is_there_and_runs_at_a_look() -> None:
    for job in JOBS.values():
        assert callable(job.work()) and find_job(job.name) is job
        assert job.at.minute % 5 == 0 and job.at.second == 0, "beat looks every five minutes"
    assert list(JOBS) == sorted(JOBS, key=lambda name: JOBS[name].at), "statements come before what is made of them"
