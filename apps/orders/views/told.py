"""How the answers to a ticket are told: as a fragment for its live region, and as a page for a browser without JavaScript."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from apps.commands.answers import PairAnswer, RefusedAnswer
from apps.commands.client import new_command_id
from apps.instruments.selectors import InstrumentView, get_instrument
from apps.orders.results import OrderResult, result_of_answer
from apps.orders.tickets import TicketForm, complaints_of
from apps.receipts.services import exchange_at

#: What the fragments of a page listen to. Positions follow when their projection has read the fill: the stream tells.
CHANGED = "orders-changed, balances-changed"
SENT_BEFORE = "This ticket was already sent, and this is what became of it. The changed one was not sent."


def decided_pair(
    request: HttpRequest,
    answer: PairAnswer,
    instrument: InstrumentView | None = None,
    *,
    sent_before: bool = False,
    received_ns: int = 0,
) -> HttpResponse:
    view = instrument or get_instrument(answer.orders[0].symbol)
    first, second = (result_of_answer(each, view) for each in answer.orders)
    return decided(request, first, linked=second, sent_before=sent_before, received_ns=received_ns)


def decided(
    request: HttpRequest,
    result: OrderResult,
    *,
    trigger: str = CHANGED,
    sent_before: bool = False,
    linked: OrderResult | None = None,
    received_ns: int = 0,
) -> HttpResponse:
    """``received_ns``: the result answers the click that placed the order, which came in then."""
    if not is_htmx(request):
        level = messages.ERROR if result.tone == "bad" else messages.SUCCESS
        if sent_before:
            messages.add_message(request, messages.WARNING, SENT_BEFORE)
        messages.add_message(request, level, " ".join(filter(None, [f"{result.heading}.", result.sentence, result.reason])))
        return HttpResponseRedirect(reverse("orders:order", args=[result.order_id]))
    context = {
        "result": result,
        "instrument": result.instrument,
        "new_client_order_id": new_command_id(),
        "sent_before": SENT_BEFORE if sent_before else "",
        "linked": linked,
        "exchange": exchange_at(received_ns) if received_ns else None,
    }
    return fragment(request, "orders/_order_result.html", context, trigger=trigger)


def field_of(answer: RefusedAnswer, form: TicketForm) -> str:
    """The ticket's field that the engine's refusal is about; empty when it is about none."""
    field = {"target": "target_price", "stop": "stop_price"}.get(answer.field, answer.field)
    return field if field in form.fields else ""


def bad_ticket(request: HttpRequest, form: TicketForm) -> HttpResponse:
    """The form could not be read, by us or by the engine: nothing was stored, so the ticket keeps its id."""
    context = ticket_context(form)
    if not is_htmx(request):
        return render(request, "orders/ticket.html", context, status=422)
    return fragment(request, "orders/_ticket_errors.html", context, status=422)


def refused(
    request: HttpRequest, form: TicketForm, reason: str, text: str, *, status: int, keep_id: bool = False
) -> HttpResponse:
    """Nothing was done, for a reason that is no field's. ``keep_id`` when the same ticket may be sent again as it is."""
    client_order_id = "" if keep_id else new_command_id()
    context = {**ticket_context(form), "reason": reason, "text": text, "new_client_order_id": client_order_id}
    if is_htmx(request):
        return fragment(request, "orders/_refused.html", context, status=422 if status in (409, 503) else status)
    return render(request, "orders/ticket.html", context, status=status)


def ticket_context(form: TicketForm) -> dict[str, object]:
    instrument: InstrumentView | None = form.instrument
    return {"form": form, "instrument": instrument, "complaints": complaints_of(form)}


def fragment(
    request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200, trigger: str = ""
) -> HttpResponse:
    response = render(request, template, context, status=status)
    if trigger:
        response["HX-Trigger"] = trigger
    return response


def show(request: HttpRequest, part: str, page: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    """``part`` for the live region, ``page`` for a browser without JavaScript."""
    if is_htmx(request):
        return fragment(request, part, context, status=status)
    return render(request, page, context, status=status)


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
