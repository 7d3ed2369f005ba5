"""What Celery does is counted: Celery's own signals, in this process."""

from typing import Any

import pytest
from celery import shared_task
from prometheus_client import REGISTRY

from apps.observability import metrics
from tredye.celery import app
from tredye.celery_metrics import _beat_sent


@shared_task(name="tests.fail_if_told")  # type: ignore[untyped-decorator]
def fail_if_told(told: bool) -> None:
    if told:
        raise ValueError("as it was told")


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("tredye_tasks_total", {"task": "tests.fail_if_told", "outcome": outcome}) or 0.0


@pytest.mark.parametrize(("told", "outcome"), [(False, "done"), (True, "failed")])
def test_a_task_is_counted_by_its_outcome_and_timed(told: bool, outcome: str) -> None:
    before = counted(outcome)
    app.tasks["tests.fail_if_told"].apply((told,))
    assert counted(outcome) == before + 1
    assert (REGISTRY.get_sample_value("tredye_tasks_seconds_count", {"task": "tests.fail_if_told"}) or 0) >= 1
    assert REGISTRY.get_sample_value("tredye_tasks_running") == 0


def test_what_beat_sends_is_its_sign_of_life(monkeypatch: Any) -> None:
    metrics.BEAT_SENT.set(0)
    _beat_sent()
    assert (REGISTRY.get_sample_value("tredye_beat_sent_seconds") or 0) > 1_700_000_000
