"""What every request of a person gets: their time zone, a note of when they were seen, and the way to what they must show."""

import time
import zoneinfo
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts.access import LoginRequiredError, SecondFactorRequiredError, remember_account
from apps.accounts.log_ins import SeenNotes
from apps.accounts.models import User
from apps.accounts.second_factor import PASSKEY, TOTP
from apps.accounts.selectors import account_view
from apps.accounts.session_proof import claim_of
from apps.accounts.sessions import SessionStore

USER_AGENT_LENGTH_MAX = 200


class PersonMiddleware(AuthenticationMiddleware):
    """Django's, but the person comes with the session, in one query, where nothing stands against it.

    Whatever does (no note of the log-in, a person who was deactivated, a changed password, a former SECRET_KEY) is Django's to
    decide, with its own query.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = cast(User, SimpleLazyObject(lambda: _person_of(request)))


def _person_of(request: HttpRequest) -> Any:
    person = _noted_person(request)
    return auth.get_user(request) if person is None else person


def _noted_person(request: HttpRequest) -> User | None:
    session = request.session
    claim = claim_of(session)
    if claim is None or not isinstance(session, SessionStore) or session.noted is None:
        return None
    person, account = session.noted
    if person.pk != claim.user_id or not person.is_active:
        return None
    if not constant_time_compare(claim.password_proof, person.get_session_auth_hash()):
        return None
    remember_account(request, None if account is None else account_view(account))
    return person


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
            first = _second_factor_page(exception.factor_types)
        elif isinstance(exception, LoginRequiredError):
            first = resolve_url(settings.LOGIN_URL)
        else:
            return None
        if getattr(request, "htmx", False):
            return HttpResponse(status=401, headers={"HX-Redirect": _and_back(first, _page_of(request))})
        return HttpResponseRedirect(_and_back(first, request.get_full_path() if request.method == "GET" else ""))


class LogInMiddleware:
    """Notes when and from where a log-in was last seen: one query in five minutes, not one a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._notes = SeenNotes()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key, user, now_s = request.session.session_key, request.user, time.monotonic()
        if key is not None and user.is_authenticated and self._notes.is_due(key, now_s) and (ip := get_client_ip(request)):
            user_agent = request.headers.get("User-Agent", "")[:USER_AGENT_LENGTH_MAX]
            self._notes.note(key, user.pk, ip=ip, user_agent=user_agent, now_s=now_s)
        return self.get_response(request)


def _second_factor_page(factor_types: frozenset[str]) -> str:
    if TOTP in factor_types:
        return resolve_url("mfa_reauthenticate")
    return resolve_url("mfa_reauthenticate_webauthn" if PASSKEY in factor_types else "mfa_index")


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


def _and_back(url: str, back: str) -> str:
    return f"{url}?{urlencode({'next': back})}" if back else url
