"""Text, addresses and tokens from people who mean harm."""

import re
from html.parser import HTMLParser

from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from apps.instruments.models import Instrument
from tests.engine.world import SYMBOL, World, configure
from tests.web.corpus import REDIRECTS, XSS


class Structure(HTMLParser):
    """The elements of a page with the names of their attributes: what text of a person must never change."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(sorted(name for name, _ in attrs))))
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action", "hx-get", "hx-post")]


def structure_of(client: Client, url: str, **data: str) -> Structure:
    response = client.get(url, data)
    assert response.status_code == 200
    structure = Structure()
    structure.feed(response.content.decode())
    ours = ("/", "?", "#", "https://www.tradingview.com/")
    assert all(address.startswith(ours) and not address.startswith("//") for address in structure.addresses), structure.addresses
    return structure


def test_a_search_shows_its_text_and_runs_none_of_it(world: World) -> None:
    client = Client()
    harmless = structure_of(client, "/markets/", q="harmless").elements
    unfiltered = structure_of(client, "/markets/").elements
    for text in XSS:
        assert structure_of(client, "/markets/", q=text).elements == harmless, text
        assert ">49<" not in client.get("/markets/", {"q": text}).content.decode()
        for address in ("class", "sort"):
            assert structure_of(client, "/markets/", **{address: text}).elements == unfiltered, text


def test_an_instruments_name_is_text_wherever_it_stands(world: World) -> None:
    client = Client()
    urls = ("/", "/markets/", "/markets/EVL-USD/")
    world.do(configure("EVL-USD", name="harmless", base_name="harmless"))
    harmless = [structure_of(client, url).elements for url in urls]
    for text in XSS:
        Instrument.objects.filter(symbol="EVL-USD").update(name=text.replace("\x00", ""))
        assert [structure_of(client, url).elements for url in urls] == harmless, text


def test_no_address_leads_away_from_the_site(world: World, alice: Client) -> None:
    for target in REDIRECTS:
        theme = Client().post("/settings/theme/", {"theme": "dark", "next": target})
        assert theme["Location"] == "/", target
        log_in = Client().post("/login/", {"login": "alice@tredye.example", "password": "x", "next": target})
        assert log_in["Location"] == "/markets/", target
        fragment = Client().get("/account/value/", headers={"HX-Request": "true", "HX-Current-URL": target.strip()})
        assert re.fullmatch(r"/login/(\?next=%2F(?!%2F|%5C)[^&]*)?", fragment["HX-Redirect"]), target


ONE_CLICK = "/alerts/mail-off/abcdefgh/"


def post_routes() -> list[str]:
    """Every route of the pages, with its parameters filled in."""
    urls: list[str] = []

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                if not route.startswith("admin"):
                    walk(pattern.url_patterns, route)
            else:
                urls.append(route)

    walk(get_resolver().url_patterns, "")
    samples = {"symbol": SYMBOL, "order_id": "1", "client_order_id": "a", "uidb36": "1", "key": "a", "account_id": "1"}
    samples |= {"command_id": "a", "pk": "1", "log_in_id": "1", "key_id": "1", "watchlist_id": "1", "day": "2026-11-20"}
    samples |= {"month": "2026-11", "base_id": "a", "alert_id": "1", "token": "abcdefgh"}
    for name, value in samples.items():
        urls = [re.sub(rf"<\w+:{name}>|\(\?P<{name}>(?:\[[^]]*\]|[^()])*\)", value, url) for url in urls]
    return ["/" + url.replace("^", "").replace("$", "").replace("\\.", ".") for url in urls]


def test_no_post_is_taken_without_its_token(world: World, alice: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = alice.cookies
    routes = post_routes()
    assert "/orders/submit/" in routes
    assert "/orders/1/cancel/" in routes
    assert ONE_CLICK in routes
    for url in routes:
        if url == ONE_CLICK:  # what a mail program posts has no cookie of ours: its address is signed (RFC 8058)
            continue
        for data in ({}, {"csrfmiddlewaretoken": "x" * 64}):
            response = strict.post(url, data)
            assert response.status_code in (403, 405), f"{url} answered {response.status_code}"
    assert strict.post("/orders/submit/", {}, headers={"X-CSRFToken": "wrong"}).status_code == 403


def test_the_token_of_an_open_page_is_another_after_the_log_in(world: World) -> None:
    """Whoever planted a token before it knows none after."""
    page = Client(enforce_csrf_checks=True)
    page.get("/login/")
    before = page.cookies["csrftoken"].value
    fields = {"login": "alice@tredye.example", "password": "x", "csrfmiddlewaretoken": before}
    assert page.post("/login/", fields)["Location"] == "/markets/"
    after = page.cookies["csrftoken"].value
    theme = {"theme": "dark", "next": "/"}
    assert page.post("/settings/theme/", theme | {"csrfmiddlewaretoken": before}).status_code == 403
    assert page.post("/settings/theme/", theme, headers={"X-CSRFToken": before}).status_code == 403
    assert page.post("/settings/theme/", theme, headers={"X-CSRFToken": after}).status_code == 302


def test_a_token_that_does_not_fit_is_explained(alice: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/login/", {})
    assert response.status_code == 403
    assert "This page was out of date" in response.content.decode()


def test_nothing_is_changed_by_a_get(alice: Client, world: World) -> None:
    order_id = world.submit(world.alice, "BUY", "0.5", "95.00").order_id
    for url in ("/orders/submit/", f"/orders/{order_id}/cancel/", "/settings/theme/"):
        assert alice.get(url).status_code == 405
    assert alice.get("/logout/").status_code == 200
    assert alice.get("/account/value/").status_code == 200


def test_a_nul_in_an_address_or_a_cookie_is_no_error_of_ours(world: World, alice: Client) -> None:
    for path in ("/markets/%00/bars", "/markets/%00/", "/portfolio/position/%00/", f"/portfolio/position/{SYMBOL}%00/"):
        assert alice.get(path).status_code == 404, path
    assert alice.get(f"/portfolio/position/{SYMBOL}/").status_code == 200
    for key in ('"abcdefgh\\000ijk"', "abcdefgh", "x" * 10_000):
        stranger = Client(headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}"})
        assert stranger.get("/markets/").status_code == 200, key
        assert stranger.get("/portfolio/").status_code == 302, key
