"""An order with everything that happened to it: what its owner sees, with what the staff need beside."""

import zoneinfo

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from apps.accounts.fragments import is_partial
from apps.accounts.selectors_people import get_customers, is_customer
from apps.asof.selectors import set_scene
from apps.core.keyset import read_cursor
from apps.orders.selectors import access_order
from apps.orders.selectors_staff import find_owner
from apps.orders.story import tell_story
from apps.support.access import Desk, at_desk, read_only, show


@require_GET
@at_desk
def order_page(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponse:
    account_id = find_owner(order_id)
    if account_id is None or not is_customer(account_id):
        raise Http404("no customer has this order")
    desk.look("ORDER_PAGE", f"order {order_id}", account_id)
    after = read_cursor(request.GET, "after") or 0
    with read_only():
        customer = get_customers([account_id])[account_id]
        order = access_order(account_id, order_id)
        story = tell_story(order, after)
        context = {
            "customer": customer,
            "customer_zone": _known_zone(customer.time_zone),
            "order": order,
            "story": story,
            "scene": set_scene(order, story.steps, read_cursor(request.GET, "at")),
            "after": after,
            "first_page": not after,
        }
        return show(request, desk, "support/_order.html" if is_partial(request) else "support/order.html", context)


def _known_zone(name: str) -> str:
    """A zone's name, as the browser told it at sign-up; UTC for one that the tz database of this machine does not have."""
    try:
        return zoneinfo.ZoneInfo(name).key
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return "UTC"
