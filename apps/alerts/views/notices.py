"""Notices: the list, the bell, and what is new since a page was made."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial
from apps.alerts import selectors
from apps.alerts.notices import mark_read
from apps.core.keyset import read_cursor

PAGE_SIZE = 30
#: What is older is no news: it is counted by the bell, and not shown over the page.
NEWS_FOR = timedelta(minutes=2)
TOASTS_MAX = 3


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    account = access_account(request)
    before = read_cursor(request.GET)
    found = selectors.list_notices(account.id, before, PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    context = {
        "notices": shown,
        "bell": selectors.get_bell(account.id),
        "first_page": before is None,
        "older": f"?{urlencode({'before': shown[-1].sequence})}" if len(found) > PAGE_SIZE else "",
        "here": request.get_full_path(),
    }
    return render(request, "alerts/_notices.html" if is_partial(request) else "alerts/notices.html", context)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark all up to the newest that the page showed: one that came since stays new."""
    account = access_account(request)
    up_to = read_cursor(request.POST, "up_to")
    if up_to:
        mark_read(account.id, up_to)
    return redirect("alerts:notices")


@require_GET
def unseen(request: HttpRequest) -> HttpResponse:
    """The bell as it is now, and the newest notices above ``after`` as notes over the page."""
    account = access_account(request)
    after = read_cursor(request.GET, "after") or 0
    found = selectors.list_unseen(account.id, after, timezone.now() - NEWS_FOR, TOASTS_MAX + 1)
    context = {
        "bell": selectors.get_bell(account.id),
        "toasts": list(reversed(found[:TOASTS_MAX])),
        "more": len(found) > TOASTS_MAX,
    }
    return render(request, "alerts/_unseen.html", context)
