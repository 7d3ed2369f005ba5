"""How things stand, for everybody: what is up, how fresh prices are, and whether the books are right.

Nothing here says where or why: addresses, versions and errors are for operators (``/readyz``, the logs).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError

from apps.core.enums import TradingState
from apps.degraded import TEXTS, Action, Dependency, Modes, may, modes, standing
from apps.engine.invariant_reports import ReportView, get_report
from apps.engine.status import EngineStatus, get_engine_status
from apps.instruments.selectors import InstrumentView, list_instruments
from apps.ledger.day_hashes import DayHashView, list_day_hashes
from apps.marketdata.selectors import STALE_AFTER, FeedView, latest_prices, list_feeds
from apps.operations.history import Day, get_day
from apps.receipts.selectors import Pace, find_paces
from apps.web.books import Invariant, invariants

#: The checks are asked every minute; after this long without an answer, nobody seems to ask any more.
REPORT_STALE_AFTER = timedelta(minutes=3)

#: Dependency -> what it is to a reader. What is missing while it is away, the table of degraded modes says.
PARTS = {
    Dependency.POSTGRES: "Accounts, orders and money",
    Dependency.ENGINE: "Trading",
    Dependency.REDIS: "Live updates",
    Dependency.LOG: "History and alerts",
}
HALTED_SHOWN = 5
#: Days whose hashes the page has; the list of all is a file beside it.
DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class Part:
    """By what was really seen of it: ``seen_s_ago`` is a text, empty when nobody has needed it yet; ``since`` and ``missing`` are
    those of its absence."""

    title: str
    is_up: bool
    missing: str
    since: datetime | None
    seen_s_ago: str


@dataclass(frozen=True, slots=True)
class Prices:
    """Of the instruments that are open now."""

    open: int
    fresh: int
    newest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Mode:
    """Something works otherwise than it should, and what that means for a reader. ``tone`` is warn or bad."""

    title: str
    meaning: str
    tone: str = "warn"


@dataclass(frozen=True, slots=True)
class Status:
    """``reduced`` is what the banner of every page says; ``modes`` are what else is in force. ``books`` is None before the first
    check, and, with all that is read from the database, while that is away."""

    at: datetime
    parts: tuple[Part, ...]
    trading_paused: bool
    reduced: Modes
    engine: EngineStatus | None = None
    prices: Prices | None = None
    books: ReportView | None = None
    feeds: tuple[FeedView, ...] = ()
    modes: tuple[Mode, ...] = ()
    last_hour: Pace | None = None
    last_day: Pace | None = None
    day: Day | None = None
    invariants: tuple[Invariant, ...] = ()
    hashes: tuple[DayHashView, ...] = ()

    @property
    def is_well(self) -> bool:
        late = self.books_violated or self.books_stale or self.prices_stale or self.feeds_silent or self.outbox_late
        return all(part.is_up for part in self.parts) and not late and not self.modes and not self.reduced

    @property
    def books_violated(self) -> bool:
        return self.books is not None and self.books.violated > 0

    @property
    def books_stale(self) -> bool:
        return self.books is not None and self.at - self.books.asked_at > REPORT_STALE_AFTER

    @property
    def books_age_s(self) -> int:
        return 0 if self.books is None else max(0, (self.at - self.books.asked_at) // timedelta(seconds=1))

    @property
    def price_age_ms(self) -> int | None:
        """How old the newest price of all is; None before the first."""
        if self.prices is None or self.prices.newest_at is None:
            return None
        return max(0, (self.at - self.prices.newest_at) // timedelta(milliseconds=1))

    @property
    def books_age_minutes(self) -> int:
        return 0 if self.books is None else (self.at - self.books.asked_at) // timedelta(minutes=1)

    @property
    def outbox_late(self) -> bool:
        return any(one.status == "LATE" for one in self.invariants)

    @property
    def feeds_silent(self) -> bool:
        return any(feed.state != "Publishing" for feed in self.feeds)

    @property
    def prices_stale(self) -> bool:
        return self.prices is not None and self.prices.fresh < self.prices.open


def get_status(now: datetime) -> Status:
    """Never raises for what is away: that is what it tells. Nobody is asked whether he is there (:mod:`apps.degraded`)."""
    if standing(Dependency.POSTGRES).is_away:
        return _alone(now)
    try:
        instruments = list_instruments()
        prices = _prices(instruments, now)
        engine = get_engine_status()
        books = get_report()
        last_hour, last_day = find_paces(now - timedelta(hours=1), now - timedelta(days=1))
        return Status(
            now,
            _parts(),
            not may(Action.CANCEL).allowed,
            modes(),
            engine=engine,
            prices=prices,
            books=books,
            feeds=tuple(list_feeds(now)),
            modes=tuple(_in_force(instruments, prices, engine)),
            last_hour=last_hour,
            last_day=last_day,
            day=get_day(now),
            invariants=tuple(invariants(books, None if engine is None else engine.waiting_since, now)),
            hashes=tuple(list_day_hashes(DAYS_SHOWN)),
        )
    except DatabaseError:  # it went between the question and this
        return _alone(now)


def _alone(now: datetime) -> Status:
    """Without the database."""
    return Status(now, _parts(), trading_paused=True, reduced=modes())


def _parts() -> tuple[Part, ...]:
    return tuple(_part(dependency, title) for dependency, title in PARTS.items())


def _part(dependency: Dependency, title: str) -> Part:
    found = standing(dependency)
    seen = "" if found.seen_s_ago is None else f"{found.seen_s_ago:.1f}"
    return Part(title, not found.is_away, TEXTS[dependency][1] if found.is_away else "", found.since, seen)


def _prices(instruments: Sequence[InstrumentView], now: datetime) -> Prices:
    trading = [instrument.id for instrument in instruments if instrument.is_open]
    quoted = [price.quoted_at for price in latest_prices(trading).values()]
    fresh = sum(now - at <= STALE_AFTER for at in quoted)
    return Prices(len(trading), fresh, max(quoted, default=None))


def _in_force(instruments: Sequence[InstrumentView], prices: Prices, engine: EngineStatus | None) -> Iterator[Mode]:
    """What is in force that should not be for long. What is closed by its calendar is as it should be."""
    reason = engine.kill_reason if engine is not None else None
    if reason is not None:
        yield Mode("All trading is stopped", f"{reason} New orders are refused; money and positions stay as they are.", "bad")
    halted = [view.symbol for view in instruments if view.trading_state is TradingState.HALTED]
    if halted and reason is None:
        more = f" and {len(halted) - HALTED_SHOWN} more" if len(halted) > HALTED_SHOWN else ""
        names = ", ".join(halted[:HALTED_SHOWN])
        yield Mode(f"{len(halted)} halted", f"{names}{more}. Open orders can be made smaller or canceled.")
    silent = prices.open - prices.fresh
    if silent and not standing(Dependency.FEED).is_away:
        yield Mode(f"{silent} without a fresh price", "The house quotes nothing there, and market orders are refused meanwhile.")
