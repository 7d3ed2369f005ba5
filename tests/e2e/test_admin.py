"""The Django admin in a real browser, on the whole running product: buttons that reach the engine, and pages that look right.

The ``page`` fixture fails on any error in the console, and a page that breaks the Content-Security-Policy writes one.
"""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from stack.cluster import Cluster
from tests.e2e.conftest import shoot

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

#: Prints the key of a session of the demo's admin, who gets a second factor first.
LOG_IN = """
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
from tests.pages import client_of
user = get_user_model().objects.get(email="admin@tredye.example")
Authenticator.objects.filter(user=user).exists() or TOTP.activate(user, generate_totp_secret())
from apps.accounts.selectors import get_account_of_user
from apps.core.enums import OrderType, Side, TimeInForce
from apps.orders.services import Ticket, place_order
from decimal import Decimal
customer = get_account_of_user(get_user_model().objects.get(email="customer@tredye.example").pk)
for number, price in enumerate((None, Decimal("1"))):
    kind = OrderType.LIMIT if price else OrderType.MARKET
    force = TimeInForce.GTC if price else TimeInForce.IOC
    place_order(account=customer, ticket=Ticket("admin-" + str(number), "BTC-USD", Side.BUY, kind, Decimal("0.01"), price, force))
print(client_of(user).session.session_key)
"""
#: Lists that the demo market fills within seconds.
LISTS = (
    "accounts/account",
    "orders/order",
    "orders/trade",
    "orders/accountevent",
    "ledger/transfer",
    "ledger/ledgeraccount",
    "instruments/instrument",
    "marketdata/latestprice",
    "marketdata/feedstate",
    "eventlog/relaycursor",
    "engine/journal",
    "backoffice/trailentry",
)


@pytest.fixture
def admin(context: BrowserContext, cluster: Cluster) -> None:
    key = cluster.manage("shell", "-v0", "-c", LOG_IN).strip().splitlines()[-1]
    context.add_cookies([{"name": "sessionid", "value": key, "url": cluster.web_url}])


def open_first(page: Page, table: str) -> None:
    page.goto(f"/admin/{table}/")
    page.locator("main table tbody tr td a").first.click()
    expect(page.locator("main h1")).to_be_visible()


def press(page: Page, label: str, **values: str) -> None:
    page.get_by_role("link", name=label, exact=True).click()
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_label("Reason").fill("A drill, announced to everybody")
    shoot(page, f"admin-form-{label.split()[0].lower()}")
    page.get_by_role("button", name=label, exact=True).click()


def test_buttons_reach_the_engine_and_leave_a_trail(page: Page, admin: None) -> None:
    open_first(page, "instruments/instrument")
    symbol = page.locator("main h1").inner_text()
    press(page, "Halt trading")
    expect(page.get_by_text(f"Trading in {symbol} is halted.")).to_be_visible()
    shoot(page, "admin-outcome")
    page.goto("/admin/")
    expect(page.get_by_role("link", name=symbol)).to_be_visible()
    shoot(page, "admin-index-halted")
    page.get_by_role("link", name=symbol).click()
    press(page, "Resume trading")
    expect(page.get_by_text(f"The halt of {symbol} is lifted.")).to_be_visible()

    page.goto("/admin/ledger/ledgeraccount/")
    customers = page.locator("main table tbody tr").filter(has_text="CUSTOMER").filter(has_text="USD")
    customers.first.locator("a").first.click()
    press(page, "Adjust the balance", amount="-12.5")
    expect(page.get_by_text(re.compile(r"The balance was adjusted by -12\.5.* USD"))).to_be_visible()
    expect(page.locator("main table").get_by_text("Adjustment").first).to_be_visible()
    page.goto("/admin/backoffice/trailentry/")
    for action in ("Halt instrument", "Resume instrument", "Adjust balance"):
        expect(page.get_by_text(action).first).to_be_visible()
    page.locator("main table tbody tr td a").first.click()
    expect(page.get_by_text("DONE: The balance was adjusted")).to_be_visible()
    shoot(page, "admin-trail-entry")


@pytest.mark.long
def test_every_table_looks_right(page: Page, admin: None, cluster: Cluster) -> None:
    open_first(page, "instruments/instrument")
    for label in ("Halt trading", "Resume trading"):  # the trail is empty until somebody has done something
        press(page, label)
    page.goto("/admin/")
    shoot(page, "admin-index")
    tables = page.locator(".admin-tables a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert "/admin/orders/order/" in tables and len(tables) == len(set(tables)) == 22
    for address in tables:
        page.goto(address)
        expect(page.locator("main h1")).to_be_visible()
        name = "-".join(address.strip("/").split("/")[1:])
        if address.removeprefix("/admin/").strip("/") in LISTS:
            expect(page.locator("main table tbody tr").first).to_be_visible()
            shoot(page, f"admin-{name}-list")
            page.locator("main table tbody tr td a").first.click()
            expect(page.locator("main dl")).not_to_have_count(0)
            shoot(page, f"admin-{name}-page")
        else:
            shoot(page, f"admin-{name}-list")
