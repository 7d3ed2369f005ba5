"""What every request of a person gets: their time zone, and the way to the log-in page when there is nobody."""

import zoneinfo
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts.access import LoginRequiredError, SecondFactorRequiredError


class AccessMiddleware:
    """Activates the time zone of the user, and answers :class:`LoginRequiredError` and :class:`SecondFactorRequiredError`.

    A page is redirected. A fragment must not be: fetch would follow and swap the log-in form into a table, so htmx is told to
    load the log-in page as a whole.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(_time_zone(request)):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, SecondFactorRequiredError):
            return HttpResponseRedirect(resolve_url("mfa_index"))
        if not isinstance(exception, LoginRequiredError):
            return None
        if getattr(request, "htmx", False):
            return HttpResponse(status=401, headers={"HX-Redirect": _log_in_url(_page_of(request))})
        back = request.get_full_path() if request.method == "GET" else ""
        return HttpResponseRedirect(_log_in_url(back))


def _time_zone(request: HttpRequest) -> zoneinfo.ZoneInfo:
    name = request.user.time_zone if request.user.is_authenticated else settings.TIME_ZONE
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def _page_of(request: HttpRequest) -> str:
    """Path of the page that holds the fragment, from a header that anybody may write: only a path of our own is used."""
    try:
        parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:  # such as a bracket that is never closed
        return ""
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) and path.startswith("/") else ""


def _log_in_url(back: str) -> str:
    url = resolve_url(settings.LOGIN_URL)
    return f"{url}?{urlencode({'next': back})}" if back else url
