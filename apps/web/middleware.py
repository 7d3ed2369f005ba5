"""An account that waits for its money asks again whenever its owner looks at a page; up to which event a page shows its account;
what is said while Redis is away and where no page is; and the policy that every page carries."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

from apps.accounts.access import find_account, forget_account
from apps.accounts.services import ensure_funded
from apps.degraded import Action, may
from apps.web.context import shell_of

log = logging.getLogger(__name__)

BACK_OFF_FIRST_S = 1.0
BACK_OFF_MAX_S = 60.0
#: A page may be this much slower while the engine is away, and no more.
DEADLINE_S = 0.5
ACCOUNTS_MAX = 10_000
RETRY_AFTER_S = 5
#: Whose pages show something of the account, the frame of every page included.
ACCOUNT_PAGES = frozenset({"web", "orders", "portfolio", "ledger", "watchlists", "alerts"})
#: They are answered while Postgres is away.
WITHOUT_DATABASE = frozenset({"web:status"})


class BackOff:
    """When an account may ask again: after 1 s, 2 s, 4 s and so on to a minute. One a process, bounded, lost at a restart."""

    def __init__(self) -> None:
        self._waits: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def may_try(self, account_id: int, now_s: float) -> bool:
        return now_s >= self._waits.get(account_id, (0.0, 0.0))[0]

    def failed(self, account_id: int, now_s: float) -> None:
        _, delay_s = self._waits.pop(account_id, (0.0, BACK_OFF_FIRST_S / 2))
        delay_s = min(delay_s * 2, BACK_OFF_MAX_S)
        self._waits[account_id] = (now_s + delay_s, delay_s)
        if len(self._waits) > ACCOUNTS_MAX:
            self._waits.popitem(last=False)

    def succeeded(self, account_id: int) -> None:
        self._waits.pop(account_id, None)


class FundingMiddleware:
    """Before a page of a customer whose account is not funded, asks the engine once more, within :data:`DEADLINE_S`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.back_off = BackOff()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "GET" and not getattr(request, "htmx", False) and _accepts_a_page(request):
            self._fund(request)
        return self.get_response(request)

    def _fund(self, request: HttpRequest) -> None:
        account = find_account(request)
        if account is None or account.funded or not self.back_off.may_try(account.id, time.monotonic()):
            return
        if ensure_funded(account.id, deadline_s=DEADLINE_S):
            self.back_off.succeeded(account.id)
            forget_account(request)
        else:
            self.back_off.failed(account.id, time.monotonic())


def _accepts_a_page(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "") and not request.path.startswith(("/static/", "/admin/"))


class AccountSequenceMiddleware:
    """Reads how far the account's events are before a view reads what it shows of the account.

    A fragment that says so is not fetched again for an event that it shows, and surely is for one that it does not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        match = request.resolver_match
        if match is None or match.app_name not in ACCOUNT_PAGES or match.view_name in WITHOUT_DATABASE:
            return
        if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            shell_of(request).note_sequence()


class RedisAwayMiddleware:
    """Answers 503 where a page cannot do without Redis: the log-in and its like, whose limits on guessing are counted there.

    They are refused rather than left without a limit. Everything else has its own way without Redis and never comes here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RedisError):
            return None
        log.error("%s was refused, for its limits cannot be counted: %s", request.path, exception)
        response = render(request, "web/paused.html", status=503)
        response["Retry-After"] = str(RETRY_AFTER_S)
        return response


class RetryAfterMiddleware:
    """Whatever is answered 503 says when to try again: as the table of degraded modes has it, where that is the reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 503 and not response.has_header("Retry-After"):
            response["Retry-After"] = str(may(Action.CANCEL).retry_after_s or RETRY_AFTER_S)
        return response


class NoPageMiddleware:
    """Whoever types the address of a button, or loads the answer to one again, gets a page and not an empty answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or not _accepts_a_page(request):
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page


class PolicyMiddleware:
    """The Content-Security-Policy of the settings, on every answer and the same on each: no view may change it.

    So django-csp puts it together once; its own middleware would do so twice an answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not (settings.DEBUG and response.status_code in (404, 500)):  # Django's pages with details have styles of their own
            response.headers[HEADER] = self._policy
        return response
