"""Asking the admins for something about a customer or an order. The console itself changes nothing of either."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.selectors_people import is_customer
from apps.backoffice.requests import RequestRefusedError, kinds_of, list_ended_requests, list_open_requests, raise_request
from apps.backoffice.services import ReasonError
from apps.orders.selectors_staff import find_owner
from apps.support.access import Desk, at_desk, read_only, show
from apps.support.forms import new_form_id, read_form_id


@require_GET
@at_desk
def requests(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is open, and what was ended last: numbers of accounts and orders, and the staff's own words; nothing of a customer."""
    with read_only():
        context = {"open": list_open_requests(), "ended": list_ended_requests()}
        return show(request, desk, "support/requests.html", context)


@require_http_methods(["GET", "POST"])
@at_desk
def about_customer(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    if not is_customer(account_id):
        raise Http404("no customer has this account")
    return _ask(request, desk, account_id, None)


@require_http_methods(["GET", "POST"])
@at_desk
def about_order(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponse:
    account_id = find_owner(order_id)
    if account_id is None or not is_customer(account_id):
        raise Http404("no customer has this order")
    return _ask(request, desk, account_id, order_id)


def _ask(request: HttpRequest, desk: Desk, account_id: int, order_id: int | None) -> HttpResponse:
    """The form; sent, the request and the way to all of them. The form's id makes a double click one request."""
    form_id, error = new_form_id(), ""
    kind, reason = request.POST.get("kind", ""), request.POST.get("reason", "")
    if request.method == "POST":
        form_id = read_form_id(request.POST.get("form_id", "")) or form_id
        try:
            made = raise_request(
                actor_id=desk.staff.user_id, kind=kind, account_id=account_id, order_id=order_id, reason=reason, form_id=form_id
            )
        except (ReasonError, RequestRefusedError) as refused:
            error = str(refused)
        else:
            messages.success(request, f"Request {made} is raised: the admins see it.")
            return redirect("support:requests")
    context = {
        "account_id": account_id,
        "order_id": order_id,
        "kinds": kinds_of(order_id),
        "chosen": kind,
        "reason": reason[:300],
        "form_id": form_id,
        "form_error": error,
    }
    return show(request, desk, "support/request.html", context, status=422 if error else 200)
