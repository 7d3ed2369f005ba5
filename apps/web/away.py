"""What a browser is told while Postgres is away: at once, without a query, and no more than is known.

A page says what does not work, since when, and what does: prices go on, for the stream has them in memory. It comes back by
itself (``static/web/away.js``). A fragment, or what a script asks, gets a short text. Who is logged in stays so: nothing here
touches the session.
"""

from collections.abc import Callable

import psycopg
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import resolve

from apps.breakers.postgres import POSTGRES, is_gone
from apps.core.clock import instant, process_clock
from apps.instruments.selectors import last_listed_instruments
from apps.web.context import STREAM_SCRIPTS, shell_of

#: What is asked to be waited, in seconds, before the next try.
RETRY_AFTER_S = 2
#: In an answer to what would have changed something: it was not begun. Without it nobody knows.
NOT_BEGUN = "Tredye-Not-Begun"
#: Prices that a page shows meanwhile.
ROWS_MAX = 40
#: Views that need no database, or have their own way without it.
WITHOUT_DATABASE = frozenset({"web:status", "observability:livez", "observability:readyz", "observability:metrics"})
STYLESHEETS = (
    *(f"web/{name}.css" for name in ("tokens", "base", "layout", "controls", "tables", "feedback", "market", "away")),
    "realtime/realtime.css",
)

_NOTHING_DONE = "Trading is paused: nothing was sent, and nothing was done. Try again in a few seconds."
_NOT_KNOWN = "Trading is paused. Whether this was done is not known yet: look into your orders in a moment."
_NOT_READ = "This cannot be read for a moment. Try again in a few seconds."


class PostgresAwayMiddleware:
    """Answers before anybody waits for a connection that there is not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if POSTGRES.is_open:
            if _needs_database(request):
                return answer(request, begun=False)
            _forget_log_in(request)
        return self.get_response(request)


def is_away(error: BaseException | None) -> bool:
    """Whether Postgres went while a request was under way, by its ``error`` or by what Django wrapped in that."""
    while error is not None:
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            return POSTGRES.is_open or is_gone(error)
        error = error.__cause__
    return False


def answer(request: HttpRequest, *, begun: bool) -> HttpResponse:
    """503, and when to try again. ``begun``: the view may have done something before Postgres went."""
    text = _NOT_READ if request.method in ("GET", "HEAD") else _NOT_KNOWN if begun else _NOTHING_DONE
    response: HttpResponse
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    elif "text/html" not in request.headers.get("Accept", "text/html"):
        response = JsonResponse({"code": "AWAY", "text": text})
    else:
        response = HttpResponse(_page(request, begun=begun))
    response.status_code = 503
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    response.headers["Cache-Control"] = "no-store"
    if not begun:
        response.headers[NOT_BEGUN] = "1"
    response._has_been_logged = True  # type: ignore[attr-defined]  # the breaker said so once; Django would for each
    return response


def _page(request: HttpRequest, *, begun: bool) -> str:
    asked_only = request.method in ("GET", "HEAD")
    shell = shell_of(request)
    return render_to_string(
        "web/away.html",
        {
            "request": request,
            "since": POSTGRES.away_since or instant(process_clock().now_ns()),
            "asked_only": asked_only,
            "begun": begun,
            # What was sent by a form is not sent again by whoever looks whether the page is back.
            "again": request.get_full_path() if asked_only else "/orders/",
            "instruments": last_listed_instruments()[:ROWS_MAX],
            "stylesheets": STYLESHEETS,
            "stream_scripts": STREAM_SCRIPTS,
            "stream_url": shell.stream_url,
            "stream_worker": shell.stream_worker,
            "poll_url": shell.poll_url,
        },
    )


def _forget_log_in(request: HttpRequest) -> None:
    """For this request alone: whose log-in it is cannot be read, and the browser keeps its cookie."""
    request.COOKIES = {name: value for name, value in request.COOKIES.items() if name != settings.SESSION_COOKIE_NAME}
    request.session = type(request.session)()


def _needs_database(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).view_name not in WITHOUT_DATABASE
    except Http404:
        return False
