"""What stands in the way of a deletion: whatever would be left without an owner who can end it. Each with its way out."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from apps.accounts.selectors_people import get_customers
from apps.core.enums import AccountStatus
from apps.instruments.selectors import AssetView, InstrumentView, list_instruments
from apps.ledger.selectors import BalanceView, list_balances
from apps.orders.selectors import list_open_orders


@dataclass(frozen=True, slots=True)
class Obstacle:
    """``what`` stands in the way, and its ``way_out``; ``label`` and ``address`` lead there, empty where no click helps."""

    what: str
    way_out: str
    label: str = ""
    address: str = ""


def list_obstacles(account_id: int) -> tuple[Obstacle, ...]:
    """All that stands in the way now; empty when the account may be left for ever.

    Orders whose answer somebody still waits for, and money on its way, are nowhere before the engine has decided them: that is
    why it is asked again, some seconds after the log-in was closed, before anything is deleted.
    """
    person = get_customers([account_id]).get(account_id)
    if person is None:
        return (Obstacle("The log-in belongs to the staff.", "Only a customer's own data can be deleted here."),)
    found = []
    if person.status is AccountStatus.SUSPENDED:
        found.append(Obstacle("The account is suspended.", "Ask the people who run Tredye why: they can lift it."))
    return (*found, *_orders(account_id), *_balances(account_id))


def _orders(account_id: int) -> tuple[Obstacle, ...]:
    page = list_open_orders(account_id)
    if not page.orders:
        return ()
    count = f"{len(page.orders)}{' or more' if page.next_cursor else ''}"
    what = "1 order is open." if count == "1" else f"{count} orders are open."
    return (Obstacle(what, "Cancel what is open, or wait until it has ended.", "Cancel orders", reverse("orders:cancel_all")),)


def _balances(account_id: int) -> tuple[Obstacle, ...]:
    instruments = list_instruments()
    traded = {asset.id: asset for view in instruments for asset in (view.base, view.quote)}
    found = (_balance(balance, instruments) for balance in list_balances(account_id, traded))
    return tuple(obstacle for obstacle in found if obstacle is not None)


def _balance(balance: BalanceView, instruments: tuple[InstrumentView, ...]) -> Obstacle | None:
    """None for nothing, and for dust: what is less than can be paid out or sold stands in nobody's way, and is forfeited."""
    asset, total = balance.asset, balance.total
    sold_on = sorted((view for view in instruments if view.base.code == asset.code), key=lambda view: view.lot_size)
    if any(view.quote.code == asset.code for view in instruments):
        if total < _smallest(asset):
            return None
        address = f"{reverse('ledger:withdraw')}?{urlencode({'asset': asset.code})}"
        return Obstacle(f"There are {total.normalize():,f} {asset.code} in the account.", "Withdraw them.", "Withdraw", address)
    if not sold_on or total < sold_on[0].lot_size:
        return None
    address = reverse("orders:close", args=[sold_on[0].symbol])
    what = f"You hold {total.normalize():,f} {asset.code}."
    return Obstacle(what, "Sell them, then withdraw what they brought.", "Sell", address)


def _smallest(asset: AssetView) -> Decimal:
    """The least that the page of withdrawals takes."""
    return Decimal(1).scaleb(-asset.display_decimals)
