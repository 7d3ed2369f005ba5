"""The one way into a page of the console: somebody of the staff, with a case that is open, whose look is in the trail.

A **case** is why somebody looks: a reason and perhaps a ticket, told once, valid for a quarter of an hour. It is kept with the
log-in, in Postgres, so it ends with it. Every page then writes its own row of the trail, with the case's reason, before it reads.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from apps.accounts.access import StaffView, access_staff
from apps.backoffice.services import LookLimit, TooManyLooksError, record_look
from apps.core.enums import Role
from apps.stores.postgres.kept import as_console
from apps.support.forms import QUERY_LENGTH_MAX, is_own_path

CASE_LASTS = timedelta(minutes=15)
SEARCH = "SEARCH"
LOOKS = ("CUSTOMER_PAGE", "CUSTOMER_ORDERS", "CUSTOMER_LEDGER", "CUSTOMER_STATEMENTS", "CUSTOMER_TRAIL", "ORDER_PAGE")
#: A person works well within these; a stolen log-in does not come far with them.
SEARCH_LIMIT = LookLimit((SEARCH,), per_minute=60, per_day=1_000)
LOOK_LIMIT = LookLimit(LOOKS, per_minute=120, per_day=3_000)
#: So many searches of a case can be come back to.
SEARCHES_KEPT = 10
_KEY = "support_case"

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Case:
    """``reason`` as the trail has it, the ticket within."""

    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """Who of the staff works, and on what case."""

    staff: StaffView
    case: Case

    def search(self, query: str) -> None:
        """Write down what is about to be searched for; raises :class:`TooManyLooksError`."""
        record_look(actor_id=self.staff.user_id, action=SEARCH, subject=query, reason=self.case.reason, limit=SEARCH_LIMIT)

    def look(self, action: str, subject: str, account_id: int) -> None:
        """Write down whose data is about to be shown; raises :class:`TooManyLooksError`."""
        record_look(
            actor_id=self.staff.user_id,
            action=action,
            subject=subject,
            account_id=account_id,
            reason=self.case.reason,
            limit=LOOK_LIMIT,
        )


def access_console(request: HttpRequest) -> StaffView:
    """Somebody of the support or an admin, with a second factor. Raises as ``access_staff`` does."""
    return access_staff(request, Role.SUPPORT, Role.ADMIN)


def find_case(request: HttpRequest) -> Case | None:
    """The case that is open; None when there is none, or its time is over."""
    kept = request.session.get(_KEY)
    if not kept:
        return None
    case = Case(kept["reason"], datetime.fromisoformat(kept["until"]))
    return case if timezone.now() < case.until else None


def open_case(request: HttpRequest, reason: str) -> None:
    request.session[_KEY] = {"reason": reason, "until": (timezone.now() + CASE_LASTS).isoformat(), "searches": {}}


def close_case(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def keep_search(request: HttpRequest, query: str) -> str:
    """Keep what is searched for with the case, and return the token that stands for it in the address."""
    token = secrets.token_urlsafe(9)
    kept = request.session[_KEY]
    newest = list(kept["searches"].items())[-(SEARCHES_KEPT - 1) :]
    request.session[_KEY] = {**kept, "searches": dict([*newest, (token, query)])}
    return token


def find_search(request: HttpRequest, token: str) -> str:
    """What ``token`` stands for; empty when this case did not search for it, or long ago."""
    query: str = request.session[_KEY]["searches"].get(token, "")
    return query


def at_desk(
    view: Callable[Concatenate[HttpRequest, Desk, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let staff with an open case into ``view``; the others are sent to open one, and come back to where they wanted to go."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        staff = access_console(request)
        case = find_case(request)
        if case is None:
            return _to_the_case(request)
        try:
            return view(request, Desk(staff, case), *args, **kwargs)
        except TooManyLooksError as error:
            response = render(request, "support/too_many.html", {"error": error, "case": case}, status=429)
            response["Retry-After"] = "60" if error.period == "minute" else "3600"
            return response

    return guarded


@contextmanager
def read_only() -> Iterator[None]:
    """What is within reads and cannot write: PostgreSQL refuses, by transaction and by login. The trail was committed before."""
    with as_console(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield


def show(request: HttpRequest, desk: Desk, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render a page of the console. Its data may be somebody's: no cache keeps it."""
    context = {"case": desk.case, "query_length_max": QUERY_LENGTH_MAX, **context}
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _to_the_case(request: HttpRequest) -> HttpResponse:
    page = request.get_full_path() if request.method == "GET" else request.path
    url = f"{reverse('support:case')}?{urlencode({'next': page})}" if is_own_path(page) else reverse("support:case")
    if getattr(request, "htmx", False):
        return HttpResponse(status=200, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
