"""The job ``calendar``: the sessions of the coming two weeks of every instrument, told to the engine.

What the engine knows already is not told again, so a run that follows another does nothing, and one that broke off is completed.
The sessions are those of now, not of the day that the run is for.
"""

from datetime import UTC, date, datetime

import structlog

from apps.commands.client import new_command_id
from apps.instruments import selectors, services
from apps.instruments.calendars import UnknownCalendarError, list_sessions
from apps.instruments.sessions import AROUND_THE_CLOCK
from apps.jobs.registry import Progress

log = structlog.get_logger(__name__)


class SessionsNotSetError(RuntimeError):
    """The engine did not take an instrument's sessions, or gave no answer: the job is tried again."""


def set_all_sessions(day: date, progress: Progress) -> dict[str, object]:
    """See that the engine knows the coming sessions; ``alarm`` counts instruments with a calendar that nobody knows."""
    return set_missing_sessions(datetime.now(UTC), progress)


def set_missing_sessions(now: datetime, progress: Progress) -> dict[str, object]:
    """Tell the engine every session that it does not know at ``now``. Raises :class:`SessionsNotSetError`."""
    told = unknown = 0
    schedules = selectors.list_schedules()
    for schedule in schedules:
        try:
            wanted = list_sessions(schedule.calendar, now)
        except UnknownCalendarError as error:
            log.error("calendar_unknown", symbol=schedule.symbol, error=str(error))
            unknown += 1
            continue
        around_the_clock = schedule.calendar == AROUND_THE_CLOCK
        coming = tuple(session for session in schedule.sessions if session.closes_at > now)
        if (wanted, around_the_clock) == (coming, schedule.around_the_clock):
            continue
        outcome = services.set_sessions(
            symbol=schedule.symbol, sessions=wanted, around_the_clock=around_the_clock, command_id=new_command_id()
        )
        if not outcome.done:
            raise SessionsNotSetError(f"{schedule.symbol}: {outcome.sentence}")
        told += 1
        progress(f"sessions of {told} instruments")
    return {"instruments": len(schedules), "told": told, "alarm": unknown}
