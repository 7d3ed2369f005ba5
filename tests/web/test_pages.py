"""Every page of the shell, for everyone who may or may not see it."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.marketdata.models import LatestPrice
from tests.engine.world import SYMBOL, World, configure
from tests.pages import PARTIAL, counted_queries

QUERIES_MAX = 12
PUBLIC = [
    "/",
    "/markets/",
    "/markets/?class=CRYPTO&sort=volume&q=b",
    f"/markets/{SYMBOL}/",
    f"/markets/{SYMBOL}/?side=SELL&interval=1h",
]
LOG_IN = ["/login/", "/signup/", "/password/reset/", "/password/reset/done/", "/password/reset/key/done/", "/login/inactive/"]
OWN = ["/account/value/", f"/markets/{SYMBOL}/funds/"]


def price(world: World, **changes: object) -> LatestPrice:
    from apps.instruments.models import Instrument

    now = datetime.now(UTC)
    fields = {"source": "test", "epoch": 1, "sequence": 1, "bid": Decimal("99.50"), "ask": Decimal("100.50"), "bid_quantity": 1,
              "ask_quantity": 1, "quoted_at": now, "last": Decimal("1234.5"), "last_at": now}  # fmt: skip
    instrument_id = Instrument.objects.get(symbol=SYMBOL).pk
    return LatestPrice.objects.update_or_create(instrument_id=instrument_id, defaults=fields | changes)[0]


@pytest.mark.parametrize("url", PUBLIC)
def test_public_pages_open_for_everyone_within_few_queries(
    url: str, world: World, alice: Client, support: Client, admin: Client
) -> None:
    price(world)
    for client in (Client(), alice, support, admin):
        client.get(url)
        with counted_queries() as queries:
            response = client.get(url)
        assert response.status_code == 200
        assert len(queries) <= QUERIES_MAX, [query["sql"] for query in queries]


def test_the_list_costs_the_same_however_many_instruments_there_are(world: World) -> None:
    with counted_queries() as few:
        Client().get("/markets/")
    for i in range(12):
        world.do(configure(f"X{i}-USD"))
    with counted_queries() as many:
        Client().get("/markets/")
    assert len(many) == len(few)


@pytest.mark.parametrize("url", LOG_IN)
def test_log_in_pages_open_for_a_visitor(url: str, db: None) -> None:
    assert Client().get(url).status_code == 200


def test_someone_who_is_logged_in_is_led_past_the_log_in(alice: Client) -> None:
    for url in ("/login/", "/signup/"):
        assert alice.get(url)["Location"] == "/markets/"


@pytest.mark.parametrize("url", OWN)
def test_fragments_of_the_account_are_for_its_owner_alone(url: str, alice: Client, support: Client, admin: Client) -> None:
    assert alice.get(url, headers=PARTIAL).status_code == 200
    for client in (support, admin):
        assert client.get(url).status_code == 404
    assert Client().get(url)["Location"].startswith("/login/?next=")
    fragment = Client().get(url, headers={**PARTIAL, "HX-Current-URL": "http://testserver/markets/?q=a"})
    assert fragment.status_code == 401
    assert fragment["HX-Redirect"] == "/login/?next=%2Fmarkets%2F%3Fq%3Da"


def test_the_ticket_is_for_those_who_have_an_account(world: World, alice: Client, support: Client) -> None:
    assert "data-ticket-submit" in alice.get(f"/markets/{SYMBOL}/").content.decode()
    for client in (support, Client()):
        assert "data-ticket-submit" not in client.get(f"/markets/{SYMBOL}/").content.decode()


def test_each_ticket_has_an_id_of_its_own(alice: Client) -> None:
    pages = [alice.get(f"/markets/{SYMBOL}/").context["form"]["client_order_id"].value() for _ in range(2)]
    assert pages[0] != pages[1]


def test_the_table_alone_is_what_htmx_asks_for(world: World) -> None:
    response = Client().get("/markets/", headers=PARTIAL)
    assert "<html" not in response.content.decode()
    assert SYMBOL in response.content.decode()
    assert (
        "<html"
        in Client().get("/markets/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}).content.decode()
    )


def test_search_and_class_narrow_the_list(world: World) -> None:
    world.do(configure("ETH-USD", name="Ether"))
    assert [glance.instrument.symbol for glance in Client().get("/markets/?q=eTHe").context["board"]] == ["ETH-USD"]
    assert not Client().get("/markets/?class=FX").context["board"]
    assert "Nothing fits" in Client().get("/markets/?class=FX").content.decode()


def test_an_old_price_is_marked_and_a_fresh_one_is_not(world: World) -> None:
    row = price(world)
    assert "data-stale" not in Client().get("/markets/").content.decode()
    row.quoted_at = datetime(2020, 1, 1, tzinfo=UTC)
    row.save()
    assert "data-stale" in Client().get("/markets/").content.decode()
    assert "1,234.50" in Client().get("/markets/").content.decode()


def test_a_market_without_any_instrument_says_what_to_do(db: None) -> None:
    assert "No instruments yet" in Client().get("/markets/").content.decode()
    assert Client().get("/").status_code == 200


def test_an_account_that_may_not_trade_is_told_so(alice: Client, world: World) -> None:
    Account.objects.filter(pk=world.alice.pk).update(status="SUSPENDED", paper_deposit_at=datetime.now(UTC))
    assert "cannot trade at the moment" in alice.get(f"/markets/{SYMBOL}/").content.decode()


def test_the_address_of_a_button_is_a_page_that_says_so_in_the_reader_s_theme(alice: Client, world: World) -> None:
    alice.cookies["theme"] = "light"
    response = alice.get("/orders/1/cancel/", headers={"Accept": "text/html"})
    assert (response.status_code, response["Allow"]) == (405, "POST")
    page = response.content.decode()
    assert "This address is no page" in page and 'data-theme="light"' in page
    assert response["Content-Security-Policy"] == alice.get("/markets/")["Content-Security-Policy"]
    assert alice.get("/orders/1/cancel/").content == b"", "a program that asks for no page gets none"


def test_what_does_not_exist_is_a_plain_404_in_the_design(world: World) -> None:
    for url in (
        "/nope/",
        "/markets/NO-SUCH/",
        "/markets/%00/",
        "/markets/btc/",
        "/orders/by-client-id/%00/",
        f"/markets/{SYMBOL}/bar/",
    ):
        response = Client().get(url)
        assert response.status_code == 404, url
        assert "There is nothing here" in response.content.decode()


def test_every_page_forbids_inline_script_and_style(world: World, alice: Client) -> None:
    for client in (Client(), alice):
        for url in [*PUBLIC, *LOG_IN]:
            response = client.get(url, follow=True)
            policy = response["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "default-src 'self'" in policy
            text = response.content.decode()
            assert " style=" not in text
            assert "<style" not in text
            assert "javascript:" not in text
            assert " onclick" not in text
            assert text.count("<script") == text.count('<script src="/static/')


def test_the_theme_is_remembered_and_comes_from_the_server(db: None) -> None:
    client = Client()
    response = client.post("/settings/theme/", {"theme": "light", "next": "/markets/"})
    assert response["Location"] == "/markets/"
    assert '<html lang="en" data-theme="light">' in client.get("/").content.decode()
    client.post("/settings/theme/", {"theme": '"><script>', "next": "/"})
    assert '<html lang="en" data-theme="light">' in client.get("/").content.decode()


def test_a_theme_is_kept_and_given_back_to_the_device(alice: Client) -> None:
    def pressed() -> list[str]:
        html = alice.get("/settings/profile/").content.decode()
        return re.findall(r'name="theme" value="(\w+)" aria-pressed="true"', html)

    assert pressed() == ["system"]
    for theme in ("dark", "light", "system"):
        alice.post("/settings/theme/", {"theme": theme, "next": "/settings/profile/"})
        assert pressed() == [theme]


def test_the_settings_are_one_place(alice: Client) -> None:
    places = ("profile", "trading", "security", "api-keys", "looks")
    for place in places:
        html = alice.get(f"/settings/{place}/").content.decode()
        tabs = html[html.index('aria-label="Settings"') :]
        assert all(f'href="/settings/{other}/"' in tabs for other in places)
        assert f'<a href="/settings/{place}/" aria-current="page">' in tabs
