"""The ticket that a page shows when it opens its socket."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.accounts.access import find_account
from apps.accounts.login_digest import login_digest
from apps.realtime.tickets import issue_ticket


@never_cache
@require_POST
def stream_ticket(request: HttpRequest) -> JsonResponse:
    """Answer with a ticket for the logged-in user, and whose it is; 401 without one. It is CSRF-protected like every POST."""
    user = request.user
    session_key = request.session.session_key
    if not user.is_authenticated or session_key is None:
        return JsonResponse({"code": "NOT_LOGGED_IN"}, status=401)
    account = find_account(request)  # staff have none
    ticket = issue_ticket(
        user_id=user.pk, account_id=account.id if account else None, session_key=session_key, password=user.password
    )
    return JsonResponse({"ticket": ticket, "login": login_digest(request)})
