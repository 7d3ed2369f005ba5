"""Every route below ``/api/``, every program: what the authorization matrix says is what happens."""

import uuid
from typing import Any

import pytest

from apps.api.asgi import ROUTES, Route
from tests.api.test_account import a_pair
from tests.api.world import ApiWorld, Person, an_order
from tests.authorization.matrix import Expect
from tests.authorization.matrix_api import API_ROUTES, ApiRoute, Program
from tests.realtime.conftest import Server

FOREIGN = {"Origin": "https://evil.example"}


def unlisted(routes: tuple[Route, ...]) -> tuple[set[str], set[str]]:
    """Routes that the matrix lacks, and routes that only the matrix has."""
    there, listed = {f"{route.method} {route.name}" for route in routes}, {each.route for each in API_ROUTES}
    return there - listed, listed - there


def test_every_route_is_in_the_matrix_and_the_matrix_invents_none() -> None:
    assert unlisted(ROUTES) == (set(), set())


def test_a_new_route_that_nobody_listed_fails() -> None:
    planted = Route("POST", "/api/v1/secret", ROUTES[0].handler, trades=True)
    assert unlisted((*ROUTES, planted)) == ({"POST /api/v1/secret"}, set())


def headers_of(world: ApiWorld, owner: Person, other: Person) -> dict[Program, dict[str, str]]:
    revoked = owner.bearer()
    world.database.execute(
        "UPDATE accounts_apikey SET revoked_at = now() WHERE prefix = %s", [revoked["Authorization"].split("_")[1]]
    )
    return {
        Program.NOBODY: {},
        Program.LOG_IN: owner.page,
        Program.TRADE_KEY: owner.bearer("TRADE"),
        Program.READ_KEY: owner.bearer("READ"),
        Program.OTHER_KEY: other.bearer("TRADE"),
        Program.OTHER_LOG_IN: other.page,
        Program.REVOKED_KEY: revoked,
        Program.STAFF_LOG_IN: world.person(role="SUPPORT").page,
        Program.FORGED: {**owner.page, **FOREIGN},
    }


def judged(answer: Any) -> Expect | int:
    """What an answer amounts to. 404 tells of an order or an account that is missing; whatever else there is to say is let in."""
    if answer.status == 401:
        return Expect.LOGIN
    if answer.status == 404 and answer.code in ("UNKNOWN_ORDER", "NO_ACCOUNT"):
        return Expect.MISSING
    if answer.status == 403 and answer.code != "NOT_ALLOWED":  # the engine's word is no word of this door
        return Expect.FORBIDDEN
    return Expect.ALLOWED if answer.status in (200, 400, 403, 409) else int(answer.status)


def filled_in(body: Any, values: dict[str, Any]) -> Any:
    """``body`` with what its texts name in braces."""
    if isinstance(body, dict):
        return {key: filled_in(value, values) for key, value in body.items()}
    return body.format(**values) if isinstance(body, str) else body


@pytest.mark.processes
@pytest.mark.parametrize("case", API_ROUTES, ids=lambda case: case.route)
def test_everyone_gets_what_the_matrix_says(api_world: ApiWorld, server: Server, case: ApiRoute) -> None:
    owner, other = api_world.person(), api_world.person()
    programs = headers_of(api_world, owner, other)
    got = {}
    for program, headers in programs.items():
        name = uuid.uuid4().hex  # an order of its own for each, for some of them cancel it
        placed = api_world.ask(server, "POST", "/api/v1/orders", programs[Program.TRADE_KEY], an_order(name)).json
        if "/pairs/" in case.route:
            name = uuid.uuid4().hex
            api_world.ask(server, "POST", "/api/v1/pairs", programs[Program.TRADE_KEY], a_pair(name))
        values = {"order_id": placed["order_id"], "client_order_id": name}
        method, _, path = case.route.partition(" ")
        body = filled_in(case.body, values)
        got[program] = judged(api_world.ask(server, method, path.format(**values), headers, body))
    assert got == case.row
    mine = [name for name, _ in api_world.orders_of(other) if name != "m" and "." not in name]
    assert mine == [], "nothing of the owner's became somebody else's"
