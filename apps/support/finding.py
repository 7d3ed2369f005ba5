"""What a search finds. The text says by itself what it may be; every kind that it may be is looked for, at most a few of each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from apps.accounts import selectors_people as people
from apps.accounts.selectors_people import CustomerView
from apps.commands.types import COMMAND_ID_PATTERN
from apps.orders import selectors_staff as orders
from apps.orders.selectors import OrderView, get_by_client_order_id

#: Shown of each kind; one more is asked for, to know whether there are more.
SHOWN_MAX = 20
BEGINNING_LENGTH_MIN = 2
_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_CLIENT_ORDER_ID = re.compile(rf"#?(?P<account>[1-9][0-9]{{0,17}}) +(?P<id>{COMMAND_ID_PATTERN})", re.ASCII)


@dataclass(frozen=True, slots=True)
class FoundOrder:
    """``owner`` is None when the account is no customer's: then there is no page to open."""

    order: OrderView
    owner: CustomerView | None


@dataclass(frozen=True, slots=True)
class Group:
    """What was found in one way. ``more`` when there is more than is shown."""

    title: str
    customers: tuple[CustomerView, ...] = ()
    orders: tuple[FoundOrder, ...] = ()
    more: bool = False


def find(query: str) -> tuple[Group, ...]:
    """Everything that ``query`` fits, by kind, the surest kind first; kinds without a find are left out."""
    groups = (*_by_number(query), *_by_client_order_id(query), *_people(query))
    return tuple(group for group in groups if group.customers or group.orders)


def _by_number(query: str) -> Iterable[Group]:
    """Order, trade and account: one engine counts orders and trades, so a number is at most one of the two."""
    text = query.removeprefix("#")
    if not _NUMBER.fullmatch(text):
        return
    number = int(text)
    yield _orders("Order", orders.list_by_id([number]))
    yield _orders(f"Orders of trade {number}", orders.list_orders_of_trade(number))
    yield _customers("Account", tuple(people.get_customers([number]).values()))


def _by_client_order_id(query: str) -> Iterable[Group]:
    """With the account before it: an id is unique within its account, and the index begins with the account."""
    named = _CLIENT_ORDER_ID.fullmatch(query)
    if named:
        found = get_by_client_order_id(int(named["account"]), named["id"])
        yield _orders("Client order id", (found,) if found else ())


def _people(query: str) -> Iterable[Group]:
    if len(query) < BEGINNING_LENGTH_MIN or _NUMBER.fullmatch(query):
        return
    if " " not in query:
        yield _customers("E-mail address", people.find_by_email(query, SHOWN_MAX + 1))
    if "@" not in query:
        yield _customers("Name", people.find_by_name(query, SHOWN_MAX + 1))


def _customers(title: str, found: tuple[CustomerView, ...]) -> Group:
    return Group(title, customers=found[:SHOWN_MAX], more=len(found) > SHOWN_MAX)


def _orders(title: str, found: tuple[OrderView, ...]) -> Group:
    owners = people.get_customers([order.account_id for order in found]) if found else {}
    shown = tuple(FoundOrder(order, owners.get(order.account_id)) for order in found[:SHOWN_MAX])
    return Group(title, orders=shown, more=len(found) > SHOWN_MAX)
