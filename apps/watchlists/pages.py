"""What the pages with lists and stars show: plain values for their templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from apps.accounts.access import find_account
from apps.instruments.search import clean, search
from apps.instruments.selectors import InstrumentView, list_instruments
from apps.marketdata.board import Glance, glances_of, with_lines
from apps.watchlists.selectors import WatchlistsView, WatchlistView, list_watchlists

FOUND_MAX = 8


@dataclass(frozen=True, slots=True)
class Stars:
    """Which instruments have a star, and whether a click on one must ask for which list. None of it for who has no account."""

    watched_ids: frozenset[int]
    many: bool

    @classmethod
    def of(cls, lists: WatchlistsView) -> "Stars":
        return cls(lists.watched_ids, len(lists.lists) > 1)


@dataclass(frozen=True, slots=True)
class Found:
    """An instrument that a search on the page of a list found."""

    instrument: InstrumentView
    is_listed: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """One list as its page shows it. ``text`` is what was searched for to be added, ``found`` what that found."""

    current: WatchlistView
    board: tuple[Glance, ...]
    text: str
    found: tuple[Found, ...]


def stars_of(request: HttpRequest) -> Stars | None:
    """The stars of whoever is logged in; None without an account. One query."""
    account = find_account(request)
    return Stars.of(list_watchlists(account.id)) if account is not None else None


def read_list_page(current: WatchlistView, text: str, now: datetime) -> ListPage:
    """Four queries, however long the list is."""
    instruments = list_instruments()
    known = {view.id: view for view in instruments}
    shown = [known[instrument_id] for instrument_id in current.instrument_ids if instrument_id in known]
    wanted = clean(text)
    return ListPage(current, with_lines(glances_of(shown, now)), wanted, _find(instruments, wanted, current))


def _find(instruments: Sequence[InstrumentView], text: str, current: WatchlistView) -> tuple[Found, ...]:
    if not text:
        return ()
    return tuple(Found(view, view.id in current.instrument_ids) for view in search(instruments, text)[:FOUND_MAX])
