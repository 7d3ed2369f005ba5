"""Every instrument: the list, and the search of every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from apps.accounts.access import find_account
from apps.accounts.fragments import is_partial
from apps.core.enums import TradingState
from apps.instruments.search import clean, search
from apps.instruments.selectors import InstrumentView, list_instruments
from apps.marketdata.board import Glance, glances_of, list_board, with_lines
from apps.watchlists.pages import Stars
from apps.watchlists.selectors import WatchlistsView, list_watchlists
from apps.web.market_list import ANY_LIST, CLASS_LABELS, STATUS_LABELS, Filters, cut
from apps.web.start import Start, find_start, start_of

FOUND_MAX = 8
_HEADS = (
    ("symbol", "Instrument", ""),
    ("last", "Last", "num"),
    ("change", "24 h", "num"),
    ("", "Last day", "market-spark"),
    ("bid", "Bid", "num market-wide"),
    ("ask", "Ask", "num market-wide"),
    ("volume", "Volume 24 h", "num market-wide"),
    ("status", "Trading", "market-wide"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A link of a filter: what it says, where it leads, and whether it is what is shown."""

    label: str
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; ``address`` is empty where nothing can be sorted, ``direction`` where it is sorted by another one."""

    label: str
    classes: str
    address: str
    direction: str


@require_safe
def markets(request: HttpRequest) -> HttpResponse:
    """The list of instruments: one view for the page and for its table alone."""
    now = timezone.now()
    account = find_account(request)
    lists = list_watchlists(account.id) if account is not None else WatchlistsView()
    filters = Filters.of(request.GET, [each.id for each in lists.lists])
    board = list_board(now)
    found = filters.apply(board, _listed(filters, lists))
    shown = cut(found, filters)
    context = {
        "filters": filters,
        "cut": shown,
        "board": with_lines(shown.rows),
        "heads": _heads(filters),
        "classes": _choices(filters, "class_", {"": "All"} | {code.value: label for code, label in CLASS_LABELS.items()}),
        "statuses": _status_choices(filters, board),
        "lists": _list_choices(filters, lists),
        "stars": Stars.of(lists) if account is not None else None,
        "account": account,
        "start": _start(request, board, lists, now),
        "now": now,
    }
    return render(request, "web/_markets_table.html" if is_partial(request) else "web/markets.html", context)


def _start(request: HttpRequest, board: Sequence[Glance], lists: WatchlistsView, now: datetime) -> Start | None:
    """The steps of a new account: what it watches it has chosen."""
    account = None if is_partial(request) else find_start(request, now)
    watched = [glance for glance in board if glance.instrument.id in lists.watched_ids]
    return start_of(account, watched[0] if watched else None) if account is not None else None


def _listed(filters: Filters, lists: WatchlistsView) -> frozenset[int]:
    if filters.watchlist == ANY_LIST or not filters.watchlist:
        return lists.watched_ids
    chosen = lists.find(int(filters.watchlist))
    return frozenset(chosen.instrument_ids) if chosen else frozenset()


def _heads(filters: Filters) -> list[Head]:
    return [
        Head(label, classes, filters.address(sort=filters.toggled(name)) if name else "", filters.direction(name) if name else "")
        for name, label, classes in _HEADS
    ]


def _choices(filters: Filters, field: str, labels: dict[str, str]) -> list[Choice]:
    now = getattr(filters, field)
    return [Choice(label, filters.address(**{field: value}), value == now) for value, label in labels.items()]


def _status_choices(filters: Filters, board: Sequence[Glance]) -> list[Choice]:
    """One for each state that some instrument is in; none while all are in the same one."""
    states = {glance.instrument.trading_state for glance in board} | ({TradingState(filters.status)} if filters.status else set())
    labels = {"": "Any"} | {state.value: label for state, label in STATUS_LABELS.items() if state in states}
    return _choices(filters, "status", labels) if len(labels) > 2 else []


def _list_choices(filters: Filters, lists: WatchlistsView) -> list[Choice]:
    """One for each list; none while there is no list."""
    any_list = {ANY_LIST: "With a star"} if len(lists.lists) > 1 or filters.watchlist == ANY_LIST else {}
    labels = {"": "All instruments"} | any_list | {str(each.id): each.name for each in lists.lists}
    return _choices(filters, "watchlist", labels) if lists.lists else []


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """What the search of every page found as one types: a fragment; a plain request gets the list, narrowed."""
    text = clean(request.GET.get("q", ""))
    if not is_partial(request):
        return redirect(f"{reverse('web:markets')}?{urlencode({'q': text})}" if text else reverse("web:markets"))
    instruments = list_instruments()
    shown = search(instruments, text)[:FOUND_MAX] if text else _offered(request, instruments)
    context = {"text": text, "found": glances_of(shown, timezone.now())}
    return render(request, "web/_found.html", context)


def _offered(request: HttpRequest, instruments: tuple[InstrumentView, ...]) -> list[InstrumentView]:
    """Before anything is typed: what the reader watches, in the order of the lists, and then whatever there is."""
    account = find_account(request)
    known = {view.id: view for view in instruments}
    lists = list_watchlists(account.id).lists if account is not None else ()
    watched = [instrument_id for each in lists for instrument_id in each.instrument_ids]
    ids = dict.fromkeys([*watched, *known])
    return [known[instrument_id] for instrument_id in ids if instrument_id in known][:FOUND_MAX]
