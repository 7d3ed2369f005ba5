"""Trading calendars: on which days, and from when to when, an instrument is traded. Values in, values out.

Which days an exchange is closed, and which end early, is taken from ``holidays``; its hours stand here. ``exchange_calendars``
and ``pandas_market_calendars`` know more exchanges and every session of decades, by way of pandas and numpy: 164 MB installed
against 15, and 50 MB more of memory, for the two weeks that are asked for here. A new exchange is a line in :data:`EXCHANGES`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

from apps.instruments.sessions import AROUND_THE_CLOCK, SessionView

#: How long before its opening an exchange takes orders.
PRE_OPEN = timedelta(minutes=30)
#: How far ahead sessions are made: so long may whoever makes them be away.
DAYS_AHEAD = 14
_SATURDAY = 5


class UnknownCalendarError(LookupError):
    """No calendar has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"calendar must be {AROUND_THE_CLOCK} or one of {', '.join(sorted(EXCHANGES))}, was {name!r}")


@dataclass(frozen=True, slots=True)
class Exchange:
    """Hours of the exchange's own clock. ``early_close`` is of its half days."""

    zone: ZoneInfo
    opens: time
    closes: time
    early_close: time


_NEW_YORK = Exchange(ZoneInfo("America/New_York"), time(9, 30), time(16), time(13))

#: By the market's identifier (ISO 10383), which is also how ``holidays`` names it.
EXCHANGES: dict[str, Exchange] = {
    "XNYS": _NEW_YORK,
    "XNAS": _NEW_YORK,
    "XLON": Exchange(ZoneInfo("Europe/London"), time(8), time(16, 30), time(12, 30)),
    "XPAR": Exchange(ZoneInfo("Europe/Paris"), time(9), time(17, 30), time(14, 5)),
}


def list_sessions(calendar: str, now: datetime) -> tuple[SessionView, ...]:
    """The sessions that end after ``now`` and begin within :data:`DAYS_AHEAD`; raises :class:`UnknownCalendarError`."""
    every = _days_of_utc(now) if calendar == AROUND_THE_CLOCK else _days_of_exchange(calendar, now)
    return tuple(session for session in every if session.closes_at > now)


def _days_of_utc(now: datetime) -> Iterator[SessionView]:
    today = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    for ahead in range(DAYS_AHEAD + 1):
        begins = today + timedelta(days=ahead)
        yield SessionView(begins, begins, begins + timedelta(days=1))


def _days_of_exchange(name: str, now: datetime) -> Iterator[SessionView]:
    exchange = EXCHANGES.get(name)
    if exchange is None:
        raise UnknownCalendarError(name)
    today = now.astimezone(exchange.zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1)]
    years = sorted({day.year for day in days})
    closed = holidays.financial_holidays(name, years=years, categories=("public",))
    short = holidays.financial_holidays(name, years=years, categories=("half_day",))
    for day in days:
        if day.weekday() < _SATURDAY and day not in closed:
            yield _session(exchange, day, ends_early=day in short)


def _session(exchange: Exchange, day: date, *, ends_early: bool) -> SessionView:
    """By the exchange's clock on that day, whatever its distance from UTC is then."""
    opens_at = datetime.combine(day, exchange.opens, exchange.zone).astimezone(UTC)
    closes = exchange.early_close if ends_early else exchange.closes
    return SessionView(opens_at - PRE_OPEN, opens_at, datetime.combine(day, closes, exchange.zone).astimezone(UTC))
