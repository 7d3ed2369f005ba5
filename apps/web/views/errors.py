"""Pages for what went wrong."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from psycopg_pool import PoolTimeout, TooManyRequests

from apps.web import away

#: What a page that found no connection asks to wait, in seconds.
RETRY_AFTER_S = 2
#: What PostgreSQL gives up because others are at work: a lock that did not come in time, a deadlock, a transaction that does not
#: fit with others, a statement that took too long; and that it has no connection left.
PASSES_BY_ITSELF = frozenset({"55P03", "40P01", "40001", "57014", "53300"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The token of the form did not match: usually a page that was open across a log-in. Nothing was done."""
    return render(request, "web/csrf_failure.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's ``handler500``: 503 where Postgres went meanwhile, or had too much to do for this request, since that passes by
    itself; else 500.

    Nothing of the request is rendered, which might need what has just failed.
    """
    error = sys.exc_info()[1]
    if away.is_away(error):
        return away.answer(request, begun=True)
    if not _is_busy(error):
        return HttpResponse(render_to_string("500.html"), status=500)
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_AFTER_S)})


def _is_busy(error: BaseException | None) -> bool:
    """Django wraps the driver's and the pool's own errors in one of its own."""
    while error is not None:
        if isinstance(error, PoolTimeout | TooManyRequests) or getattr(error, "sqlstate", None) in PASSES_BY_ITSELF:
            return True
        error = error.__cause__
    return False
