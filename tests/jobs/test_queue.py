"""How the queue is set up: what may be lost is lost, what may be repeated is repeated, and nothing else is promised of it."""

import os

import pytest
from celery.schedules import crontab
from celery.worker import state
from django.conf import settings

from apps.engine.invariant_reports import get_report
from apps.jobs.registry import JOBS, TIME_LIMIT_S_MAX
from apps.jobs.tasks import (
    _is_stopping,
    ask_invariants,
    export_trail,
    link_trail,
    look_for_missing_runs,
    run_job,
    send_alert_mails,
)
from tredye.celery import app, broker_url


def test_a_message_is_acknowledged_after_its_work_and_not_handed_out_meanwhile() -> None:
    assert app.conf.task_acks_late and app.conf.task_reject_on_worker_lost and app.conf.worker_prefetch_multiplier == 1
    assert app.conf.broker_transport_options["visibility_timeout"] > 2 * TIME_LIMIT_S_MAX
    assert max(job.time_limit_s for job in JOBS.values()) == TIME_LIMIT_S_MAX
    assert app.conf.broker_transport_options["global_keyprefix"].startswith(settings.REDIS_PREFIX)


def test_nothing_but_names_and_dates_is_accepted_and_no_result_is_kept() -> None:
    assert app.conf.accept_content == ["json"] and app.conf.task_serializer == "json"
    assert app.conf.result_backend is None and app.conf.task_ignore_result


def test_beat_asks_for_a_look_and_for_the_invariants_and_keeps_nothing_on_disk() -> None:
    asked = {entry["task"]: entry for entry in app.conf.beat_schedule.values()}
    assert set(asked) == {"jobs.look", "jobs.ask_invariants", "jobs.link_trail", "jobs.export_trail", "jobs.send_alert_mails"}
    assert asked["jobs.look"]["schedule"] == crontab(minute="*/5")
    assert asked["jobs.ask_invariants"]["schedule"] == crontab(minute="*")
    assert all(entry["options"]["expires"] <= 300 for entry in asked.values()), "what nobody takes does not pile up"
    assert app.conf.beat_scheduler == "celery.beat:Scheduler"
    ours = (run_job, look_for_missing_runs, ask_invariants, link_trail, export_trail, send_alert_mails)
    assert {task.name for task in ours} == {"jobs.run", *asked}


def test_the_invariants_are_asked_by_the_worker(db: None) -> None:
    ask_invariants()
    report = get_report()
    assert report is not None and report.checks and report.violated == 0


@pytest.mark.parametrize(
    ("url", "spelled"),
    [
        ("redis://:secret@127.0.0.1:6379/3", "redis://:secret@127.0.0.1:6379/3"),
        ("rediss://cache.example:6380/0", "rediss://cache.example:6380/0"),
        ("unix:///run/redis.sock?db=4", "redis+socket:///run/redis.sock?virtual_host=4"),
        ("unix://user:secret@/run/redis.sock", "redis+socket://user:secret@/run/redis.sock?virtual_host=0"),
    ],
)
def test_an_address_of_redis_is_spelled_as_the_queue_reads_it(url: str, spelled: str) -> None:
    assert broker_url(url) == spelled


@pytest.mark.parametrize(
    ("flag", "value", "told"),
    [
        *(("should_stop", value, True) for value in (os.EX_OK, True, os.EX_SOFTWARE)),
        *(("should_terminate", value, True) for value in (os.EX_OK, True)),
        *(("should_stop", value, False) for value in (None, False)),
    ],
)
def test_a_worker_that_is_told_to_stop_is_so_whatever_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, flag: str, value: object, told: bool
) -> None:
    """Celery's flag is the exit code: 0 after SIGTERM."""
    monkeypatch.setattr(state, "should_stop", None)
    monkeypatch.setattr(state, "should_terminate", None)
    monkeypatch.setattr(state, flag, value)
    assert _is_stopping() is told
