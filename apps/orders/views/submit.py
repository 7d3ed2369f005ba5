"""The ticket's submit. Every answer is given twice: as a fragment for the live region of the ticket, and as a page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.access import access_account
from apps.accounts.selectors import AccountView
from apps.commands.answers import ConflictAnswer, OrderAnswer, PairAnswer, RefusedAnswer
from apps.commands.client import EngineUnavailableError
from apps.commands.notsent import NotSentError
from apps.commands.rate import TooFastError
from apps.commands.reasons import sentence_of
from apps.instruments.selectors import InstrumentView
from apps.orders import selectors
from apps.orders.results import result_of_answer, result_of_order
from apps.orders.seen import Question, on_screen, question_about
from apps.orders.selectors_answers import find_answer
from apps.orders.services import place_order
from apps.orders.tickets import TicketForm
from apps.orders.views.lost import unknown
from apps.orders.views.told import (
    SENT_BEFORE,
    bad_ticket,
    decided,
    decided_pair,
    field_of,
    is_htmx,
    refused,
    show,
    ticket_context,
)
from apps.receipts.services import Door, note_received, received_at


@require_POST
def submit(request: HttpRequest) -> HttpResponse:
    """Place the order of a ticket. The same ticket sent twice is the same order and the same answer."""
    received_ns = received_at(request)
    account = access_account(request)
    form = TicketForm(request.POST)
    if not form.is_valid() or form.instrument is None:
        return bad_ticket(request, form)
    if question := _question(account, form, form.instrument):
        return _ask(request, form, question)
    try:
        answer = place_order(account=account, ticket=form.ticket)
    except NotSentError as error:
        return _not_sent(request, account, form, error)
    except EngineUnavailableError:
        return unknown(request, form)
    shown = on_screen(form.cleaned_data["seen"], form.cleaned_data["confirms"])
    note_received(account.id, answer, at_ns=received_ns, door=Door.PAGE, on_screen=shown)
    if isinstance(answer, PairAnswer):
        return decided_pair(request, answer, form.instrument, received_ns=received_ns)
    if isinstance(answer, OrderAnswer):
        return decided(request, result_of_answer(answer, form.instrument), received_ns=received_ns)
    if isinstance(answer, RefusedAnswer):
        if field := field_of(answer, form):
            form.add_error(field, ValidationError(answer.message, code=answer.reason))
            return bad_ticket(request, form)
        return refused(request, form, answer.reason, answer.message or sentence_of(answer.reason), status=422)
    if isinstance(answer, ConflictAnswer):
        return _conflict(request, account, form)
    return refused(request, form, "UNAVAILABLE", sentence_of("UNAVAILABLE"), status=409)


def _not_sent(request: HttpRequest, account: AccountView, form: TicketForm, error: NotSentError) -> HttpResponse:
    """Too fast, or trading is paused. One with the same id may have been sent before: then that is what the page must tell."""
    if isinstance(error, TooFastError):
        text = f"{error.sentence} An account may send {error.per_second} a second; this one was not sent."
        return refused(request, form, error.reason, text, status=error.status, keep_id=True)
    order = selectors.get_by_client_order_id(account.id, form.ticket.client_order_id)
    if order is not None:
        return decided(request, result_of_order(order, selectors.list_fills(order.id)), sent_before=True)
    return refused(request, form, error.reason, error.sentence, status=error.status, keep_id=True)


def _question(account: AccountView, form: TicketForm, instrument: InstrumentView) -> Question | None:
    """What must be asked before the ticket is sent. A ticket that was decided before is not asked about: it has its answer."""
    data, ticket = form.cleaned_data, form.ticket
    question = question_about(
        ticket, account_id=account.id, instrument_id=instrument.id, seen=data["seen"], confirms=data["confirms"],
        now=timezone.now(),
    )  # fmt: skip
    if question is not None and selectors.get_by_client_order_id(account.id, ticket.client_order_id) is not None:
        return None
    return question


def _ask(request: HttpRequest, form: TicketForm, question: Question) -> HttpResponse:
    """Nothing was sent; the ticket keeps its id, so that the answer to the question is the same order, whatever becomes of it."""
    context = {**ticket_context(form), "question": question}
    return show(request, "orders/_question.html", "orders/question.html", context, status=422)


def _conflict(request: HttpRequest, account: AccountView, form: TicketForm) -> HttpResponse:
    """The ticket was changed after it had been sent: what it said first was done, so that is what the page must tell."""
    client_order_id = form.ticket.client_order_id
    pair = find_answer(account.id, client_order_id) if form.ticket.is_pair else None
    if isinstance(pair, PairAnswer):
        return decided_pair(request, pair, sent_before=True)
    order = selectors.get_by_client_order_id(account.id, client_order_id)
    if order is None:
        return refused(request, form, "ID_REUSED", sentence_of("ID_REUSED"), status=409)
    if not is_htmx(request):
        messages.add_message(request, messages.WARNING, SENT_BEFORE)
        return HttpResponseRedirect(reverse("orders:order", args=[order.id]))
    return decided(request, result_of_order(order, selectors.list_fills(order.id)), sent_before=True)
