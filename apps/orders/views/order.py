"""One order and its timeline."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial
from apps.core.keyset import read_cursor
from apps.ledger import selectors as ledger
from apps.orders import selectors, timeline
from apps.orders.display import stages
from apps.orders.results import sentence_of

STEPS_PER_PAGE = 100


@require_GET
def order_page(request: HttpRequest, order_id: int) -> HttpResponse:
    """The order with everything that happened to it. Somebody else's order and one that never was answer the same 404."""
    account = access_account(request)
    try:
        order = selectors.access_order(account.id, order_id)
    except selectors.OrderNotFoundError:
        raise Http404 from None
    after = read_cursor(request.GET, "after") or 0
    events = selectors.list_events(order.id, after=after, limit=STEPS_PER_PAGE + 1)
    shown = events[:STEPS_PER_PAGE]
    trade_ids = timeline.trade_ids_of(shown)
    context = {
        "order": order,
        "reason_sentence": sentence_of(order.reason),
        "stages": stages(order.status, has_fills=bool(order.filled_quantity)),
        "steps": timeline.steps(
            shown,
            selectors.list_fills(order.id, trade_ids=trade_ids),
            ledger.list_postings_of_trades(account.id, trade_ids),
            selectors.list_log_positions([event.sequence for event in shown]),
        ),
        "first_page": not after,
        "next_after": shown[-1].sequence if len(events) > STEPS_PER_PAGE else None,
    }
    partial = is_partial(request)
    return render(request, "orders/_order.html" if partial else "orders/order.html", context)
