"""Celery: the queue between beat and the workers. ``python -m celery -A tredye worker`` and ``beat``; docs/jobs.md says why so.

What the queue holds can be lost: every five minutes beat asks for a look at Postgres, and what is due and not done is enqueued
again. So beat keeps nothing on disk, results are nowhere but in the rows of the runs, and a second beat does no harm.
"""

import os
import ssl
import threading
import warnings
from typing import Any
from urllib.parse import parse_qs, urlsplit

from celery import Celery, signals
from celery.schedules import crontab

from tredye.settings.env import choose_settings

choose_settings()
# The checks import every page of the product, which neither process needs; ``manage.py prepare`` has made them.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

from django.conf import settings  # noqa: E402

from apps.jobs.registry import TIME_LIMIT_S_MAX  # noqa: E402
from tredye import celery_metrics as celery_metrics  # noqa: E402 - its receivers are connected by the import

# As root as every other process of a machine of one's own. The danger that Celery warns of is pickle, which is not accepted.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")


def broker_url(url: str) -> str:
    """``REDIS_URL`` as Celery spells it: a Unix socket has another scheme, and its database another name."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    login = parts.netloc.rpartition("@")[0]
    return f"redis+socket://{login}{'@' if login else ''}{parts.path}?virtual_host={database}"


app = Celery("tredye")
app.conf.update(
    broker_url=broker_url(settings.REDIS_URL),
    broker_use_ssl={"ssl_cert_reqs": ssl.CERT_REQUIRED} if settings.REDIS_URL.startswith("rediss:") else None,
    broker_transport_options={
        "global_keyprefix": f"{settings.REDIS_PREFIX}:jobs:",
        # What was handed out and not acknowledged is handed out again after this: later than any job may take.
        "visibility_timeout": 2 * TIME_LIMIT_S_MAX + 600,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
    },
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,  # Redis may be away for as long as it likes
    task_publish_retry_policy={"max_retries": 3, "interval_start": 0.2, "interval_step": 0.5, "interval_max": 1.0},
    result_backend=None,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    timezone="UTC",
    enable_utc=True,
    imports=("apps.jobs.tasks",),
    beat_scheduler="celery.beat:Scheduler",
    beat_max_loop_interval=60,
    beat_schedule={
        "look for runs that are due": {"task": "jobs.look", "schedule": crontab(minute="*/5"), "options": {"expires": 300}},
        # A worker that is at a long job asks late, and then once: the others have expired.
        "ask the invariants": {"task": "jobs.ask_invariants", "schedule": crontab(minute="*"), "options": {"expires": 50}},
        "link the trail": {"task": "jobs.link_trail", "schedule": crontab(minute="*"), "options": {"expires": 50}},
        "export the trail": {"task": "jobs.export_trail", "schedule": crontab(minute="7"), "options": {"expires": 300}},
        "send the mails of alerts": {"task": "jobs.send_alert_mails", "schedule": 10.0, "options": {"expires": 9}},
    },
)


@signals.setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """That somebody listens to this signal keeps Celery from setting up logging: Django's start has done it."""


@signals.worker_init.connect
@signals.beat_init.connect
def open_metrics(**_: Any) -> None:
    from apps.observability.metrics import serve_metrics

    try:
        serve_metrics()
    except OSError as error:
        # Celery would log any other exception of a signal and go on without.
        raise SystemExit(str(error)) from None


@signals.beat_init.connect
def begin_to_sample(**_: Any) -> None:
    """Beat has little else to do, is alone, and waits for nobody: also without Redis its process tells how the others are."""
    threading.Thread(target=_sample, name="sampler", daemon=True).start()


def _sample() -> None:
    # Imported in the thread: a signal to end that comes while the main thread imports may be raised where Python swallows it.
    from apps.operations.sampler import Sampler

    Sampler().run(threading.Event())


@signals.worker_ready.connect
def look_at_start(**_: Any) -> None:
    """What was missed while no worker ran is not left to wait for beat."""
    from apps.jobs.tasks import look_for_missing_runs

    look_for_missing_runs.apply_async(expires=300)
