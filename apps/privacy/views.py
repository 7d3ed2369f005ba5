"""A person's data: what is kept, and the file of it, for whoever has just shown who they are."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.access import access_account
from apps.commands.rate import RateLimit, TooFastError
from apps.core.clock import instant, process_clock
from apps.privacy.everything import lines_of

FILE_RATE = RateLimit("everything", per_second=1)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    access_account(request)
    return render(request, "privacy/index.html")


@never_cache
@require_http_methods(["GET", "POST"])
def everything(request: HttpRequest) -> HttpResponseBase:
    """The file, on a POST. A GET is the way back from the confirmation of who it is: the page with the button."""
    account = access_account(request)
    raise_if_reauthentication_required(request, app="allauth.account")
    if request.method != "POST":
        return render(request, "privacy/index.html")
    try:
        FILE_RATE.check(account.id)
    except TooFastError:
        response = render(request, "privacy/index.html", {"too_fast": True}, status=429)
        response["Retry-After"] = "1"
        return response
    now = instant(process_clock().now_ns())
    lines = lines_of(user_id=account.user_id, account_id=account.id, now=now)
    streamed = StreamingHttpResponse(lines, content_type="application/x-ndjson")
    streamed["Content-Disposition"] = f'attachment; filename="tredye-my-data-{now:%Y-%m-%d}.jsonl"'
    return streamed
