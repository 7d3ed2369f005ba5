"""Who is let in, and from where; how soon who has been let out is no longer."""

import time
import uuid
from datetime import timedelta

import pytest
from django.conf import settings

from tests.api.conftest import server_of
from tests.api.world import CSRF, ApiWorld, Until, an_order
from tests.realtime.conftest import Server, until

pytestmark = pytest.mark.processes

OPEN = "/api/v1/orders"
REFUSED_WITHIN_S = 2.0
PRODUCTION = {
    "SECRET_KEY": "3nV0zLr5TtY7bXc1KdMfHg2Ps4Qv6Ux9Ae-Zi_RoWlNjBhFyCk-another-key",
    "SECRET_KEY_FALLBACKS": str(settings.SECRET_KEY),  # the log-ins of the tests were signed with it
    "DJANGO_SETTINGS_MODULE": "tredye.settings.prod",
    "ALLOWED_HOSTS": "app.example",
    "PUBLIC_ORIGINS": "https://app.example",
    "PROXY_COUNT": "1",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "STREAM_URL": "",
}


def test_a_log_in_places_orders_with_its_token_and_reads_without(api_world: ApiWorld, server: Server) -> None:
    person = api_world.person()
    assert api_world.ask(server, "POST", OPEN, person.page, an_order("mine")).status == 200
    read = api_world.ask(server, "GET", f"{OPEN}/by-client-id/mine", person.cookies)
    assert (read.status, read.json["client_order_id"]) == (200, "mine")


def test_a_foreign_page_is_refused_as_django_refuses_it(api_world: ApiWorld, server: Server) -> None:
    person = api_world.person()
    own = f"http://127.0.0.1:{server.port}"
    foreign = ("https://evil.example", "null", "http://127.0.0.1:1", f"{own}.evil.example")
    forged = [
        person.cookies,
        {**person.cookies, "X-CSRFToken": "d" * 32},
        {**person.cookies, "X-CSRFToken": "short"},
        {**person.page, "Cookie": f"sessionid={person.session_key}"},
        *({**person.page, "Origin": origin} for origin in foreign),
    ]
    for headers in forged:
        answer = api_world.ask(server, "POST", OPEN, headers, an_order())
        assert (answer.status, answer.code) == (403, "CSRF"), headers
    assert api_world.orders_of(person) == []
    assert api_world.ask(server, "POST", OPEN, {**person.page, "Origin": own}, an_order()).status == 200


def test_behind_tls_a_page_must_say_where_it_is_from(api_world: ApiWorld) -> None:
    tls = server_of(api_world, "uvicorn", "tls", **PRODUCTION)
    person = api_world.person()
    cookies = f"__Host-sessionid={person.session_key}; __Host-csrftoken={CSRF}"
    page = {"Cookie": cookies, "X-CSRFToken": CSRF, "Host": "app.example", "X-Forwarded-Proto": "https"}
    assert api_world.ask(tls, "POST", OPEN, page, an_order()).code == "CSRF"
    assert api_world.ask(tls, "POST", OPEN, {**page, "Referer": "https://evil.example/"}, an_order()).code == "CSRF"
    assert api_world.ask(tls, "POST", OPEN, {**page, "Referer": "https://app.example/orders/"}, an_order()).status == 200
    key = {**person.bearer(), "Host": "app.example"}
    assert api_world.ask(tls, "GET", OPEN, {**key, "X-Forwarded-Proto": "http"}).code == "HTTPS_REQUIRED"
    answer = api_world.ask(tls, "GET", OPEN, {**key, "X-Forwarded-Proto": "https"})
    assert answer.status == 200
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def test_nobody_without_a_key_or_a_log_in_is_let_in(api_world: ApiWorld, server: Server) -> None:
    person = api_world.person()
    key = person.key()
    wrong = [
        {},
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {key}x"},
        {"Authorization": f"Bearer {key[:-1]}{'A' if key[-1] != 'A' else 'B'}"},
        {"Authorization": f"Bearer {key} {key}"},
        {"Authorization": "Bearer tredye_aaaaaaaaaaaa_" + "a" * 43},
        {"Cookie": "sessionid=" + "a" * 32},
        {"Cookie": "sessionid=\\000'--"},
        {"Cookie": "sessionid=" + "a" * 9000},
    ]
    for headers in wrong:
        for method, body in (("GET", None), ("POST", an_order())):
            answer = api_world.ask(server, method, OPEN, headers, body)
            assert answer.status == 401, (headers, answer.raw)
            assert answer.headers["www-authenticate"] == 'Bearer realm="tredye"'
            assert answer.headers["content-type"] == "application/problem+json"


def test_a_read_key_reads_and_nothing_else(api_world: ApiWorld, server: Server) -> None:
    person = api_world.person()
    key = person.bearer("READ")
    assert api_world.ask(server, "GET", OPEN, key).status == 200
    for path, body in ((OPEN, an_order()), (f"{OPEN}/cancel", {"order_id": 1}), (f"{OPEN}/amend", {"order_id": 1})):
        answer = api_world.ask(server, "POST", path, key, body)
        assert (answer.status, answer.code) == (403, "READ_ONLY_KEY")


def test_somebody_else_s_order_is_as_missing_as_one_that_never_was(api_world: ApiWorld, server: Server) -> None:
    owner, other = api_world.person(), api_world.person()
    order = api_world.ask(server, "POST", OPEN, owner.bearer(), an_order(uuid.uuid4().hex)).json
    key = other.bearer()
    pairs = [
        ("GET", f"{OPEN}/{order['order_id']}", f"{OPEN}/999999999", None, None),
        ("GET", f"{OPEN}/by-client-id/{order['client_order_id']}", f"{OPEN}/by-client-id/never-was", None, None),
        ("POST", f"{OPEN}/cancel", f"{OPEN}/cancel", {"order_id": order["order_id"]}, {"order_id": 999999999}),
        ("POST", f"{OPEN}/amend", f"{OPEN}/amend", {"order_id": order["order_id"], "change_id": "x1", "price": "1"},
         {"order_id": 999999999, "change_id": "x2", "price": "1"}),
    ]  # fmt: skip
    for method, theirs, never, their_body, never_body in pairs:
        first = api_world.ask(server, method, theirs, key, their_body)
        second = api_world.ask(server, method, never, key, never_body)
        own_words = first.raw.replace(str(order["order_id"]).encode(), b"999999999")
        assert (first.status, own_words) == (second.status, second.raw), theirs
        assert first.status >= 400
    assert api_world.orders_of(owner) == [(order["client_order_id"], "ACCEPTED")]


def test_the_staff_have_no_account_to_trade_on(api_world: ApiWorld, server: Server) -> None:
    for role in ("SUPPORT", "ADMIN"):
        person = api_world.person(role=role)
        answer = api_world.ask(server, "GET", OPEN, person.cookies)
        assert (answer.status, answer.code) == (404, "NO_ACCOUNT")


def test_an_expired_key_is_unknown(api_world: ApiWorld, uvicorn: Server) -> None:
    person = api_world.person(funded=False)
    assert api_world.ask(uvicorn, "GET", OPEN, person.bearer(expires_in=timedelta(hours=1))).status == 200
    assert api_world.ask(uvicorn, "GET", OPEN, person.bearer(expires_in=timedelta(seconds=-1))).code == "BAD_CREDENTIALS"


def test_a_key_is_good_from_its_own_addresses_only(api_world: ApiWorld) -> None:
    behind = server_of(api_world, "uvicorn", "behind", PROXY_COUNT="1")
    key = api_world.person(funded=False).bearer(networks="192.0.2.0/24 2001:db8::/32")
    for address, status in (("192.0.2.7", 200), ("2001:db8::7", 200), ("192.0.3.7", 403), ("2001:db9::7", 403)):
        answer = api_world.ask(behind, "GET", OPEN, {**key, "X-Forwarded-For": address})
        assert answer.status == status, address
    lying = {**key, "X-Forwarded-For": "192.0.2.7, 203.0.113.9"}
    # The last entry is the proxy's, the others are anybody's.
    assert api_world.ask(behind, "GET", OPEN, lying).code == "WRONG_ADDRESS"


def _end(api_world: ApiWorld, sql: str, *values: object) -> float:
    api_world.database.execute(sql, list(values))
    return time.monotonic()


@pytest.mark.parametrize("way", ["revoked", "expired", "inactive", "role", "logged out", "password", "inactive log-in"])
def test_whoever_was_let_out_is_refused_within_two_seconds(api_world: ApiWorld, server: Server, way: str) -> None:
    person = api_world.person(funded=False)
    headers = person.cookies if way in ("logged out", "password", "inactive log-in") else person.bearer()
    assert api_world.ask(server, "GET", OPEN, headers).status == 200
    asked = Until(lambda: api_world.ask(server, "GET", OPEN, headers), 401)
    until(lambda: asked.answers > 3, "it is in use all the time")
    ways = {
        "revoked": ("UPDATE accounts_apikey SET revoked_at = now() WHERE account_id = %s", person.account_id),
        "expired": ("UPDATE accounts_apikey SET expires_at = now() WHERE account_id = %s", person.account_id),
        "inactive": ("UPDATE accounts_user SET is_active = false WHERE id = %s", person.user_id),
        "role": ("UPDATE accounts_user SET role = 'SUPPORT' WHERE id = %s", person.user_id),
        "logged out": ("DELETE FROM django_session WHERE session_key = %s", person.session_key),
        "password": ("UPDATE accounts_user SET password = 'md5$new$0' WHERE id = %s", person.user_id),
        "inactive log-in": ("UPDATE accounts_user SET is_active = false WHERE id = %s", person.user_id),
    }
    ended_at = _end(api_world, *ways[way])
    taken_s = asked.within(10.0) - ended_at
    assert taken_s < REFUSED_WITHIN_S


def test_guessing_keys_is_limited_and_shuts_out_nobody_who_is_in(api_world: ApiWorld) -> None:
    guessed = server_of(api_world, "uvicorn", "guessed")
    key = api_world.person(funded=False).bearer()
    assert api_world.ask(guessed, "GET", OPEN, key).status == 200
    refused, started, known = None, time.monotonic(), 0
    for number in range(2000):
        answer = api_world.ask(guessed, "GET", OPEN, {"Authorization": f"Bearer tredye_aaaaaaaaaaaa_{number:043d}"})
        if answer.status == 429:
            refused = answer
            break
        assert answer.status == 401
        known += 1
        if number % 20 == 0:
            assert api_world.ask(guessed, "GET", OPEN, key).status in (200, 429)  # it stays in use; look-ups have a rate as well
    assert refused is not None
    assert refused.code == "TOO_FAST"
    assert int(refused.headers["retry-after"]) >= 1
    assert known <= 200 + 20 * (time.monotonic() - started) + 1
    until(lambda: api_world.ask(guessed, "GET", OPEN, key).status == 200, "the key that is in use is not shut out", within=2.0)


def test_a_use_is_noted_without_the_request_waiting_for_it(api_world: ApiWorld, uvicorn: Server) -> None:
    person = api_world.person(funded=False)
    key = person.bearer()
    api_world.ask(uvicorn, "GET", OPEN, key)

    def noted() -> object:
        row = api_world.database.execute(
            "SELECT last_used_at FROM accounts_apikey WHERE account_id = %s", [person.account_id]
        ).fetchone()
        return row and row[0]

    first = until(noted, "the use is written")
    for _ in range(3):
        api_world.ask(uvicorn, "GET", OPEN, key)
    time.sleep(6)  # the next look at what to write has passed
    assert noted() == first, "once a minute"


def test_a_host_that_is_not_ours_is_refused(api_world: ApiWorld, server: Server) -> None:
    answer = api_world.ask(server, "GET", OPEN, {**api_world.person(funded=False).bearer(), "Host": "evil.example"})
    assert (answer.status, answer.code) == (400, "BAD_HOST")
