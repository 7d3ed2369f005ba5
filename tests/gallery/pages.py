"""Every page as it is when all is well: for a visitor, for somebody who has just come, for somebody who trades."""

import re

from playwright.sync_api import expect

from tests.e2e.people import PASSWORD
from tests.gallery.studio import SYMBOL, Studio

PUBLIC = (
    ("landing", "/"),
    ("login", "/login/"),
    ("signup", "/signup/"),
    ("password-forgotten", "/password/reset/"),
    ("markets-visitor", "/markets/"),
    ("status", "/status/"),
    ("instrument-visitor", f"/markets/{SYMBOL}/"),
)
EMPTY = (
    ("markets", "/markets/"),
    ("markets-nothing-found", "/markets/?q=zzzz"),
    ("watchlists-empty", "/watchlists/"),
    ("orders-empty", "/orders/"),
    ("orders-held-nothing", "/orders/held/"),
    ("orders-cancel-all-nothing", "/orders/cancel-all/"),
    ("portfolio-empty", "/portfolio/"),
    ("portfolio-close-all-nothing", "/portfolio/close-all/"),
    ("alerts-empty", "/alerts/"),
    ("notices-empty", "/alerts/notices/"),
    ("statements-empty", "/ledger/statements/"),
    ("months-empty", "/ledger/statements/months/"),
    ("ledger-nothing-matches", "/ledger/?kind=ADJUSTMENT"),
)
FULL = (
    ("watchlists", "/watchlists/"),
    ("orders", "/orders/"),
    ("orders-nothing-matches", "/orders/?status=refused"),
    ("orders-held", "/orders/held/"),
    ("orders-cancel-all", "/orders/cancel-all/"),
    ("dead-mans-switch", "/orders/dead-mans-switch/"),
    ("portfolio", "/portfolio/"),
    ("portfolio-position", f"/portfolio/position/{SYMBOL}/"),
    ("portfolio-close", f"/orders/close/{SYMBOL}/"),
    ("portfolio-close-all", "/portfolio/close-all/"),
    ("ledger", "/ledger/"),
    ("deposit", "/ledger/deposit/"),
    ("withdraw", "/ledger/withdraw/"),
    ("alerts", "/alerts/"),
    ("alert-new", f"/alerts/new/?symbol={SYMBOL}"),
    ("notices", "/alerts/notices/"),
)
SETTINGS = (
    ("settings-profile", "/settings/profile/"),
    ("settings-trading", "/settings/trading/"),
    ("settings-security", "/settings/security/"),
    ("settings-api-keys", "/settings/api-keys/"),
    ("settings-looks", "/settings/looks/"),
    ("settings-data", "/settings/data/"),
    ("settings-alerts", "/alerts/settings/"),
    ("settings-is-it-you", "/settings/api-keys/new/"),
)
#: The job of the night that is to come, now: a statement of today.
_CLOSE_TODAY = """
from datetime import timedelta
from unittest.mock import patch
from django.utils import timezone
from apps.ledger.statements_job import make_statements
now = timezone.now()
with patch.object(timezone, "now", lambda: now + timedelta(days=1, minutes=10)):
    for ago in (1, 0):
        make_statements((now - timedelta(days=ago)).date(), lambda said: None)
"""


def visitor(studio: Studio) -> None:
    for name, address in PUBLIC:
        studio.look(name, address)


def empty(studio: Studio) -> None:
    studio.sign_up()
    for name, address in EMPTY:
        studio.look(name, address)


def full(studio: Studio) -> None:
    studio.trade()
    for name, address in FULL:
        studio.look(name, address)
    _orders(studio)


def _orders(studio: Studio) -> None:
    page = studio.page
    for name, row in (
        ("order-filled", ".orders-table tbody tr:last-child"),
        ("order-open", ".orders-table tbody tr:has(.badge-info)"),
    ):
        page.goto("/orders/")
        page.locator(row).get_by_role("link").first.click()
        page.wait_for_load_state("load")
        studio.shoot(name)
    for name, action in (("order-amend", "Amend"), ("order-follow", "Alert")):
        page.get_by_role("main").get_by_role("link", name=action, exact=True).click()
        page.wait_for_load_state("load")
        studio.shoot(name)
        page.go_back(wait_until="load")


def settings(studio: Studio) -> None:
    studio.sign_up()
    for name, address in SETTINGS:
        studio.look(name, address)


def statements(studio: Studio) -> None:
    """The lists, the newest of each kind, and both on paper."""
    studio.trade()
    studio.cluster.manage("shell", "-c", _CLOSE_TODAY)
    for kind, address in (("day", "/ledger/statements/"), ("month", "/ledger/statements/months/")):
        studio.look(f"statements-by-{kind}", address)
        first = studio.page.locator("main .card a[href*='/ledger/statements/']:not([href$='.csv'])").first
        first.click()
        studio.page.wait_for_load_state("load")
        studio.shoot(f"statement-of-a-{kind}")
        studio.camera.print(studio.page, f"statement-of-a-{kind}")


def closing(studio: Studio) -> None:
    """Everything sold: the page that says what became of each, and the portfolio after it."""
    studio.trade()
    studio.go("/portfolio/close-all/")
    studio.page.get_by_role("button", name=re.compile("^Sell ")).click()
    expect(studio.page).to_have_url(re.compile(r"/close-all/[0-9a-f-]{32,36}/"))
    studio.page.wait_for_load_state("load")
    studio.shoot("portfolio-closed-all")
    studio.look("portfolio-after", "/portfolio/")


def deleting(studio: Studio) -> None:
    """Somebody who wants to be deleted: with money and orders in the way, with nothing, asked, and taken back."""
    studio.trade()
    page = studio.page
    page.goto("/settings/data/delete/")
    if page.get_by_role("heading", name="Is it you?").count():
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Delete my data")).to_be_visible()
    studio.shoot("data-delete-in-the-way")
    _leave_nothing(studio)
    studio.look("data-delete", "/settings/data/delete/")
    page.get_by_label("Your e-mail address").fill("yes")
    page.get_by_role("button", name="Delete my data").click()
    expect(page.locator(".field-error")).to_be_visible()
    studio.shoot("data-delete-wrong")
    page.get_by_label("Your e-mail address").fill("delete")
    page.get_by_role("button", name="Delete my data").click()
    expect(page.locator(".deletion-note")).to_be_visible()
    studio.shoot("data-delete-asked")
    studio.look("settings-profile-deletion-asked", "/settings/profile/")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".deletion-note")).to_have_count(0)


def _leave_nothing(studio: Studio) -> None:
    page = studio.page
    studio.go("/orders/cancel-all/")
    cancel = page.get_by_role("button", name=re.compile("^Cancel "))
    if cancel.count():
        cancel.first.click()
        page.wait_for_load_state("load")
    studio.go("/portfolio/close-all/")
    sell = page.get_by_role("button", name=re.compile("^Sell "))
    if sell.count():
        sell.click()
        expect(page).to_have_url(re.compile(r"/close-all/[0-9a-f-]{32,36}/"))
        page.wait_for_load_state("load")
    page.goto("/ledger/withdraw/?asset=USD")
    whole, _, rest = page.locator(".ledger-funds dd").first.inner_text().replace(",", "").partition(".")
    page.locator("#money-amount").fill(f"{whole}.{rest[:2] or '00'}")
    page.get_by_role("main").get_by_role("button", name="Withdraw").click()
    expect(page.locator(".message-success")).to_contain_text("Withdrew")
