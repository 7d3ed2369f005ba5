"""The state of the whole at a glance, for the front page of the admin: a dozen short queries, each by an index."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse

from apps.adminlists.reading import TooMuchError, reading
from apps.backoffice.selectors import count_waiting
from apps.core.enums import TradingState
from apps.engine.status import EngineStatus, get_engine_status
from apps.eventlog.status import COUNTED_MAX, LaneView, count_parked, list_lanes
from apps.instruments.selectors import InstrumentView, list_instruments
from apps.jobs.registry import JOBS
from apps.jobs.selectors import RunView, list_runs
from apps.observability.health import Answer, check_dependencies


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that is well or not. ``tone`` is good, warn or bad, as the badges have it."""

    label: str
    text: str
    tone: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """``engine`` is None before one ever ran; ``halted`` do not trade. All but ``signs`` is empty when reading took too long."""

    signs: tuple[Sign, ...]
    engine: EngineStatus | None = None
    halted: tuple[InstrumentView, ...] = ()
    runs: tuple[tuple[str, RunView | None], ...] = ()
    lanes: tuple[LaneView, ...] = ()


def read_overview(user_id: int) -> Overview:
    """As ``user_id`` of the staff reads it."""
    answers = check_dependencies()
    try:
        with reading():
            return _read(answers, user_id)
    except TooMuchError:
        return Overview((*_dependencies(answers), Sign("Database", "too busy to tell more", "bad")))


def _read(answers: list[Answer], user_id: int) -> Overview:
    instruments, lanes = list_instruments(), list_lanes()
    runs = tuple((name, next(iter(list_runs(name, 1)), None)) for name in JOBS)
    signs = (*_dependencies(answers), *_market(instruments), *_log(lanes), *_books(runs), _proposals(user_id))
    halted = tuple(view for view in instruments if not view.is_open)
    return Overview(signs, get_engine_status(), halted, runs, lanes)


def _dependencies(answers: list[Answer]) -> Iterator[Sign]:
    for answer in answers:
        name = answer.name.replace("eventlog", "event log").capitalize()
        yield Sign(name, "answers" if answer.ok else answer.reason, "good" if answer.ok else "bad")


def _market(instruments: tuple[InstrumentView, ...]) -> Iterator[Sign]:
    counts = Counter(view.trading_state for view in instruments)
    text = ", ".join(f"{counts[state]} {state.value.lower()}" for state in TradingState if counts[state]) or "no instruments"
    tone = "good" if instruments and counts[TradingState.OPEN] == len(instruments) else "warn"
    yield Sign("Market", text, tone, reverse("admin:instruments_instrument_changelist"))


def _log(lanes: tuple[LaneView, ...]) -> Iterator[Sign]:
    waiting = sum(lane.waiting for lane in lanes)
    yield Sign("Outbox", f"{_counted(waiting)} waiting", "good" if waiting < 100 else "warn",
               reverse("admin:eventlog_relaycursor_changelist"))  # fmt: skip
    parked = count_parked()
    yield Sign("Parked messages", _counted(parked), "warn" if parked else "good",
               reverse("admin:eventlog_parkedmessage_changelist"))  # fmt: skip


def _books(runs: tuple[tuple[str, RunView | None], ...]) -> Iterator[Sign]:
    failed = [name for name, run in runs if run is not None and run.status.value == "FAILED"]
    yield Sign("Jobs", f"failed: {', '.join(failed)}" if failed else "none failed", "bad" if failed else "good",
               reverse("admin:jobs_jobrun_changelist"))  # fmt: skip
    address = reverse("admin:ledger_reconciliationdifference_changelist")
    checked = dict(runs).get("reconciliation")
    if checked is None or checked.status.value != "DONE":
        yield Sign("Books", "not reconciled yet", "warn", address)
        return
    found = checked.result.get("alarm", 0)
    text = f"{found or 'no'} differences on {checked.day.isoformat()}"
    yield Sign("Books", text, "bad" if found else "good", address)


def _proposals(user_id: int) -> Sign:
    waiting = count_waiting(user_id)
    address = reverse("admin:backoffice_proposal_changelist") + "?state=OPEN"
    if not waiting.count:
        return Sign("Proposals", "none wait", "good", address)
    own = f" ({waiting.own} of them yours)" if waiting.own else ""
    return Sign("Proposals", f"{waiting.count} wait{own}, the oldest for {_hours(waiting.oldest)}", "warn", address)


def _hours(span: timedelta) -> str:
    minutes = span // timedelta(minutes=1)
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"


def _counted(number: int) -> str:
    return f"{number} or more" if number >= COUNTED_MAX else str(number)
