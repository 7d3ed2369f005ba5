"""axe-core finds nothing serious: every route of the matrix that answers with a page is shown to it, as a real browser has it."""

from collections import defaultdict
from collections.abc import Callable

import pytest

from tests.accessibility.axe import DESKTOP, PHONE, Made, judge, overflow, show, shown
from tests.authorization.matrix import Principal
from tests.realtime.pages import chromium

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

#: Who is asked to open a page, in this order: the first that gets one.
PEOPLE = (Principal.OWNER, Principal.ANONYMOUS)
STAFF = (Principal.SUPPORT, Principal.ADMIN)
#: Pages named with a complaint.
SHOWN = 4


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
