"""A customer, in five parts, each with an address of its own. Each part is one look: one row of the trail."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.fragments import is_partial
from apps.accounts.selectors_people import CustomerView, get_customers, is_customer, list_log_ins
from apps.alerts.selectors import list_alerts, list_notices
from apps.backoffice.requests import list_requests_about
from apps.backoffice.selectors import list_trail_of_account
from apps.core.keyset import read_cursor
from apps.ledger import selectors as ledger
from apps.ledger.forms import read_statement_query
from apps.ledger.selectors_statements import list_daily_statements
from apps.orders import selectors as orders
from apps.orders.forms import filter_context, read_day, read_filters, read_history_cursor
from apps.portfolio.selectors import get_portfolio
from apps.portfolio.valuation import REPORTING_ASSET
from apps.privacy.selectors import find_of_account
from apps.support.access import Desk, at_desk, read_only, show

PAGE_SIZE = 50
STATEMENTS_PER_PAGE = 30
#: Of each list on the overview.
NEWEST = 5

#: URL name, template, label.
TABS = (
    ("customer", "overview", "Overview"),
    ("orders", "orders", "Orders"),
    ("ledger", "ledger", "Ledger"),
    ("statements", "statements", "Statements"),
    ("trail", "trail", "Trail"),
)

Part = Callable[[HttpRequest, CustomerView], dict[str, Any]]
PartView = Callable[..., HttpResponse]


def _part_of_customer(action: str, tab: str) -> Callable[[Part], PartView]:
    """Make a view of a function that reads one part of the page: access, existence, trail, and only then the data."""

    def make(part: Part) -> PartView:
        @require_GET
        @at_desk
        def view(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
            if not is_customer(account_id):
                raise Http404("no customer has this account")
            desk.look(action, f"account {account_id}", account_id)
            with read_only():
                customer = get_customers([account_id])[account_id]
                context = {
                    "customer": customer,
                    "part": f"support/_{tab}.html",
                    "here": request.path,
                    "tabs": _tabs(account_id, tab),
                    "deletion": find_of_account(account_id),
                }
                template = "support/_customer.html" if is_partial(request) else "support/customer.html"
                return show(request, desk, template, context | part(request, customer))

        view.__name__ = part.__name__
        return view

    return make


def _tabs(account_id: int, current: str) -> list[tuple[str, str, bool]]:
    """Label, address, and whether it is the part that is shown."""
    return [(label, reverse(f"support:{name}", args=[account_id]), part == current) for name, part, label in TABS]


@_part_of_customer("CUSTOMER_PAGE", "overview")
def overview(request: HttpRequest, customer: CustomerView) -> dict[str, Any]:
    now = timezone.now()
    portfolio = get_portfolio(customer.account_id)
    return {
        "now": now,
        "asset": REPORTING_ASSET,
        "portfolio": portfolio,
        "positions": [(position, position.is_stale(now)) for position in (*portfolio.positions, *portfolio.closed)],
        "balances": ledger.list_balances(customer.account_id),
        "orders": orders.list_orders(customer.account_id, orders.OrderFilters(), limit=NEWEST).orders,
        "page": ledger.list_statement(customer.account_id, limit=NEWEST),
        "log_ins": list_log_ins(customer.user_id),
        "alerts": list_alerts(customer.account_id),
        "notices": list_notices(customer.account_id, None, NEWEST),
        "requests": list_requests_about(customer.account_id, NEWEST),
        "entries": list_trail_of_account(customer.account_id, limit=NEWEST),
    }


@_part_of_customer("CUSTOMER_ORDERS", "orders")
def orders_of_customer(request: HttpRequest, customer: CustomerView) -> dict[str, Any]:
    filters = read_filters(request.GET)
    cursor = read_history_cursor(request.GET, filters)
    page = orders.list_orders(customer.account_id, filters, cursor, PAGE_SIZE)
    return {"first_page": cursor is None, **filter_context(filters, page)}


@_part_of_customer("CUSTOMER_LEDGER", "ledger")
def ledger_of_customer(request: HttpRequest, customer: CustomerView) -> dict[str, Any]:
    balances = ledger.list_balances(customer.account_id)
    asset, cursor = read_statement_query(request.GET, [balance.asset for balance in balances])
    page = ledger.list_statement(customer.account_id, asset, cursor, PAGE_SIZE)
    return {
        "balances": balances,
        "asset": asset,
        "page": page,
        "first_page": cursor is None,
        "newest_address": _query(asset=asset),
        "next_address": _query(asset=asset, before=page.next_cursor) if page.next_cursor else "",
    }


@_part_of_customer("CUSTOMER_STATEMENTS", "statements")
def statements(request: HttpRequest, customer: CustomerView) -> dict[str, Any]:
    """Days up to ``?until=``, so that an address names a day that is on the page."""
    until = read_day(request.GET.get("until", ""))
    before = until + timedelta(days=1) if until else None
    page = list_daily_statements(customer.account_id, before, STATEMENTS_PER_PAGE)
    older = _query(until=page.next_before - timedelta(days=1)) if page.next_before else ""
    return {"statements": page.statements, "first_page": until is None, "newest_address": "?", "next_address": older}


@_part_of_customer("CUSTOMER_TRAIL", "trail")
def trail(request: HttpRequest, customer: CustomerView) -> dict[str, Any]:
    before = read_cursor(request.GET)
    found = list_trail_of_account(customer.account_id, before, PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    older = _query(before=shown[-1].id) if len(found) > PAGE_SIZE else ""
    return {"entries": shown, "first_page": before is None, "newest_address": "?", "next_address": older}


def _query(**values: object) -> str:
    return "?" + urlencode({name: value for name, value in values.items() if value})
