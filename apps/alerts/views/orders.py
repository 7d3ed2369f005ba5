"""Following one order: told of whatever becomes of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.access import access_account
from apps.alerts import selectors, services
from apps.orders.selectors import OrderNotFoundError, access_order


@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, order_id: int) -> HttpResponse:
    account = access_account(request)
    try:
        order = access_order(account.id, order_id)
    except OrderNotFoundError:
        raise Http404("no such order") from None
    followed = selectors.find_order_alert(account.id, order_id)
    context = {"order": order, "followed": followed}
    if request.method == "GET":
        return render(request, "alerts/follow.html", context)
    in_app, by_mail = "in_app" in request.POST, "by_mail" in request.POST
    if request.POST.get("do") == "leave" or not (in_app or by_mail):
        services.leave_order(account_id=account.id, order_id=order_id)
        messages.success(request, f"You do not follow order {order_id} any more.")
        return redirect("alerts:alerts")
    if not order.is_open:
        ended = {"error": "This order has ended: nothing more comes of it."}
        return render(request, "alerts/follow.html", context | ended, status=422)
    try:
        services.follow_order(account_id=account.id, order_id=order_id, in_app=in_app, by_mail=by_mail)
    except services.TooManyAlertsError as error:
        return render(request, "alerts/follow.html", context | {"error": str(error)}, status=422)
    messages.success(request, f"You are told whatever becomes of order {order_id}.")
    return redirect("alerts:alerts")
