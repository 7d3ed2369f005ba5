"""The ticket's submit, and the question what became of it.

Every answer is given twice: as a fragment for the live region of the ticket, and as a page for a browser without JavaScript.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.access import access_account
from apps.commands.answers import ConflictAnswer, OrderAnswer, PairAnswer, RefusedAnswer
from apps.commands.client import EngineUnavailableError, new_command_id
from apps.commands.rate import TooFastError
from apps.instruments.selectors import InstrumentView
from apps.orders import selectors
from apps.orders.results import OrderResult, result_of_answer, result_of_order, sentence_of
from apps.orders.selectors import OrderView
from apps.orders.services import place_order
from apps.orders.tickets import TicketForm, complaints_of

#: What the fragments of a page listen to. Positions follow when their projection has read the fill: the stream tells.
CHANGED = "orders-changed, balances-changed"
PAIR_UNKNOWN = "It is not known yet whether this was done. Send it again as it is: it is done once."
SENT_BEFORE = "This ticket was already sent, and this is what became of it. The changed one was not sent."


@require_POST
def submit(request: HttpRequest) -> HttpResponse:
    """Place the order of a ticket. The same ticket sent twice is the same order and the same answer."""
    account = access_account(request)
    form = TicketForm(request.POST)
    if not form.is_valid() or form.instrument is None:
        return bad_ticket(request, form)
    try:
        answer = place_order(account=account, ticket=form.ticket)
    except TooFastError as error:
        text = f"{sentence_of('TOO_FAST')} An account may send {error.per_second} a second; this one was not sent."
        return refused(request, form, "TOO_FAST", text, status=429, keep_id=True)
    except EngineUnavailableError:
        if form.ticket.is_pair:  # its orders have names of their own, so nobody could be asked what became of them
            return refused(request, form, "UNAVAILABLE", PAIR_UNKNOWN, status=503, keep_id=True)
        return _unknown(request, form)
    if isinstance(answer, PairAnswer):
        first, second = (result_of_answer(each, form.instrument) for each in answer.orders)
        return _decided(request, first, linked=second)
    if isinstance(answer, OrderAnswer):
        return _decided(request, result_of_answer(answer, form.instrument))
    if isinstance(answer, RefusedAnswer):
        if answer.field in form.fields:
            form.add_error(answer.field, ValidationError(answer.message, code=answer.reason))
            return bad_ticket(request, form)
        return refused(request, form, answer.reason, answer.message or sentence_of(answer.reason), status=422)
    earlier = selectors.get_by_client_order_id(account.id, form.ticket.client_order_id)
    if isinstance(answer, ConflictAnswer) and earlier is not None:
        return _sent_before(request, earlier)
    reason = answer.reason if isinstance(answer, ConflictAnswer) else "UNAVAILABLE"
    return refused(request, form, reason, sentence_of(reason), status=409)


@require_GET
def by_client_order_id(request: HttpRequest, client_order_id: str) -> HttpResponse:
    """What became of a ticket whose answer was lost: the order once it is stored, "not known yet" until then."""
    account = access_account(request)
    order = selectors.get_by_client_order_id(account.id, client_order_id)
    if order is None:
        context = {"client_order_id": client_order_id}
        return render(request, "orders/_unknown.html" if is_htmx(request) else "orders/unknown.html", context)
    if not is_htmx(request):
        return HttpResponseRedirect(reverse("orders:order", args=[order.id]))
    # A result that rests asks again whenever orders change; only the end of an uncertainty is a change that it has to tell.
    was_unknown = request.headers.get("HX-Source") == "div#order-unknown"
    result = result_of_order(order, selectors.list_fills(order.id))
    return _decided(request, result, trigger=CHANGED if was_unknown else "", sent_before="sent-before" in request.GET)


def _sent_before(request: HttpRequest, order: OrderView) -> HttpResponse:
    """The ticket was changed after it had been sent: what it said first was done, so that is what the page must tell."""
    if not is_htmx(request):
        messages.add_message(request, messages.WARNING, SENT_BEFORE)
        return HttpResponseRedirect(reverse("orders:order", args=[order.id]))
    return _decided(request, result_of_order(order, selectors.list_fills(order.id)), sent_before=True)


def _decided(
    request: HttpRequest,
    result: OrderResult,
    *,
    trigger: str = CHANGED,
    sent_before: bool = False,
    linked: OrderResult | None = None,
) -> HttpResponse:
    if not is_htmx(request):
        level = messages.ERROR if result.tone == "bad" else messages.SUCCESS
        messages.add_message(request, level, " ".join(filter(None, [f"{result.heading}.", result.sentence, result.reason])))
        return HttpResponseRedirect(reverse("orders:order", args=[result.order_id]))
    context = {
        "result": result,
        "instrument": result.instrument,
        "new_client_order_id": new_command_id(),
        "sent_before": SENT_BEFORE if sent_before else "",
        "linked": linked,
    }
    return fragment(request, "orders/_order_result.html", context, trigger=trigger)


def bad_ticket(request: HttpRequest, form: TicketForm) -> HttpResponse:
    """The form could not be read, by us or by the engine: nothing was stored, so the ticket keeps its id."""
    context = _ticket_context(form)
    if not is_htmx(request):
        return render(request, "orders/ticket.html", context, status=422)
    return fragment(request, "orders/_ticket_errors.html", context, status=422)


def refused(
    request: HttpRequest, form: TicketForm, reason: str, text: str, *, status: int, keep_id: bool = False
) -> HttpResponse:
    """Nothing was done, for a reason that is no field's. ``keep_id`` when the same ticket may be sent again as it is."""
    client_order_id = "" if keep_id else new_command_id()
    context = {**_ticket_context(form), "reason": reason, "text": text, "new_client_order_id": client_order_id}
    if is_htmx(request):
        return fragment(request, "orders/_refused.html", context, status=422 if status in (409, 503) else status)
    return render(request, "orders/ticket.html", context, status=status)


def _unknown(request: HttpRequest, form: TicketForm) -> HttpResponse:
    """No answer in time. Not a refusal: the page asks until there is one, and the ticket keeps its id."""
    client_order_id = form.ticket.client_order_id
    if is_htmx(request):
        return fragment(request, "orders/_unknown.html", {"client_order_id": client_order_id, "form": form})
    return HttpResponseRedirect(reverse("orders:by_client_order_id", args=[client_order_id]))


def _ticket_context(form: TicketForm) -> dict[str, object]:
    instrument: InstrumentView | None = form.instrument
    return {"form": form, "instrument": instrument, "complaints": complaints_of(form)}


def fragment(
    request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200, trigger: str = ""
) -> HttpResponse:
    response = render(request, template, context, status=status)
    if trigger:
        response["HX-Trigger"] = trigger
    return response


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
