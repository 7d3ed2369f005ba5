"""The pages that a real browser is shown."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.accessibility.axe import Made
from tests.authorization.matrix import ROUTES, Expect, Principal, Route, values_of
from tests.authorization.world import World, address_of, make_world


@pytest.fixture
def pages_of(django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Callable[..., list[Made]]:
    """What every address of the matrix shows to the first of some readers who gets something: whole pages, or parts of pages."""
    settings.ENGINE_URL = f"unix://{tmp_path}/nobody.sock"

    def made(readers: tuple[Principal, ...], *, parts: bool = False) -> list[Made]:
        # Over before a browser looks at them: Postgres ends a transaction that idles.
        with django_db_blocker.unblock(), transaction.atomic():
            world = make_world()
            asked = [_open(world, route, readers, parts) for route in ROUTES if route.get is not None]
            transaction.set_rollback(True)
        return [page for page in asked if page is not None]

    return made


def _open(world: World, route: Route, readers: tuple[Principal, ...], parts: bool) -> Made | None:
    assert route.get is not None
    for reader in readers:
        if route.get[reader] is not Expect.ALLOWED:
            continue
        address = address_of(route, values_of(world))
        response = world.client(reader).get(address, **route.environ)
        is_shown = response.status_code == 200 and response["Content-Type"].startswith("text/html")
        if is_shown and (b"<html" in response.content) is not parts:
            return Made.of(address, reader.value, response)
    return None
