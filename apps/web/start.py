"""The three steps of a new account: money, an instrument, a first order. Where it stands follows from what there is.

Nothing is written but that the reader does not want to see them, in a cookie that names the account.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from apps.accounts.access import find_account
from apps.accounts.selectors import AccountView
from apps.core.numbers import plain
from apps.instruments.selectors import InstrumentView
from apps.marketdata.board import Glance
from apps.orders.selectors_first import has_ordered

COOKIE = "start-off"
#: An account that has not traded by then has its reasons, and its pages are spared the question.
SHOWN_FOR = timedelta(days=30)
#: What a first order may cost, in the quote currency: enough to see it move, and little of what there is.
FIRST_ORDER_VALUE = Decimal(1_000)


@dataclass(frozen=True, slots=True)
class Start:
    """``symbol`` is the instrument that was chosen, empty while none is. ``ticket`` is the address of a ticket that is filled in
    for a first order, empty where prices are not known. ``done`` when that order was taken."""

    funded: bool
    deposit: Decimal
    asset: str
    symbol: str = ""
    quantity: Decimal | None = None
    ticket: str = ""
    done: bool = False

    @property
    def step(self) -> int:
        """The step that is next: 1, 2 or 3; 4 when all are done."""
        if self.done:
            return 4
        return 1 if not self.funded else 3 if self.symbol else 2


def find_start(request: HttpRequest, now: datetime) -> AccountView | None:
    """The reader's account if it is new, has not traded and wants to see its steps; None otherwise. At most one query."""
    account = find_account(request)
    if account is None or now - account.opened_at > SHOWN_FOR or request.COOKIES.get(COOKIE) == str(account.id):
        return None
    return None if has_ordered(account.id) else account


def start_of(account: AccountView, chosen: Glance | None, *, done: bool = False) -> Start:
    """Where the account stands; ``chosen`` is the instrument that the reader looks at or watches."""
    deposit = settings.PAPER_DEPOSIT
    begun = Start(funded=account.funded, deposit=Decimal(deposit["amount"]), asset=deposit["asset"], done=done)
    if chosen is None:
        return begun
    view = chosen.instrument
    quantity = first_quantity(view, chosen.price.ask if chosen.price else chosen.last)
    return Start(
        funded=begun.funded,
        deposit=begun.deposit,
        asset=begun.asset,
        symbol=view.symbol,
        quantity=quantity,
        ticket=_ticket(view, quantity) if quantity is not None else "",
        done=done,
    )


def first_quantity(view: InstrumentView, price: Decimal | None) -> Decimal | None:
    """As many lots as :data:`FIRST_ORDER_VALUE` buys, one at least; None while no price is known."""
    if not price:
        return None
    lots = max(int(FIRST_ORDER_VALUE / (price * view.lot_size)), 1)
    return min(lots * view.lot_size, view.max_quantity)


def _ticket(view: InstrumentView, quantity: Decimal) -> str:
    asked = {"side": "BUY", "type": "MARKET", "quantity": plain(quantity)}
    return f"{reverse('web:instrument', args=[view.symbol])}?{urlencode(asked)}#ticket"
