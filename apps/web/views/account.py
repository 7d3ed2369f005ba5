"""What the top bar says about the account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.access import access_account
from apps.portfolio.selectors import REPORTING_ASSET, get_account_value


@require_safe
def account_value(request: HttpRequest) -> HttpResponse:
    """What the account is worth now: a fragment, read again whenever a balance changes."""
    account = access_account(request)
    total = get_account_value(account.id)
    context = {"total": total, "stale": total.is_stale(timezone.now()), "asset": REPORTING_ASSET}
    return render(request, "web/_account_value.html", context)
