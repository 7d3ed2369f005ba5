"""What people send who mean harm, at every field, parameter and part of an address of every route. ``doors`` says how."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.commands import rate
from apps.core.clock import ManualClock
from apps.instruments.models import Instrument
from apps.ledger.models import LedgerAccount
from apps.orders.models import Order
from tests.authorization.doors import GUARDS, doors_of, fields_asked_for, harm_in, knock
from tests.authorization.matrix import ROUTES, Expect, Principal, Route, find_route, values_of
from tests.authorization.world import World, furnished
from tests.engine.lanes import seeds
from tests.engine.world import SYMBOL, make_account
from tests.engine.world import World as Engine
from tests.inprocess import connect
from tests.pages import client_of
from tests.prices import set_price
from tests.rolledback import rolled_back
from tests.web.corpus import A_FEW, EVERYTHING, XSS

CASES = [
    pytest.param(route, method, id=f"{method} /{route.path}")
    for route in ROUTES
    for method in ("GET", "POST")
    if (route.get if method == "GET" else route.post) is not None
]
#: POSTs that read no field: buttons, whose address says what they are about, and one whose body is JSON.
BUTTONS = frozenset(
    {
        "signup/start-again/",
        "settings/security/app/off/",
        "settings/security/recovery-codes/new/",
        "settings/security/log-ins/<int:log_in_id>/end/",
        "settings/security/log-ins/end-others/",
        r"orders/^by-client-id/(?P<client_order_id>[A-Za-z0-9_-]{1,48})/settle/$",
        "orders/<int:order_id>/cancel/",
        "watchlists/<int:watchlist_id>/delete/",
        "watchlists/<int:watchlist_id>/restore/",
        "alerts/<int:alert_id>/delete/",
        "alerts/<int:alert_id>/restore/",
        r"alerts/^mail-off/(?P<token>[A-Za-z0-9_:-]{8,128})/$",
        "settings/api-keys/<int:key_id>/revoke/",
        "settings/data/file/",
        "settings/data/keep/",
        "stream/ticket",
        "receipts/",
    }
)
#: Steps after another one, which the tests of accounts take; without it they lead back to the first and read nothing.
LATER_STEPS = frozenset({"login/second-factor/", "signup/confirm/"})
#: How many texts a door is tried with in each run: not all, and others at the next door.
IN_EACH_RUN = 2
ROUNDS = 4


class _Running(ManualClock):
    """So that no limit a second refuses what is tried."""

    def now_ns(self) -> int:
        self.advance_ns(10 * 10**9)
        return super().now_ns()


@dataclass
class Scene:
    engine: Engine
    world: World
    values: dict[str, str]
    patch: pytest.MonkeyPatch
    clients: dict[Principal, Client] = field(default_factory=dict)
    came: set[Principal] = field(default_factory=set)  # whose first log-in this test has used
    turn: Iterator[int] = field(default_factory=itertools.count)

    def knock(self, route: Route, method: str, sent: dict[str, str]) -> HttpResponse:
        who = visitor_of(route, method)
        response = knock(self.client(who), route, method, sent, self.values)
        if route.path == "support/case/close/" or "sessionid" in response.cookies:
            self.clients.pop(who, None)  # the next request is somebody's who has just come
        return response

    def client(self, who: Principal) -> Client:
        if who not in self.clients:
            user = self.world.users[who]
            again = who in self.came and user is not None
            client = self.clients[who] = client_of(user) if again else self.world.client(who)  # type: ignore[arg-type]
            self.came.add(who)
            client.raise_request_exception = False
            if who is Principal.SUPPORT:
                client.post("/support/case/", {"reason": "asks by phone"})
        return self.clients[who]

    def fields(self, route: Route, method: str) -> set[str]:
        """What the view asks for, and what it asks for when it is given that."""
        with fields_asked_for(self.patch) as names:
            known = -1
            for _ in range(ROUNDS):
                if len(names) == known:
                    break
                known = len(names)
                self.knock(route, method, dict.fromkeys(names - set(route.body), "1"))
        return names


def visitor_of(route: Route, method: str) -> Principal:
    """Whoever comes furthest: the owner, or who else is let in."""
    row = route.get if method == "GET" else route.post
    assert row is not None
    if route.path.startswith(("login/", "signup/", "password/reset/")):
        return Principal.ANONYMOUS
    if route.path == "settings/security/app/on/":
        return Principal.OTHER  # who has none
    allowed = [who for who in (Principal.OWNER, Principal.SUPPORT, Principal.ADMIN) if row[who] is Expect.ALLOWED]
    return allowed[0] if allowed else Principal.ADMIN


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """A market with a real engine behind its pages, in the test's process and in one transaction."""
    with rolled_back(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        engine = Engine()
        set_price(SYMBOL, "99.00", "101.00")
        connect(engine, patch)
        clock = _Running()
        patch.setattr(rate, "process_clock", lambda: clock)
        patch.setattr("django.conf.settings.ACCOUNT_RATE_LIMITS", False)
        placed = engine.submit(engine.alice, "BUY", "0.5", "95.00")
        world = furnished(engine.alice, engine.bob, make_account("inactive"), Order.objects.get(pk=placed.order_id))
        yield Scene(engine, world, {**values_of(world), "symbol": SYMBOL}, patch)


@pytest.fixture
def opened(made_once: Scene, django_db_blocker: Any) -> Iterator[Scene]:
    """As it was made, whatever other cases did, with an engine that knows nothing but what is stored."""
    with rolled_back(django_db_blocker):
        made_once.clients.clear()
        made_once.came.clear()
        made_once.engine.restart()
        made_once.engine.quote("99.00", "101.00")
        yield made_once


def in_the_admin(route: Route, world: World) -> Route:
    """The route of a row that there is, for those of the Django admin: the matrix names one that never was."""
    rows = {
        "admin/accounts/account/": world.account_id,
        "admin/accounts/apikey/": world.key_id,
        "admin/instruments/instrument/": Instrument.objects.get(symbol=SYMBOL).pk,
        "admin/orders/order/": world.order_id,
        "admin/ledger/ledgeraccount/": LedgerAccount.objects.filter(account_id=world.account_id).values_list("pk", flat=True)[0],
        "admin/engine/lease/": 0,
        "admin/backoffice/staffrequest/": world.request_id,
        "admin/backoffice/proposal/": world.proposal_id,
        "admin/accounts/user/": world.users[Principal.SUPPORT].pk,  # type: ignore[union-attr]
    }
    base = next((base for base in rows if route.path.startswith(base + "<")), "")
    if not base:
        return route
    return Route(**{**route.__dict__, "address": route.address.replace("999999999", str(rows[base]))})


def harms(scene: Scene, route: Route, method: str, texts: list[str]) -> list[str]:
    """What went wrong at any door of the route, with the text that did it."""
    route = in_the_admin(route, scene.world)
    found = []
    for door in doors_of(route, scene.fields(route, method)):
        for _ in range(IN_EACH_RUN if texts is A_FEW else len(texts)):
            text = texts[next(scene.turn) % len(texts)]
            found += [f"{door}={text[:80]!r}: {harm}" for harm in harm_in(scene.knock(route, method, {door: text}), text)]
    return found


@pytest.mark.parametrize(("route", "method"), CASES)
def test_no_text_does_harm_at_any_door(opened: Scene, route: Route, method: str) -> None:
    assert harms(opened, route, method, A_FEW) == []


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("route", "method"), CASES)
def test_none_of_all_the_texts_does_harm_at_any_door(opened: Scene, route: Route, method: str) -> None:
    """A share of them at each door, all of them in a night."""
    step = max(1, len(EVERYTHING) // len(seeds(len(EVERYTHING) * 5)))
    assert harms(opened, route, method, EVERYTHING[next(opened.turn) % step :: step]) == []


@pytest.mark.parametrize("route", [pytest.param(route, id=route.path) for route in ROUTES if route.post is not None])
def test_what_is_posted_is_found_out(opened: Scene, route: Route) -> None:
    """A form whose fields nobody found would be tried with nothing."""
    fields = opened.fields(in_the_admin(route, opened.world), "POST")
    assert bool(fields) is (route.path not in BUTTONS | LATER_STEPS), fields


def test_the_fields_of_an_order_are_among_those_that_are_found(opened: Scene) -> None:
    submit = opened.fields(find_route("orders/submit/"), "POST")
    assert {"client_order_id", "symbol", "side", "order_type", "quantity", "price", "time_in_force"} <= submit
    assert {"q", "sort"} <= opened.fields(find_route("markets/"), "GET")


def test_what_was_stored_acts_on_no_page(opened: Scene) -> None:
    """Each text at every door where something can be written, and then all pages of the owner and of the staff."""
    written = [route for route in ROUTES if route.post is not None and visitor_of(route, "POST") is Principal.OWNER]
    written = [route for route in written if not route.path.startswith(("logout/", "password/", "settings/security/"))]
    pages = [route for route in ROUTES if route.get is not None and route.path != "logout/"]
    text, found = XSS[1], []
    for route in written:
        for door in doors_of(route, opened.fields(route, "POST")):
            opened.knock(route, "POST", {door: text})
    for route in pages:
        page = opened.knock(in_the_admin(route, opened.world), "GET", {})
        found += [f"{route.path}: {harm}" for harm in harm_in(page, text)]
    assert found == []


HEADERS = (
    *("User-Agent", "Referer", "Accept-Language", "HX-Current-URL", "HX-Target", "HX-Trigger-Name", "HX-Prompt", "X-Request-ID"),
    *("X-Forwarded-For", "Origin", "Accept", "Cookie", "If-None-Match", "traceparent"),
)


@pytest.mark.parametrize("name", HEADERS)
def test_no_text_does_harm_in_a_header(opened: Scene, name: str) -> None:
    client = Client(raise_request_exception=False)
    for path, text in itertools.product(("/markets/", "/portfolio/", "/no-such-page/"), A_FEW[::2]):
        sent = text.encode().decode("latin-1").replace("\r", "").replace("\n", "").replace("\x00", "")  # as a server lets it by
        response = client.get(path, headers={name: sent[:8000], "HX-Request": "true"})
        assert harm_in(response, sent) == [], (path, text[:80])


BODIES = [
    b"",
    b"\x00",
    b"null",
    b"[]",
    b"{}",
    b"\xff\xfe",
    b'{"v":1,"d":[["\xff",1,1]]}',
    b"[" * 5_000,
    b'{"a":' * 2_000,
    b"9" * 100_000,
]


KINDS = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
#: Each in its turn: at the next route it goes on with the next.
ASKED = itertools.cycle(itertools.product(BODIES, KINDS))
NO_FORMS_IN_EACH_RUN = 7


@pytest.mark.parametrize("route", [pytest.param(route, id=route.path) for route in ROUTES if route.post is not None])
def test_no_body_is_an_error_of_ours(opened: Scene, route: Route) -> None:
    address = opened.knock(in_the_admin(route, opened.world), "POST", {}).wsgi_request.path  # type: ignore[attr-defined]
    for body, kind in itertools.islice(ASKED, NO_FORMS_IN_EACH_RUN):
        client = opened.client(visitor_of(route, "POST"))
        response = client.post(address, body, content_type=kind, **route.environ)
        assert harm_in(response, "") == [], (body[:80], kind)


# --- The judge itself --------------------------------------------------------------------------------------------------------

GUARDED = dict.fromkeys(GUARDS, "as it should be")
PLANTED = {
    "text that is not escaped": HttpResponse("<p><img src=x onerror=alert(1)></p>", headers=GUARDED),
    "an address that leads away": HttpResponse('<a href="javascript:alert(1)">x</a>', headers=GUARDED),
    "a redirect that leads away": HttpResponse(status=302, headers={**GUARDED, "Location": "//evil.example"}),
    "a redirect by htmx": HttpResponse(headers={**GUARDED, "HX-Redirect": "https://evil.example"}),
    "a formula in a file": HttpResponse("id,note\r\n1,=1+1\r\n", content_type="text/csv", headers=GUARDED),
    "a template that was evaluated": HttpResponse("<p>245487</p>", headers=GUARDED),
    "an error": HttpResponse(status=500, headers=GUARDED),
    "an answer without its guards": HttpResponse("x", content_type="text/plain"),
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_harm_is_found(what: str) -> None:
    assert harm_in(PLANTED[what], "{{81829*3}}")


def test_a_good_answer_is_none() -> None:
    good = HttpResponse("<p>&lt;img src=x onerror=alert(1)&gt;</p><a href='/markets/?q=x'>x</a>", headers=GUARDED)
    assert harm_in(good, "<img src=x onerror=alert(1)>") == []
    numbers = HttpResponse("id,pnl\r\n1,-12.5\r\n", content_type="text/csv", headers=GUARDED)
    assert harm_in(numbers, "") == []
