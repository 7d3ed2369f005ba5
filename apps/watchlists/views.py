"""The lists of whoever is logged in, and the star beside an instrument anywhere. Each change is a plain POST, too."""

import re
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial, way_back
from apps.instruments.selectors import InstrumentNotFoundError, InstrumentView, get_instrument
from apps.instruments.symbols import is_symbol
from apps.watchlists import services
from apps.watchlists.forms import NameForm
from apps.watchlists.models import ENTRIES_MAX, LISTS_MAX, NAME_LENGTH_MAX
from apps.watchlists.pages import ListPage, Stars, read_list_page
from apps.watchlists.selectors import WatchlistNotFoundError, WatchlistsView, list_watchlists
from apps.watchlists.services import TooManyListsError, WatchlistFullError

_ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
FULL_LIST = f"A list has room for {ENTRIES_MAX} instruments. Take one off, or begin another list."
FULL_ACCOUNT = f"There is room for {LISTS_MAX} lists. Delete one first."


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The first list, or what to do while there is none."""
    account = access_account(request)
    lists = list_watchlists(account.id, timezone.now())
    return _page(request, lists, lists.lists[0].id if lists.lists else None)


@require_safe
def watchlist(request: HttpRequest, watchlist_id: int) -> HttpResponse:
    account = access_account(request)
    return _page(request, list_watchlists(account.id, timezone.now()), watchlist_id)


def _page(request: HttpRequest, lists: WatchlistsView, watchlist_id: int | None, *, name_error: str = "") -> HttpResponse:
    now = timezone.now()
    page: ListPage | None = None
    if watchlist_id is not None:
        current = lists.find(watchlist_id)
        if current is None:
            raise Http404("no such list")
        page = read_list_page(current, request.GET.get("find", ""), now)
    context = {
        "lists": lists,
        "page": page,
        "stars": Stars.of(lists),
        "is_last_list": bool(lists.lists) and lists.lists[-1].id == watchlist_id,
        "arranging": request.GET.get("arrange") == "1",
        "name_length_max": NAME_LENGTH_MAX,
        "name_error": name_error,
        "now": now,
    }
    template = "watchlists/_list.html" if is_partial(request) else "watchlists/watchlists.html"
    return render(request, template, context, status=422 if name_error else 200)


@require_POST
def create(request: HttpRequest) -> HttpResponse:
    account = access_account(request)
    form = NameForm(request.POST)
    if not form.is_valid():
        lists = list_watchlists(account.id, timezone.now())
        return _page(request, lists, lists.lists[0].id if lists.lists else None, name_error=_first_error(form))
    try:
        made = services.create_watchlist(account_id=account.id, name=form.cleaned_data["name"])
    except TooManyListsError:
        messages.error(request, FULL_ACCOUNT)
        return redirect("watchlists:index")
    return redirect("watchlists:watchlist", made)


@require_POST
def rename(request: HttpRequest, watchlist_id: int) -> HttpResponse:
    account = access_account(request)
    form = NameForm(request.POST)
    if not form.is_valid():
        return _page(request, list_watchlists(account.id, timezone.now()), watchlist_id, name_error=_first_error(form))
    _own(lambda: services.rename_watchlist(account_id=account.id, watchlist_id=watchlist_id, name=form.cleaned_data["name"]))
    return redirect("watchlists:watchlist", watchlist_id)


def _first_error(form: NameForm) -> str:
    return str(form.errors["name"][0])


@require_POST
def delete(request: HttpRequest, watchlist_id: int) -> HttpResponse:
    account = access_account(request)
    _own(lambda: services.delete_watchlist(account_id=account.id, watchlist_id=watchlist_id))
    return redirect("watchlists:index")


@require_POST
def restore(request: HttpRequest, watchlist_id: int) -> HttpResponse:
    account = access_account(request)
    try:
        _own(lambda: services.restore_watchlist(account_id=account.id, watchlist_id=watchlist_id))
    except TooManyListsError:
        messages.error(request, FULL_ACCOUNT)
        return redirect("watchlists:index")
    return redirect("watchlists:watchlist", watchlist_id)


@require_POST
def move(request: HttpRequest, watchlist_id: int) -> HttpResponse:
    """``symbol`` goes one ``up`` or ``down`` (``to``), or before the symbol ``before``, to the end when that is empty."""
    account = access_account(request)
    found = _posted_instrument(request, "symbol")
    before = _posted_instrument(request, "before") if request.POST.get("before") else None
    to = request.POST.get("to", "")
    names = {"account_id": account.id, "watchlist_id": watchlist_id, "instrument_id": found.id}
    if to in ("up", "down"):
        _own(lambda: services.step(**names, up=to == "up"))
    else:
        _own(lambda: services.move(**names, before_id=before.id if before else None))
    if is_partial(request):
        return _page(request, list_watchlists(account.id, timezone.now()), watchlist_id)
    return redirect(way_back(request, f"/watchlists/{watchlist_id}/"))


@require_POST
def place(request: HttpRequest, watchlist_id: int) -> HttpResponse:
    """The list goes one ``up`` (left) or ``down`` (``to``), or before the list ``before``, behind all when that is empty."""
    account = access_account(request)
    to, before = request.POST.get("to", ""), request.POST.get("before", "")
    if before and not _ID.fullmatch(before):
        raise Http404("no such list")
    names = {"account_id": account.id, "watchlist_id": watchlist_id}
    if to in ("up", "down"):
        _own(lambda: services.step_watchlist(**names, up=to == "up"))
    else:
        _own(lambda: services.move_watchlist(**names, before_id=int(before) if before else None))
    if is_partial(request):
        return _page(request, list_watchlists(account.id, timezone.now()), _shown(request, watchlist_id))
    return redirect(way_back(request, f"/watchlists/{watchlist_id}/"))


def _shown(request: HttpRequest, watchlist_id: int) -> int:
    """The list whose page the tabs are on, which need not be the one that was moved."""
    text = request.POST.get("shown", "")
    return int(text) if _ID.fullmatch(text) else watchlist_id


@require_http_methods(["GET", "HEAD", "POST"])
def star(request: HttpRequest, symbol: str) -> HttpResponse:
    """GET: on which lists the instrument is. POST: ``add`` to a list or ``remove`` from it, by its id; empty: the first, all."""
    account = access_account(request)
    try:
        found = get_instrument(symbol)
    except InstrumentNotFoundError as error:
        raise Http404(str(error)) from error
    if request.method == "POST":
        refused = _set_star(request, account.id, found)
        if not is_partial(request):
            if refused:
                messages.error(request, refused)
            return redirect(way_back(request, f"/markets/{found.symbol}/"))
        return _star(request, account.id, found, refused, is_open=bool(request.POST.get("add") or request.POST.get("remove")))
    return _star(request, account.id, found, "", is_open=True)


def _set_star(request: HttpRequest, account_id: int, found: InstrumentView) -> str:
    """Do what the form asks for; the sentence that says why not."""
    wanted = "add" if "add" in request.POST else "remove"
    text = request.POST.get(wanted, "")
    if text and not _ID.fullmatch(text):
        raise Http404("no such list")
    change = services.watch if wanted == "add" else services.unwatch
    try:
        _own(lambda: change(account_id=account_id, instrument_id=found.id, watchlist_id=int(text) if text else None))
    except WatchlistFullError:
        return FULL_LIST
    return ""


def _star(request: HttpRequest, account_id: int, found: InstrumentView, refused: str, *, is_open: bool) -> HttpResponse:
    lists = list_watchlists(account_id)
    context = {
        "instrument": found,
        "stars": Stars.of(lists),
        "lists": [(each, found.id in each.instrument_ids) for each in lists.lists],
        "is_open": is_open,
        "refused": refused,
        "back": way_back(request, f"/markets/{found.symbol}/"),
    }
    return render(request, "watchlists/_star.html" if is_partial(request) else "watchlists/star.html", context)


def _posted_instrument(request: HttpRequest, name: str) -> InstrumentView:
    text = request.POST.get(name, "")
    if not is_symbol(text):
        raise Http404("no such instrument")
    try:
        return get_instrument(text)
    except InstrumentNotFoundError as error:
        raise Http404(str(error)) from error


def _own(act: Callable[[], object]) -> None:
    """A list of somebody else is as missing as one that never was."""
    try:
        act()
    except WatchlistNotFoundError as error:
        raise Http404("no such list") from error
