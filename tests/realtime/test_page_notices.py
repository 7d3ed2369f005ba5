"""Notices reach the page that is open: a price is crossed, and the bell counts, a note is shown, the list has it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

from apps.alerts.handlers import AlertsHandler
from apps.alerts.kinds import Basis, Direction
from apps.alerts.services import make_price_alert
from apps.alerts.wishes import PriceWish
from apps.core.enums import AccountStatus
from apps.eventlog.schemas.notices import NoticeBell
from apps.instruments.models import Asset
from tests.builders import Venue
from tests.eventlog.harness import running
from tests.realtime.conftest import Market, Server, open_browser
from tests.realtime.owner import Owner, erase
from tests.realtime.pages import cookies_of

pytestmark = pytest.mark.processes

SYMBOL = "NOTICE-USD"


def head(database: psycopg.Connection, owner: Owner, sequence: int) -> None:
    database.execute(
        "INSERT INTO alerts_noticehead (account_id, last_sequence, in_minute) VALUES (%s, %s, 0)"
        " ON CONFLICT (account_id) DO UPDATE SET last_sequence = EXCLUDED.last_sequence",
        (owner.account_id, sequence),
    )


@contextmanager
def cleaned(database: psycopg.Connection, owner: Owner) -> Iterator[None]:
    try:
        yield
    finally:
        for table in ("alerts_notice", "alerts_firing", "alerts_pricealert", "alerts_noticehead"):
            erase(database, table, "account_id", [owner.account_id])


@pytest.mark.asyncio
async def test_a_bell_tells_the_sockets_of_its_account_alone(
    server: Server, market: Market, make_owner: Any, database: psycopg.Connection
) -> None:
    alice, bob = make_owner(), make_owner()
    with cleaned(database, alice):
        async with open_browser(server.url) as hers, open_browser(server.url) as his:
            await hers.hello(ticket=alice.ticket(), account_sequence=0)
            await his.hello(ticket=bob.ticket(), account_sequence=0)
            head(database, alice, 7)
            market.send("accounts.notices", str(alice.account_id), NoticeBell(alice.account_id, 7))
            market.flush()
            assert (await hers.first("n"))["sequence"] == 7
            head(database, alice, 8)  # nobody rings: the poll finds it
            await hers.first("n", lambda message: message["sequence"] == 8)
            assert [message for message in his.messages if message["t"] == "n"] == []


@pytest.fixture
def watched(database: psycopg.Connection, django_db_blocker: Any, make_owner: Any) -> Iterator[Owner]:
    """An owner who wants to know when the last price is at or above 100.25."""
    owner: Owner = make_owner()
    with django_db_blocker.unblock():
        type(owner.account).objects.filter(pk=owner.account_id).update(status=AccountStatus.ACTIVE)
        assets_before = list(Asset.objects.values_list("pk", flat=True))
        instrument = Venue().instrument(SYMBOL)
        assets = list(Asset.objects.exclude(pk__in=assets_before).values_list("pk", flat=True))
        wish = PriceWish(instrument.pk, Basis.LAST, Direction.ABOVE, Decimal("100.25"), note="sell half")
        make_price_alert(account_id=owner.account_id, wish=wish)
        with cleaned(database, owner):
            yield owner
    erase(database, "instruments_statechange", "instrument_id", [instrument.pk])
    erase(database, "instruments_instrument", "id", [instrument.pk])
    erase(database, "instruments_asset", "id", assets)
    database.execute("DELETE FROM eventlog_consumerposition WHERE consumer = 'alerts'")


@pytest.mark.e2e
def test_an_alert_fires_and_the_open_page_says_so(
    uvicorn: Server, market: Market, watched: Owner, open_profile: Callable[..., Any]
) -> None:
    with open_profile(uvicorn, cookies_of(watched)) as person:
        page = person.context.new_page()
        page.goto(f"http://127.0.0.1:{uvicorn.port}/alerts/notices/")
        with_account = re.compile("^(Live|Prices stale since [0-9:]+)$")
        expect(page.locator("[data-stream-status]")).to_have_text(with_account, timeout=40_000)
        expect(page.locator("#bell")).to_have_attribute("aria-label", "Notices")
        with running(AlertsHandler()):
            market.trade(SYMBOL, "100.5")
            market.flush()
            expect(page.locator("#toasts .notice-toast")).to_contain_text("NOTICE-USD: last reached 100.25", timeout=40_000)
        expect(page.locator("#bell")).to_have_attribute("aria-label", "Notices, 1 unread")
        expect(page.locator("#notices .notice-new")).to_contain_text("It was 100.50")
        expect(page.locator("#notices")).to_contain_text("sell half")
        page.reload()
        expect(page.locator("#bell")).to_have_attribute("aria-label", "Notices, 1 unread")
        page.get_by_role("button", name="Mark all as read").click()
        expect(page.locator("#bell")).to_have_attribute("aria-label", "Notices")
        page.goto(f"http://127.0.0.1:{uvicorn.port}/alerts/")
        expect(page.locator("#alerts")).to_contain_text("100.50")
        _set_one_in_the_dialog(page)


def _set_one_in_the_dialog(page: Page) -> None:
    """As the chart and the rows of the markets ask for it, from whatever page."""
    wanted = "({ detail }) => document.dispatchEvent(new CustomEvent('tredye:alert-wanted', { detail, cancelable: true }))"
    assert page.evaluate(wanted, {"detail": {"symbol": SYMBOL, "price": "90"}}) is False, "the page says that it opens a form"
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("reaches")).to_have_value("90")
    dialog.get_by_label("Coming from").select_option("BELOW")
    dialog.get_by_label("reaches").fill("1e3")
    dialog.get_by_role("button", name="Set alert").click()
    expect(dialog.get_by_role("alert")).to_contain_text("must be a plain number")
    dialog.get_by_label("reaches").fill("80")
    dialog.get_by_role("button", name="Set alert").click()
    expect(page.locator("#toasts")).to_contain_text("You are told when NOTICE-USD is last at or below 80.00.")
    expect(dialog).to_have_count(0)
