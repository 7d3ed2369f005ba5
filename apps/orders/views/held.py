"""What is held of a balance, and for which orders: a fragment of the cash page, and a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial
from apps.orders.holds import holds_by_asset
from apps.orders.selectors import list_open_orders


@require_GET
def held(request: HttpRequest) -> HttpResponse:
    """Of one asset with ``?asset=``; an account has few enough open orders to list them all."""
    account = access_account(request)
    asset = request.GET.get("asset", "")
    page = list_open_orders(account.id)
    context = {
        "asset": asset,
        "assets": [each for each in holds_by_asset(page.orders) if asset in ("", each.asset.code)],
        "cut_short": page.next_cursor is not None,
    }
    return render(request, "orders/_held.html" if is_partial(request) else "orders/held.html", context)
