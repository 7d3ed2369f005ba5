"""One order and its timeline."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial
from apps.core.keyset import read_cursor
from apps.orders import selectors
from apps.orders.story import tell_story


@require_GET
def order_page(request: HttpRequest, order_id: int) -> HttpResponse:
    """The order with everything that happened to it. Somebody else's order and one that never was answer the same 404."""
    account = access_account(request)
    try:
        order = selectors.access_order(account.id, order_id)
    except selectors.OrderNotFoundError:
        raise Http404 from None
    after = read_cursor(request.GET, "after") or 0
    support_link = request.build_absolute_uri(reverse("support:order", args=[order.id]))
    context = {"order": order, "story": tell_story(order, after), "first_page": not after, "support_link": support_link}
    partial = is_partial(request)
    return render(request, "orders/_order.html" if partial else "orders/order.html", context)
