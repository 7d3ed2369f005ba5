"""The first page tells what it is, shows the market as it is, and signs up in one step."""

from django.test import Client

from apps.accounts.models import User
from tests.engine.world import SYMBOL, World
from tests.web.test_pages import price


def text(client: Client) -> str:
    return client.get("/").content.decode()


def test_it_shows_the_live_market_and_a_chart_that_moves(world: World) -> None:
    price(world)
    page = text(Client())
    assert "data-chart" in page and "vendor/lightweight-charts" in page
    assert f'data-row="{SYMBOL}"' in page and f'data-live="{SYMBOL}:last"' in page
    assert "All 1 instruments" in page and "data-star" not in page


def test_its_form_signs_up_as_the_page_for_it_does(world: World) -> None:
    client = Client()
    page = text(client)
    assert 'action="/signup/"' in page and "100,000 USD" in page and "data-time-zone" in page
    fields = {"email": "new@example.com", "password1": "a long walk at dusk", "time_zone": "Europe/Berlin"}
    assert client.post("/signup/", fields)["Location"] == "/signup/confirm/"
    assert User.objects.get(email="new@example.com").time_zone == "Europe/Berlin"


def test_who_is_logged_in_is_led_on(world: World, alice: Client, support: Client) -> None:
    page = text(alice)
    assert 'action="/signup/"' not in page and 'href="/watchlists/">Your watchlists' in page
    page = text(support)
    assert 'action="/signup/"' not in page and "Your watchlists" not in page


def test_without_any_instrument_it_still_opens(db: None) -> None:
    page = text(Client())
    assert "The busiest now" not in page and "data-chart" not in page
