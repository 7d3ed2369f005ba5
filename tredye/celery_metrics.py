"""What the queue does, counted: Celery's signals, in the worker and in beat. Imported by ``tredye.celery``."""

import time
from typing import Any

from celery import signals

from apps.observability import metrics
from apps.observability.callers import called

#: The task that this process is at: the worker has one thread for them, and one task at a time.
_began: dict[str, tuple[float, Any]] = {}


@signals.task_prerun.connect
def begin(task_id: str, task: Any, **_: Any) -> None:
    counted = called(task.name)
    counted.__enter__()
    _began[task_id] = (time.monotonic(), counted)
    metrics.TASKS_RUNNING.set(len(_began))


@signals.task_postrun.connect
def end(task_id: str, task: Any, state: str | None = None, **_: Any) -> None:
    began_s, counted = _began.pop(task_id, (None, None))
    metrics.TASKS_RUNNING.set(len(_began))
    if began_s is None:
        return
    counted.__exit__(None, None, None)
    outcome = {"SUCCESS": "done", "RETRY": "retried"}.get(str(state), "failed")
    metrics.TASKS.labels(task.name, outcome).inc()
    metrics.TASKS_SECONDS.labels(task.name).observe(time.monotonic() - began_s)


@signals.task_unknown.connect
def refuse(**_: Any) -> None:
    metrics.TASKS.labels("unknown", "refused").inc()


@signals.after_task_publish.connect
def sent(sender: str | None = None, **_: Any) -> None:
    metrics.TASKS_SENT.labels(str(sender)).inc()


@signals.beat_init.connect
def watch_beat(**_: Any) -> None:
    """In beat's process alone: what it sends is the sign that it lives."""
    signals.after_task_publish.connect(_beat_sent)


def _beat_sent(**_: Any) -> None:
    metrics.BEAT_SENT.set_to_current_time()
