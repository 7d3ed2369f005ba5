"""The Django admin in a real browser, on the whole running product: buttons that reach the engine, and pages that look right.

The ``page`` fixture fails on any error in the console, and a page that breaks the Content-Security-Policy writes one.
"""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from stack.cluster import Cluster
from tests.e2e.conftest import shoot

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

#: Prints the keys of a session of the demo's admin, who gets a second factor first, and of another one's.
LOG_IN = """
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
from tests.pages import client_of
users = get_user_model().objects
if not users.filter(email="second@tredye.example").exists():
    users.create_superuser("second@tredye.example")
people = [users.get(email=name + "@tredye.example") for name in ("admin", "second")]
for user in people:
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
print(*(client_of(user).session.session_key for user in people))
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
    "backoffice/proposal",
)


@dataclass(frozen=True)
class Admins:
    """Two people at one browser, one after the other."""

    context: BrowserContext
    address: str
    keys: tuple[str, ...]

    def sit_down(self, number: int) -> None:
        self.context.add_cookies([{"name": "sessionid", "value": self.keys[number], "url": self.address}])


@pytest.fixture
def admin(context: BrowserContext, cluster: Cluster) -> Admins:
    keys = cluster.manage("shell", "-v0", "-c", LOG_IN).strip().splitlines()[-1].split()
    admins = Admins(context, cluster.web_url, tuple(keys))
    admins.sit_down(0)
    return admins


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
    page.get_by_role("button", name=re.compile(f"^(Propose: )?{label}$")).click()


def press_with_two(page: Page, admins: Admins, label: str, **values: str) -> None:
    """Propose as the first one, approve as the second one, and be the first one again, on the proposal's page."""
    press(page, label, **values)
    expect(page.get_by_text("another admin has to approve it").first).to_be_visible()
    admins.sit_down(1)
    page.reload()
    shoot(page, "admin-proposal")
    press(page, "Approve")
    expect(page.get_by_text("Approved", exact=True).first).to_be_visible()
    admins.sit_down(0)


def test_buttons_reach_the_engine_and_leave_a_trail(page: Page, admin: Admins) -> None:
    open_first(page, "instruments/instrument")
    symbol = page.locator("main h1").inner_text()
    press(page, "Halt trading")
    expect(page.get_by_text(f"Trading in {symbol} is halted.")).to_be_visible()
    shoot(page, "admin-outcome")
    page.goto("/admin/")
    expect(page.get_by_role("link", name=symbol)).to_be_visible()
    shoot(page, "admin-index-halted")
    page.get_by_role("link", name=symbol).click()
    press_with_two(page, admin, "Resume trading")
    expect(page.get_by_text(f"The halt of {symbol} is lifted.").first).to_be_visible()

    page.goto("/admin/ledger/ledgeraccount/")
    customers = page.locator("main table tbody tr").filter(has_text="CUSTOMER").filter(has_text="USD")
    customers.first.locator("a").first.click()
    bucket = page.url
    press_with_two(page, admin, "Adjust the balance", amount="-12.5")
    expect(page.get_by_text(re.compile(r"The balance was adjusted by -12\.5.* USD")).first).to_be_visible()
    page.goto(bucket)
    expect(page.locator("main table").get_by_text("Adjustment").first).to_be_visible()
    page.goto("/admin/backoffice/trailentry/")
    for action in ("Halt instrument", "Proposed: resume instrument", "Proposed: adjust balance", "Approved: adjust balance"):
        expect(page.get_by_text(action).first).to_be_visible()
    page.locator("main table tbody tr td a").first.click()
    expect(page.get_by_text("DONE: The balance was adjusted")).to_be_visible()
    shoot(page, "admin-trail-entry")


@pytest.mark.long
def test_every_table_looks_right(page: Page, admin: Admins, cluster: Cluster) -> None:
    open_first(page, "instruments/instrument")
    press(page, "Halt trading")  # the trail is empty until somebody has done something, and so are the proposals
    press_with_two(page, admin, "Resume trading")
    page.goto("/admin/")
    shoot(page, "admin-index")
    tables = page.locator(".admin-tables a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert "/admin/orders/order/" in tables and len(tables) == len(set(tables)) == 32
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
