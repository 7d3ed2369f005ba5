"""The three steps of a new account follow from what there is, and end with the first order."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.test import Client

from apps.accounts.models import Account
from apps.instruments.selectors import get_instrument
from apps.marketdata.models import LatestPrice
from apps.watchlists.services import watch
from apps.web.start import first_quantity
from tests.engine.world import SYMBOL, World
from tests.pages import PARTIAL
from tests.web.test_pages import price

FIRST, SECOND, THIRD = "Your money is on its way", "Choose an instrument", "Send a first order"


def funded(world: World) -> None:
    Account.objects.filter(pk=world.alice.pk).update(paper_deposit_at=datetime.now(UTC))


def now_at(page: str) -> str:
    """The words of the step that is next."""
    return page.partition('aria-current="step"')[2].partition("<strong>")[2].partition("</strong>")[0]


def text(client: Client, address: str = "/markets/", **headers: str) -> str:
    return client.get(address, headers=headers).content.decode()


def test_it_goes_from_the_money_to_an_instrument_to_an_order(world: World, alice: Client) -> None:
    price(world)
    assert now_at(text(alice)) == FIRST
    funded(world)
    page = text(alice)
    assert now_at(page) == SECOND and "100,000 USD are yours" in page
    assert now_at(text(alice, f"/markets/{SYMBOL}/")) == THIRD
    watch(account_id=world.alice.pk, instrument_id=get_instrument(SYMBOL).id)
    page = text(alice)
    assert now_at(page) == THIRD
    assert f'href="/markets/{SYMBOL}/?side=BUY&amp;type=MARKET&amp;quantity=9.95#ticket"' in page


def test_it_is_over_with_the_first_order_that_was_taken(world: World, alice: Client) -> None:
    funded(world)
    assert world.submit(world.alice, "BUY", "1000", "100.00").reason  # more than there is: refused
    assert now_at(text(alice)) == SECOND
    world.submit(world.alice, "BUY", "1", "90.00")
    assert "First steps" not in text(alice) and "First steps" not in text(alice, f"/markets/{SYMBOL}/")
    fragment = text(alice, f"/start/?symbol={SYMBOL}", **PARTIAL)
    assert "Your first order is in" in fragment and "put-away" not in fragment and now_at(fragment) == ""


def test_it_can_be_put_away_by_one_account_and_another_still_sees_it(world: World, alice: Client, bob: Client) -> None:
    assert f'name="next" value="/markets/{SYMBOL}/"' in text(alice, f"/markets/{SYMBOL}/")
    response = alice.post("/start/put-away/", {"next": f"/markets/{SYMBOL}/"})
    assert response["Location"] == f"/markets/{SYMBOL}/"
    assert "First steps" not in text(alice)
    bob.cookies["start-off"] = alice.cookies["start-off"].value
    assert "First steps" in text(bob)


def test_old_accounts_visitors_and_staff_have_no_first_steps(world: World, alice: Client, support: Client) -> None:
    for client in (Client(), support):
        assert "First steps" not in text(client)
    Account.objects.filter(pk=world.alice.pk).update(opened_at=datetime.now(UTC) - timedelta(days=31))
    assert "First steps" not in text(alice)


def test_without_a_price_no_ticket_is_filled_in(world: World, alice: Client) -> None:
    funded(world)
    LatestPrice.objects.all().delete()
    page = text(alice, f"/markets/{SYMBOL}/")
    assert now_at(page) == THIRD and "Fill in a ticket" not in page


def test_a_first_order_is_about_a_thousand_and_never_less_than_a_lot(world: World) -> None:
    view = get_instrument(SYMBOL)
    assert first_quantity(view, Decimal("64000")) == Decimal("0.015")
    assert first_quantity(view, Decimal("3000000")) == view.lot_size
    assert first_quantity(view, Decimal("0.0001")) == view.max_quantity
    assert first_quantity(view, None) is None
