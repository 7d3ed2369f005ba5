"""What the ticket would do if it were sent now: in the ticket's live region, and as a page for a browser without JavaScript."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from apps.accounts.access import access_account
from apps.commands.answers import PreviewAnswer, RefusedAnswer
from apps.commands.client import EngineUnavailableError
from apps.commands.notsent import NotSentError
from apps.commands.reasons import sentence_of
from apps.orders.previews import preview_of_answer
from apps.orders.services import preview_order
from apps.orders.tickets import TicketForm
from apps.orders.views.told import bad_ticket, field_of, is_htmx, refused

NOT_KNOWN = "There is no preview at the moment. Nothing was sent; the order can be placed without one."

NO_PAIRS = "A pair has no preview: look at its limit and at its stop, each for itself. Nothing was sent."


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Preview the order of a ticket. The ticket keeps its id: nothing was done with it."""
    account = access_account(request)
    form = TicketForm(request.POST)
    if not form.is_valid() or form.instrument is None:
        return bad_ticket(request, form)
    if form.ticket.is_pair:
        return refused(request, form, "INVALID_FIELD", NO_PAIRS, status=422, keep_id=True)
    try:
        answer = preview_order(account=account, ticket=form.ticket)
    except NotSentError as error:
        return refused(request, form, error.reason, error.sentence, status=error.status, keep_id=True)
    except EngineUnavailableError:
        return refused(request, form, "UNAVAILABLE", NOT_KNOWN, status=503, keep_id=True)
    if isinstance(answer, PreviewAnswer):
        context = {
            "form": form,
            "instrument": form.instrument,
            "preview": preview_of_answer(answer, form.ticket, form.instrument),
        }
        return render(request, "orders/_preview.html" if is_htmx(request) else "orders/preview.html", context)
    reason = getattr(answer, "reason", "UNAVAILABLE")
    message = getattr(answer, "message", "") or sentence_of(reason)
    if isinstance(answer, RefusedAnswer) and (field := field_of(answer, form)):
        form.add_error(field, ValidationError(message, code=reason))
        return bad_ticket(request, form)
    return refused(request, form, reason, message, status=422, keep_id=True)
