"""Close a position: first a page that says what that does, then the closing."""

import re
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts.access import access_account
from apps.accounts.selectors import AccountView
from apps.commands.answers import OrderAnswer
from apps.commands.client import EngineUnavailableError, new_command_id
from apps.commands.notsent import NotSentError
from apps.commands.reasons import Reason, sentence_of
from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.enums import Side
from apps.instruments.selectors import InstrumentNotFoundError, InstrumentView, get_instrument
from apps.ledger.selectors import get_balance
from apps.marketdata.selectors import latest_prices
from apps.orders import selectors
from apps.orders.seen import Question, carried, on_screen, questions_about_closing
from apps.orders.selectors_answers import find_answer
from apps.orders.services import close_position
from apps.orders.views.asked import asked_context, show_ending
from apps.receipts.services import Door, note_received, received_at

#: What is more than one order may be is sold in parts by its owner: how fast, and what is canceled first, is not ours to say.
_TOO_LARGE = frozenset({Reason.MAX_QUANTITY, Reason.MAX_NOTIONAL})


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, symbol: str) -> HttpResponse:
    """The confirmation, and on a POST what it confirms. Sent twice, it is done once."""
    received_ns = received_at(request)
    account = access_account(request)
    try:
        instrument = get_instrument(symbol)
    except InstrumentNotFoundError as error:
        raise Http404(str(error)) from error
    sells = [each for each in selectors.list_open_orders(account.id, symbol).orders if each.side is Side.SELL]
    if request.method != "POST":
        return _page(request, account, instrument, sells)
    command_id = request.POST.get("command_id", "")
    if not re.fullmatch(COMMAND_ID_PATTERN, command_id, re.ASCII):
        return _page(request, account, instrument, sells, "This form has no id. Confirm once more.", status=422)
    if find_answer(account.id, command_id) is None:  # what was decided is not asked about: it has its answer
        confirms = {instrument.id: request.POST.get("confirms", "")}
        question = questions_about_closing(confirms, account_id=account.id, now=timezone.now()).get(instrument.id)
        if question is not None:
            return _page(request, account, instrument, sells, "", command_id, question=question, status=422)
    try:
        answer = close_position(account=account, symbol=symbol, command_id=command_id)
        shown = on_screen("", request.POST.get("confirms", ""))
        note_received(account.id, answer, at_ns=received_ns, door=Door.PAGE, on_screen=shown)
    except NotSentError as error:
        return _page(request, account, instrument, sells, error.sentence, command_id, status=error.status)
    except EngineUnavailableError:
        return _page(request, account, instrument, sells, "", command_id, status=503)
    if isinstance(answer, OrderAnswer) and answer.reason in _TOO_LARGE:
        text = f"Nothing was sold or canceled. {sentence_of(answer.reason)}"
        return _page(request, account, instrument, sells, text, in_parts=True, status=422)
    if isinstance(answer, OrderAnswer):
        return show_ending(request, answer)
    text = getattr(answer, "message", "") or sentence_of(getattr(answer, "reason", "UNAVAILABLE"))
    return _page(request, account, instrument, sells, text, status=422)


def _page(
    request: HttpRequest,
    account: AccountView,
    instrument: InstrumentView,
    sells: list[selectors.OrderView],
    text: str = "",
    command_id: str = "",
    *,
    in_parts: bool = False,
    question: Question | None = None,
    status: int = 200,
) -> HttpResponse:
    """``in_parts``: one order could not sell all of it; so it is too when there is more than one order may be.

    The page shows the price and carries it: what is confirmed is a sale at about that.
    """
    price, now = latest_prices([instrument.id]).get(instrument.id), timezone.now()
    balance = get_balance(account.id, instrument.base.code)
    position = Decimal(0) if balance is None else balance.total
    own = account.max_order_notional
    context: dict[str, object] = {
        "instrument": instrument,
        "sells": sells,
        "price": price,
        "carries": carried(price, now) if question is None else question.carries,
        "question": question,
        "quantity": position - position % instrument.lot_size,
        "text": text,
        "position": position,
        "in_parts": in_parts or position - position % instrument.lot_size > instrument.max_quantity,
        "most_value": instrument.max_notional if own is None else min(own, instrument.max_notional),
        "command_id": command_id or new_command_id(),
    }
    if status == 503 and not text:
        context |= asked_context(command_id, request.path)
    return render(request, "orders/close.html", context, status=status)
