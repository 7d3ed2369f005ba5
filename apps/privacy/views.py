"""A person's data: what is kept, the file of it, and the end of it, for whoever has just shown who they are."""

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.access import access_account
from apps.accounts.selectors import AccountView
from apps.commands.rate import RateLimit, TooFastError
from apps.core.clock import instant, process_clock
from apps.privacy.asked import asked_deletion
from apps.privacy.everything import lines_of
from apps.privacy.forms import DeletionForm
from apps.privacy.mails import tell
from apps.privacy.models import GRACE
from apps.privacy.obstacles import list_obstacles
from apps.privacy.services import ask_for_deletion, undo_deletion

FILE_RATE = RateLimit("everything", per_second=1)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    return _page(request, access_account(request))


@never_cache
@require_http_methods(["GET", "POST"])
def everything(request: HttpRequest) -> HttpResponseBase:
    """The file, on a POST. A GET is the way back from the confirmation of who it is: the page with the button."""
    account = access_account(request)
    raise_if_reauthentication_required(request, app="allauth.account")
    if request.method != "POST":
        return _page(request, account)
    try:
        FILE_RATE.check(account.id)
    except TooFastError:
        response = _page(request, account, status=429, too_fast=True)
        response["Retry-After"] = "1"
        return response
    now = instant(process_clock().now_ns())
    lines = lines_of(user_id=account.user_id, account_id=account.id, now=now)
    streamed = StreamingHttpResponse(lines, content_type="application/x-ndjson")
    streamed["Content-Disposition"] = f'attachment; filename="tredye-my-data-{now:%Y-%m-%d}.jsonl"'
    return streamed


def _page(request: HttpRequest, account: AccountView, *, status: int = 200, **context: Any) -> HttpResponse:
    """Who has asked already sees what would be in the way if it were today."""
    obstacles = list_obstacles(account.id) if asked_deletion(request, account.user_id) else ()
    return render(request, "privacy/index.html", {"days": GRACE.days, "obstacles": obstacles, **context}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """What is in the way, what goes and what stays; on a POST with the right words it is asked for."""
    account = access_account(request)
    raise_if_reauthentication_required(request, app="allauth.account")
    if asked_deletion(request, account.user_id) is not None:
        return redirect("my_data")
    user: Any = request.user
    obstacles = list_obstacles(account.id)
    form = DeletionForm(request.POST if request.method == "POST" else None, email=user.email)
    if not form.is_valid() or obstacles:
        context = {"form": form, "obstacles": obstacles, "days": GRACE.days, "backups": settings.BACKUPS_KEPT}
        return render(request, "privacy/delete.html", context, status=422 if request.method == "POST" else 200)
    deletion, is_new = ask_for_deletion(user_id=account.user_id, account_id=account.id)
    if is_new:
        tell("asked", user.email, user_id=account.user_id, deletion=deletion)
    messages.success(request, "Your data is to be deleted. Until then you can take it back.")
    return redirect("my_data")


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Take it back: one click, and no log-in of the last minutes, since nothing is lost by it."""
    account = access_account(request)
    user: Any = request.user
    if undo_deletion(account.user_id):
        tell("undone", user.email, user_id=account.user_id)
        messages.success(request, "Taken back. Nothing is deleted.")
    return redirect("my_data")
