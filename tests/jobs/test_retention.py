"""Retention removes what is old, a bounded chunk at a time, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from apps.accounts.sweep import sweep_sessions
from apps.eventlog.models import ParkedMessage
from apps.eventlog.parked import sweep_parked
from apps.jobs.models import JobRun
from apps.jobs.retention_job import SWEEPS, sweep_runs
from apps.jobs.runner import JobFailedError, run_once
from apps.marketdata.partitions import list_partitions
from apps.receipts.models import Receipt, ShownQuote
from apps.receipts.sweep import sweep_receipts

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 19)
END = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_of_others(db: None) -> None:
    """What tests have committed for their processes to see, and not removed, is nothing to count here."""
    for model in (ParkedMessage, Session, JobRun):
        model.objects.all().delete()


def park(number: int, at: datetime) -> None:
    ParkedMessage.objects.create(
        consumer="marketdata", topic="t", partition=0, offset=number, value=b"x", error="unreadable", parked_at=at
    )


def log_in(number: int, until: datetime) -> None:
    Session.objects.create(session_key=f"{number:032d}", session_data="", expire_date=until)


def receipt(number: int, at: datetime) -> None:
    Receipt.objects.create(order_id=number + 1, account_id=1, door="PAGE", received_at=at, noted_at=at)


def shown(number: int, at: datetime) -> None:
    ShownQuote.objects.create(
        order_id=number + 1, account_id=1, epoch=1, sequence=1, quoted_at=at, bid=1, ask=2, was_asked=False, noted_at=at
    )


def ran(number: int, at: datetime) -> None:
    JobRun.objects.create(
        job=f"job {number}", day=at.date(), status="DONE", started_at=at, heartbeat_at=at, finished_at=at, result="{}"
    )


@pytest.mark.parametrize(
    ("sweep", "module", "make", "model", "kept"),
    [
        (sweep_parked, "apps.eventlog.parked", park, ParkedMessage, timedelta(days=90)),
        (sweep_sessions, "apps.accounts.sweep", log_in, Session, timedelta(0)),
        (sweep_receipts, "apps.receipts.sweep", receipt, Receipt, timedelta(days=90)),
        (sweep_receipts, "apps.receipts.sweep", shown, ShownQuote, timedelta(days=90)),
        (sweep_runs, "apps.jobs.retention_job", ran, JobRun, timedelta(days=400)),
    ],
)
def test_what_is_older_goes_in_chunks_and_what_is_younger_stays(
    monkeypatch: pytest.MonkeyPatch, sweep: Any, module: str, make: Any, model: Any, kept: timedelta
) -> None:
    monkeypatch.setattr(f"{module}._CHUNK", 2)
    for number in range(5):
        make(number, END - kept - timedelta(seconds=1 + number))
    make(5, END - kept)
    make(6, END - kept + timedelta(days=1))
    said: list[str] = []
    assert sweep(END, said.append) == 5
    assert model.objects.count() == 2 and len(said) >= 2, "it says so after each chunk, where it can be stopped"
    assert sweep(END, said.append) == 0


def test_the_job_asks_every_sweep_and_makes_the_coming_days() -> None:
    park(1, END - timedelta(days=91))
    log_in(1, END - timedelta(days=1))
    done = run_once("retention", DAY)
    assert done.run is not None
    assert done.run.result == {"quote frames": 0, "parked messages": 1, "sessions": 1, "receipts": 0, "alerts": 0, "job runs": 0}
    assert set(done.run.result) == set(SWEEPS)
    ahead = [part.until for part in list_partitions() if part.until is not None]
    assert max(ahead) > datetime.now(UTC) + timedelta(days=13)


def test_what_one_sweep_removed_stays_removed_when_a_later_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    park(1, END - timedelta(days=91))
    monkeypatch.setitem(SWEEPS, "sessions", "apps.no_such.sweep")
    with pytest.raises(JobFailedError, match="no_such"):
        run_once("retention", DAY)
    assert not ParkedMessage.objects.exists()
