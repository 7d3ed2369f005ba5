"""Every route, every principal: what the matrix says is what happens."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, path

from apps.accounts.models import User
from tests.authorization.matrix import NEVER_WERE, ROUTES, Expect, Principal, Route, Row, values_of
from tests.authorization.world import World, address_of, make_world, unlisted, walk
from tests.rolledback import rolled_back

CASES = [
    pytest.param(route, method, id=f"{method} /{route.path}")
    for route in ROUTES
    for method in ("GET", "POST")
    if (route.get if method == "GET" else route.post) is not None
]
POSTS = [pytest.param(route, id=f"/{route.path}") for route in ROUTES if route.post is not None and route.csrf]
SIGNED = [pytest.param(route, id=f"/{route.path}") for route in ROUTES if not route.csrf]
OBJECTS = [pytest.param(route, id=f"/{route.path}") for route in ROUTES if route.is_object]
STRICT = [pytest.param(route, id=f"/{route.path}") for route in ROUTES if route.strict_methods]


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Eight people with all their factors and keys take longer to make than most cases."""
    with rolled_back(django_db_blocker):
        yield make_world()


@pytest.fixture
def world(made_once: World, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[World]:
    """As it was made, whatever other cases did. The engine is away, so no case reaches the money."""
    settings.ENGINE_URL = f"unix://{tmp_path}/nobody.sock"
    with rolled_back(django_db_blocker):
        yield made_once


def send(client: Client, method: str, route: Route, values: dict[str, str]) -> HttpResponse:
    address = address_of(route, values)
    if method == "GET":
        return client.get(address, **route.environ)
    if method == "POST":
        body = {name: text.format(**values) for name, text in route.body.items()}
        return client.post(address, body, **route.environ)
    return client.generic(method, address, **route.environ)


def headers_of(response: HttpResponse) -> dict[str, str]:
    """All that does not name the single request."""
    return {name: value for name, value in response.items() if name not in ("Date", "X-Request-ID")}


def judged(response: Any) -> Expect | int:
    """What an answer amounts to: an :class:`Expect`, or the status when it is none of them."""
    # The page's own pages lead back there, and so does the log-in of somebody who has to go there.
    elsewhere = not response.request["PATH_INFO"].startswith(("/settings/security/", "/login/", "/signup/"))
    if response.status_code == 302 and elsewhere and response["Location"].partition("?")[0] == "/settings/security/":
        return Expect.SECOND_FACTOR
    if response.status_code == 401 or (response.status_code == 302 and response["Location"].partition("?")[0] == "/login/"):
        return Expect.LOGIN
    if response.status_code == 404:
        return Expect.MISSING
    if response.status_code == 403:
        return Expect.FORBIDDEN
    refused = response.status_code == 405 or (response.status_code >= 500 and response.status_code != 503)
    return response.status_code if refused else Expect.ALLOWED


def row_of(route: Route, method: str) -> Row:
    row = route.get if method == "GET" else route.post
    assert row is not None
    return row


def test_every_route_is_in_the_matrix_and_the_matrix_invents_none() -> None:
    assert unlisted(list(walk()), ROUTES) == ([], [])


def test_a_new_route_that_nobody_listed_fails() -> None:
    def view(request: object) -> HttpResponse:
        return HttpResponse()

    planted: URLPattern = path("secret/", view)
    assert unlisted([*walk(), str(planted.pattern)], ROUTES) == (["secret/"], [])


@pytest.mark.parametrize(("route", "method"), CASES)
def test_everyone_gets_what_the_matrix_says(world: World, route: Route, method: str) -> None:
    got = {principal: judged(send(world.client(principal), method, route, values_of(world))) for principal in Principal}
    assert got == row_of(route, method)


@pytest.mark.parametrize("route", OBJECTS)
def test_somebody_else_s_object_and_one_that_never_was_answer_alike(world: World, route: Route) -> None:
    for method in ("GET", "POST"):
        if (route.get if method == "GET" else route.post) is None:
            continue
        client = world.client(Principal.OTHER)
        theirs, never = send(client, method, route, values_of(world)), send(client, method, route, NEVER_WERE)
        assert theirs.status_code == never.status_code == 404
        assert theirs.content == never.content
        assert headers_of(theirs) == headers_of(never)


@pytest.mark.parametrize("route", POSTS)
def test_a_post_without_the_right_token_is_refused(world: World, route: Route) -> None:
    for principal in (Principal.ANONYMOUS, Principal.OWNER):
        client = world.client(principal, csrf=True)
        assert send(client, "POST", route, values_of(world)).status_code == 403
        client.cookies["csrftoken"] = "a" * 32
        wrong = client.post(address_of(route, values_of(world)), {**route.body, "csrfmiddlewaretoken": "b" * 32})
        assert wrong.status_code == 403


@pytest.mark.parametrize("route", SIGNED)
def test_a_post_to_a_signed_address_needs_no_token_and_knows_nobody(world: World, route: Route) -> None:
    for principal in (Principal.ANONYMOUS, Principal.OTHER):
        client = world.client(principal, csrf=True)
        assert judged(send(client, "POST", route, values_of(world))) is Expect.ALLOWED
        assert judged(send(client, "POST", route, NEVER_WERE)) is Expect.MISSING


@pytest.mark.parametrize("route", STRICT)
def test_other_methods_are_not_allowed(world: World, route: Route) -> None:
    client = world.client(Principal.OWNER)
    forbidden = {"PUT", "PATCH", "DELETE"}
    forbidden |= {"GET"} if route.get is None else set()
    forbidden |= {"POST"} if route.post is None else set()
    got = {method: send(client, method, route, values_of(world)).status_code for method in sorted(forbidden)}
    assert got == dict.fromkeys(sorted(forbidden), 405)


def test_a_sign_up_form_sets_nothing_that_it_does_not_show(world: World) -> None:
    hidden = {"role": "ADMIN", "is_staff": "on", "is_superuser": "on", "is_active": "", "status": "ACTIVE", "balance": "1000000"}
    hidden |= {"verified": "on", "primary": "on"}
    Client().post("/signup/", {"email": "new@example.com", "password1": "correct horse battery", **hidden})
    created = User.objects.get(email="new@example.com")
    assert not EmailAddress.objects.get(user=created).verified
    assert (created.role, created.is_staff, created.is_superuser, created.is_active) == ("CUSTOMER", False, False, True)
