"""axe-core finds nothing serious: every route of the matrix that answers with a page is shown to it, as a real browser has it."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.accessibility.axe import DESKTOP, PHONE, Made, judge, overflow, show, shown
from tests.authorization.matrix import ROUTES, Expect, Principal, Route, values_of
from tests.authorization.world import World, address_of, make_world
from tests.realtime.pages import chromium

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

#: Who is asked to open a page, in this order: the first that gets one.
PEOPLE = (Principal.OWNER, Principal.ANONYMOUS)
STAFF = (Principal.SUPPORT, Principal.ADMIN)
#: Pages named with a complaint.
SHOWN = 4


@pytest.fixture
def pages_of(
    django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path
) -> Callable[[tuple[Principal, ...]], list[Made]]:
    settings.ENGINE_URL = f"unix://{tmp_path}/nobody.sock"

    def made(readers: tuple[Principal, ...]) -> list[Made]:
        # Over before a browser looks at them: Postgres ends a transaction that idles.
        with django_db_blocker.unblock(), transaction.atomic():
            world = make_world()
            pages = [page for route in ROUTES if route.get is not None and (page := _open(world, route, readers)) is not None]
            transaction.set_rollback(True)
        return pages

    return made


def _open(world: World, route: Route, readers: tuple[Principal, ...]) -> Made | None:
    assert route.get is not None
    for reader in readers:
        if route.get[reader] is not Expect.ALLOWED:
            continue
        address = address_of(route, values_of(world))
        response = world.client(reader).get(address, **route.environ)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html") and b"<html" in response.content:
            return Made.of(address, reader.value, response)
    return None


def _complaints(pages: list[Made], size: dict[str, int]) -> str:
    """Each complaint once, with the pages that it was found on."""
    complaints = defaultdict(list)
    with chromium() as browser, shown(browser, size) as page:
        for made in pages:
            show(page, made)
            for complaint in judge(page, "dark") + judge(page, "light", ["color-contrast"]) + overflow(page):
                complaints[complaint].append(f"{made.address} as {made.asked_by}")
    return "\n".join(f"{complaint}\n    on {len(where)}: {', '.join(where[:SHOWN])}" for complaint, where in complaints.items())


def test_nothing_serious_on_a_customer_s_desktop(pages_of: Callable[[tuple[Principal, ...]], list[Made]]) -> None:
    pages = pages_of(PEOPLE)
    assert len(pages) > 40
    assert not (found := _complaints(pages, DESKTOP)), found


@pytest.mark.long
def test_nothing_serious_on_a_customer_s_phone(pages_of: Callable[[tuple[Principal, ...]], list[Made]]) -> None:
    assert not (found := _complaints(pages_of(PEOPLE), PHONE)), found


@pytest.mark.long
def test_nothing_serious_on_the_staff_s_pages(pages_of: Callable[[tuple[Principal, ...]], list[Made]]) -> None:
    pages = pages_of(STAFF)
    assert len(pages) > 40
    assert not (found := _complaints(pages, DESKTOP)), found


def test_a_page_that_is_wrong_is_found() -> None:
    html = b"<!doctype html><html lang=en><title>x</title><main><h1>x</h1><input><p style='color:#999'>faint</p></main>"
    with chromium() as browser, shown(browser, DESKTOP) as page:
        show(page, Made("/wrong/", "nobody", html, ""))
        assert {each.partition(":")[0] for each in judge(page, "light")} == {"label", "color-contrast"}
