"""How things stand, for everybody: what is up, how fresh prices are, and whether the books are right.

Nothing here says where or why: addresses, versions and errors are for operators (``/readyz``, the logs).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError

from apps.engine.invariant_reports import ReportView, get_report
from apps.engine.standby import greet
from apps.engine.status import EngineStatus, get_engine_status
from apps.instruments.selectors import list_instruments
from apps.marketdata.selectors import STALE_AFTER, latest_prices
from apps.observability.health import PROBES, Probe, check_dependencies

#: The checks are asked every minute; without an answer for this long, what they said is old news.
REPORT_STALE_AFTER = timedelta(minutes=5)

#: Dependency -> what it is to a reader, and what is missing while it is away.
PARTS = {
    "postgres": ("Accounts, orders and money", "Trading is paused; what was confirmed is kept."),
    "engine": ("Trading", "New orders and cancels wait until it is back."),
    "redis": ("Live updates", "Prices reach pages late; logging in is paused."),
    "eventlog": ("History and alerts", "They are late; trading goes on."),
}
PAUSES_TRADING = {"postgres", "engine"}
_GREETING_TIMEOUT_S = 0.8


def _ask_engine() -> None:
    if greet(settings.ENGINE_URL, settings.ENGINE_TOKEN, _GREETING_TIMEOUT_S) is None:
        raise OSError("the engine gives no welcome")


#: In the place of the one of ``/readyz``, to which a frozen engine looks alive: its socket still takes connections.
ENGINE = Probe("engine", _ask_engine)


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    is_up: bool
    missing: str


@dataclass(frozen=True, slots=True)
class Prices:
    """Of the instruments that are open now."""

    open: int
    fresh: int
    newest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """``books`` is None before the first check, and, with all that is read from it, while the database is away."""

    at: datetime
    parts: tuple[Part, ...]
    trading_paused: bool
    engine: EngineStatus | None = None
    prices: Prices | None = None
    books: ReportView | None = None

    @property
    def is_well(self) -> bool:
        return all(part.is_up for part in self.parts) and not self.books_violated and not self.prices_stale

    @property
    def books_violated(self) -> bool:
        return self.books is not None and self.books.violated > 0

    @property
    def books_stale(self) -> bool:
        return self.books is not None and self.at - self.books.asked_at > REPORT_STALE_AFTER

    @property
    def prices_stale(self) -> bool:
        return self.prices is not None and self.prices.fresh < self.prices.open


def get_status(now: datetime) -> Status:
    """Never raises for what is away: that is what it tells."""
    probes = [ENGINE if name == "engine" else probe for name, probe in PROBES.items()]
    answers = {answer.name: answer.ok for answer in check_dependencies(probes)}
    parts = tuple(Part(title, answers[name], missing) for name, (title, missing) in PARTS.items() if name in answers)
    paused = any(not up for name, up in answers.items() if name in PAUSES_TRADING)
    if not answers.get("postgres", True):
        return Status(now, parts, paused)
    try:
        return Status(now, parts, paused, get_engine_status(), _prices(now), get_report())
    except DatabaseError:  # it went between the question and this
        return Status(now, parts, trading_paused=True)


def _prices(now: datetime) -> Prices:
    instruments = [instrument.id for instrument in list_instruments() if instrument.is_open]
    quoted = [price.quoted_at for price in latest_prices(instruments).values()]
    fresh = sum(now - at <= STALE_AFTER for at in quoted)
    return Prices(len(instruments), fresh, max(quoted, default=None))
