"""When an exchange trades, against days that were looked up at the exchanges themselves."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from apps.commands.types import SESSIONS_MAX
from apps.instruments.calendars import EXCHANGES, UnknownCalendarError, list_sessions
from apps.instruments.sessions import AROUND_THE_CLOCK

NEW_YORK = ZoneInfo("America/New_York")


def local(calendar: str, day: date, zone: ZoneInfo = NEW_YORK) -> list[str]:
    """The session of that day by the exchange's own clock; nothing when it is closed."""
    now = datetime.combine(day, time(0, 1), zone)
    return [
        " ".join(f"{at.astimezone(zone):%H:%M}" for at in (s.pre_open_at, s.opens_at, s.closes_at))
        for s in list_sessions(calendar, now)
        if s.opens_at.astimezone(zone).date() == day
    ]


@pytest.mark.parametrize(
    ("day", "session"),
    [
        (date(2026, 11, 20), ["09:00 09:30 16:00"]),
        (date(2026, 11, 21), []),  # Saturday
        (date(2026, 11, 26), []),  # Thanksgiving
        (date(2026, 11, 27), ["09:00 09:30 13:00"]),  # the day after it ends early
        (date(2026, 12, 24), ["09:00 09:30 13:00"]),
        (date(2026, 12, 25), []),
        (date(2026, 7, 3), []),  # Independence Day, observed
        (date(2026, 4, 3), []),  # Good Friday
        (date(2025, 1, 9), []),  # a day of mourning: no rule gives it
        (date(2026, 3, 6), ["09:00 09:30 16:00"]),  # winter time; three days later summer time
        (date(2026, 3, 9), ["09:00 09:30 16:00"]),
    ],
)
@pytest.mark.parametrize("calendar", ["XNYS", "XNAS"])
def test_new_york(calendar: str, day: date, session: list[str]) -> None:
    assert local(calendar, day) == session


@pytest.mark.parametrize(
    ("calendar", "zone", "day", "session"),
    [
        ("XLON", "Europe/London", date(2026, 11, 20), ["07:30 08:00 16:30"]),
        ("XLON", "Europe/London", date(2026, 12, 24), ["07:30 08:00 12:30"]),
        ("XLON", "Europe/London", date(2026, 12, 28), []),  # Boxing Day, substitute
        ("XPAR", "Europe/Paris", date(2026, 11, 20), ["08:30 09:00 17:30"]),
        ("XPAR", "Europe/Paris", date(2026, 5, 1), []),
        ("XPAR", "Europe/Paris", date(2026, 12, 24), ["08:30 09:00 14:05"]),
    ],
)
def test_europe(calendar: str, zone: str, day: date, session: list[str]) -> None:
    assert local(calendar, day, ZoneInfo(zone)) == session


@pytest.mark.fault("F20")
def test_utc_follows_the_change_of_the_clocks() -> None:
    winter, summer = (list_sessions("XNYS", datetime(2026, 3, day, tzinfo=UTC))[0] for day in (6, 9))
    assert (winter.opens_at.hour, summer.opens_at.hour) == (14, 13)


def test_around_the_clock_the_sessions_are_the_days_of_utc() -> None:
    now = datetime(2026, 11, 21, 16, 40, tzinfo=UTC)
    sessions = list_sessions(AROUND_THE_CLOCK, now)
    assert (sessions[0].pre_open_at, sessions[0].closes_at) == (
        datetime(2026, 11, 21, tzinfo=UTC),
        datetime(2026, 11, 22, tzinfo=UTC),
    )
    assert all(before.closes_at == after.opens_at for before, after in pairwise(sessions))
    assert sessions[-1].closes_at - now > timedelta(days=14)


@pytest.mark.parametrize("calendar", [AROUND_THE_CLOCK, *EXCHANGES])
def test_two_years_of_any_calendar_are_what_the_engine_takes(calendar: str) -> None:
    """In order, not overlapping, not over, at most as many as it takes, and never fewer than half of the days of two weeks."""
    for day in range(0, 730, 3):
        now = datetime(2026, 1, 1, 17, 3, tzinfo=UTC) + timedelta(days=day)
        sessions = list_sessions(calendar, now)
        assert 7 <= len(sessions) <= SESSIONS_MAX
        assert all(s.pre_open_at <= s.opens_at < s.closes_at for s in sessions) and sessions[0].closes_at > now
        assert all(before.closes_at <= after.pre_open_at for before, after in pairwise(sessions))


def test_a_session_that_is_running_is_among_them_and_one_that_is_over_is_not() -> None:
    during, after = (datetime(2026, 11, 20, hour, tzinfo=UTC) for hour in (20, 22))
    assert list_sessions("XNYS", during)[0].opens_at.date() == date(2026, 11, 20)
    assert list_sessions("XNYS", after)[0].opens_at.date() == date(2026, 11, 23)


def test_a_calendar_that_nobody_knows_is_named() -> None:
    with pytest.raises(UnknownCalendarError, match="calendar must be 24x7 or one of XLON, XNAS, XNYS, XPAR, was 'XXXX'"):
        list_sessions("XXXX", datetime(2026, 1, 1, tzinfo=UTC))
