"""A ticket whose answer was lost: what became of it, until that is known for certain.

For ``checking.CHECK_S`` seconds the order is only looked up: it may still be done, and was wanted. After that its id is closed in
the engine, which either shows that it was done, or makes sure that it never will be. So "checking until" is a promise, kept as
soon as the engine answers.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.access import access_account
from apps.accounts.selectors import AccountView
from apps.commands.answers import OrderAnswer, PairAnswer
from apps.commands.client import EngineUnavailableError, new_command_id
from apps.commands.notsent import NotSentError
from apps.core.enums import Side
from apps.core.numbers import NumberFormatError, parse_positive, plain
from apps.instruments.selectors import InstrumentNotFoundError, InstrumentView, get_instrument
from apps.instruments.symbols import is_symbol
from apps.observability.metrics import ORDERS_ANSWERS_LOST
from apps.orders import selectors
from apps.orders.checking import first_until, next_until, read_asked_at, write_asked_at
from apps.orders.results import result_of_order
from apps.orders.selectors_answers import find_answer
from apps.orders.services import close_lost_id
from apps.orders.tickets import TicketForm
from apps.orders.views.told import CHANGED, decided, decided_pair, fragment, is_htmx, show


@dataclass(frozen=True, slots=True)
class Lost:
    """A ticket that was sent ``asked_at``, as far as the page that looks for it knows; it goes along in its address."""

    client_order_id: str
    asked_at: datetime
    symbol: str = ""
    side: Side = Side.BUY
    quantity: Decimal | None = None
    price: Decimal | None = None

    @classmethod
    def read(cls, client_order_id: str, query: QueryDict, now: datetime) -> "Lost":
        """What is missing or makes no sense is as if it were not there; without an instant the order was sent just now."""
        symbol = query.get("symbol", "")
        return cls(
            client_order_id,
            read_asked_at(query.get("asked", ""), now),
            symbol if is_symbol(symbol) else "",
            Side.SELL if query.get("side") == Side.SELL.value else Side.BUY,
            _number(query.get("quantity", "")),
            _number(query.get("price", "")),
        )

    @classmethod
    def of(cls, form: TicketForm, now: datetime) -> "Lost":
        ticket = form.ticket
        price = ticket.price or ticket.trigger_price
        return cls(ticket.client_order_id, now, ticket.symbol, ticket.side, ticket.quantity, price)

    @property
    def until(self) -> datetime:
        """As it is shown while it is only looked for."""
        return first_until(self.asked_at)

    @property
    def query(self) -> str:
        known = {"asked": write_asked_at(self.asked_at), "symbol": self.symbol, "side": self.side.value}
        numbers = {"quantity": self.quantity, "price": self.price}
        return urlencode(known | {name: plain(value) for name, value in numbers.items() if value is not None})

    @property
    def again_query(self) -> str:
        """What fills a new ticket with the same."""
        wanted = {"side": self.side.value} | {
            name: plain(value) for name, value in {"quantity": self.quantity, "price": self.price}.items() if value is not None
        }
        return urlencode(wanted)


def unknown(request: HttpRequest, form: TicketForm) -> HttpResponse:
    """No answer in time. Not a refusal: the page looks until there is one, and the ticket keeps its id until then."""
    lost = Lost.of(form, timezone.now())
    if is_htmx(request):
        return fragment(request, "orders/_unknown.html", {**_context(lost, timezone.now()), "was_sent": True})
    return HttpResponseRedirect(f"{reverse('orders:by_client_order_id', args=[lost.client_order_id])}?{lost.query}")


@require_GET
def by_client_order_id(request: HttpRequest, client_order_id: str) -> HttpResponse:
    """What became of a ticket whose answer was lost: the order once it is stored, "not known yet" until then."""
    account = access_account(request)
    found = _find(request, account, client_order_id)
    if found is not None:
        return found
    now = timezone.now()
    return _still_unknown(request, Lost.read(client_order_id, request.GET, now), now)


@require_POST
def settle(request: HttpRequest, client_order_id: str) -> HttpResponse:
    """Find out for certain, once the time to look has passed; before that it only looks."""
    account = access_account(request)
    found = _find(request, account, client_order_id)
    if found is not None:
        return found
    now = timezone.now()
    lost = Lost.read(client_order_id, request.GET, now)
    instrument = _instrument_of(lost)
    if now < lost.until or instrument is None:
        return _still_unknown(request, lost, now)
    try:
        answer = close_lost_id(
            account=account,
            client_order_id=client_order_id,
            symbol=instrument.symbol,
            side=lost.side,
            quantity=_on_grid(lost.quantity, instrument.lot_size, most=instrument.max_quantity),
            price=_on_grid(lost.price, instrument.tick_size),
        )
    except (NotSentError, EngineUnavailableError):
        return _still_unknown(request, lost, now)
    if isinstance(answer, OrderAnswer):
        ORDERS_ANSWERS_LOST.labels("closed").inc()
        return _not_received(request, lost, instrument)
    # Its id was taken already: by the order itself, which came through after all.
    found = _find(request, account, client_order_id)
    if found is None:
        return _still_unknown(request, lost, now)
    ORDERS_ANSWERS_LOST.labels("found").inc()
    return found


def _find(request: HttpRequest, account: AccountView, client_order_id: str) -> HttpResponse | None:
    """The answer that the stored order or pair gives; None while there is none."""
    order = selectors.get_by_client_order_id(account.id, client_order_id)
    if order is None:
        # The orders of a pair have names of their own: only the answer to it leads to them.
        pair = find_answer(account.id, client_order_id)
        return decided_pair(request, pair) if isinstance(pair, PairAnswer) else None
    if order.closed_an_id:
        lost = Lost(client_order_id, order.created_at, order.instrument.symbol, order.side, order.quantity, order.price)
        return _not_received(request, lost, order.instrument)
    if not is_htmx(request):
        return HttpResponseRedirect(reverse("orders:order", args=[order.id]))
    # A result that rests asks again whenever orders change; only the end of an uncertainty is a change that it has to tell.
    was_unknown = request.headers.get("HX-Source") == "div#order-unknown"
    result = result_of_order(order, selectors.list_fills(order.id))
    return decided(request, result, trigger=CHANGED if was_unknown else "", sent_before="sent-before" in request.GET)


def _still_unknown(request: HttpRequest, lost: Lost, now: datetime) -> HttpResponse:
    return render(request, "orders/_unknown.html" if is_htmx(request) else "orders/unknown.html", _context(lost, now))


def _not_received(request: HttpRequest, lost: Lost, instrument: InstrumentView) -> HttpResponse:
    context = {"lost": lost, "instrument": instrument, "new_client_order_id": new_command_id()}
    return show(request, "orders/_not_received.html", "orders/not_received.html", context)


def _context(lost: Lost, now: datetime) -> dict[str, object]:
    return {
        "lost": lost,
        "client_order_id": lost.client_order_id,
        "until": next_until(lost.asked_at, now),
        "is_late": now >= lost.until and bool(lost.symbol),
    }


def _instrument_of(lost: Lost) -> InstrumentView | None:
    if not lost.symbol:
        return None
    try:
        return get_instrument(lost.symbol)
    except InstrumentNotFoundError:
        return None


def _number(text: str) -> Decimal | None:
    try:
        return parse_positive(text, "number")
    except NumberFormatError:
        return None


def _on_grid(value: Decimal | None, step: Decimal, *, most: Decimal | None = None) -> Decimal:
    """``value`` where it is a step, and at most ``most``; otherwise one step."""
    if value is None or value % step or (most is not None and value > most):
        return step
    return value
