"""The Content-Security-Policy in a real browser: no page, and no part of one, does anything that it forbids; and what it forbids
is not done, however it came to stand in a page."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page

from tests.accessibility.axe import DESKTOP, Made, show_plain, shown
from tests.authorization.matrix import Principal
from tests.realtime.pages import chromium

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

PEOPLE = (Principal.OWNER, Principal.ANONYMOUS)
STAFF = (Principal.ADMIN, Principal.SUPPORT)
#: Before any script of the page: what the policy stops, and a sign that something ran.
LISTEN = """
window.violations = []; window.ran = [];
window.alert = (text) => window.ran.push(String(text));
document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile, lineNumber, sample }) =>
  window.violations.push(`${effectiveDirective} ${blockedURI} ${sourceFile}:${lineNumber} ${sample}`));
"""
NEEDED = {
    "default-src": "'self'", "script-src": "'self'", "style-src": "'self'", "object-src": "'none'", "base-uri": "'none'",
    "form-action": "'self'", "frame-ancestors": "'none'",
}  # fmt: skip


def violations(page: Page, made: Made) -> list[str]:
    show_plain(page, made)
    # A violation is told in a task of its own, and scripts that the page defers have run by now.
    page.evaluate("() => new Promise((done) => setTimeout(done, 0))")
    return [f"{made.address} as {made.asked_by}: {each}" for each in page.evaluate("window.violations")]


def as_pages(parts: list[Made]) -> list[Made]:
    """A part of a page, for itself."""
    head = b"<!doctype html><html lang=en><title>part</title><main>"
    return [replace(made, html=head + made.html) for made in parts]


STAFF_TOO = pytest.param(STAFF, marks=pytest.mark.long, id="staff")


@pytest.mark.parametrize("readers", [pytest.param(PEOPLE, id="customers"), STAFF_TOO])
def test_no_page_and_no_part_of_one_does_what_the_policy_forbids(
    pages_of: Callable[..., list[Made]], readers: tuple[Principal, ...]
) -> None:
    pages = pages_of(readers)
    parts = as_pages(pages_of(readers, parts=True))
    assert len(pages) > 40 and (len(parts) > 5 or readers is STAFF)
    found = []
    with chromium() as browser, shown(browser, DESKTOP) as page:
        page.add_init_script(LISTEN)
        for made in [*pages, *parts]:
            assert policy_of(made).items() >= NEEDED.items(), made.address
            assert "unsafe" not in made.policy and "*" not in made.policy, made.policy
            found += violations(page, made)
    assert found == []


def policy_of(made: Made) -> dict[str, str]:
    return dict(part.strip().partition(" ")[::2] for part in made.policy.split(";"))


PLANTED = {
    "a script in the page": b"<script>alert('script')</script>",
    "a handler": b"<img src=/static/none.png onerror=\"alert('handler')\">",
    "a style": b"<p style='color:red'>x</p>",
    "a script of somebody else's": b"<script src='https://evil.example/x.js'></script>",
    "an object": b"<object data='/static/x.swf'></object>",
    "a base": b"<base href='https://evil.example/'>",
}


def test_what_is_planted_in_a_page_is_stopped_and_told(pages_of: Callable[..., list[Made]]) -> None:
    login = next(made for made in pages_of((Principal.ANONYMOUS,)) if made.address == "/login/")
    with chromium() as browser, shown(browser, DESKTOP) as page:
        page.add_init_script(LISTEN)
        for what, html in PLANTED.items():
            spoiled = replace(login, html=login.html.replace(b"</main>", html + b"</main>"))
            assert violations(page, spoiled), what
            assert page.evaluate("window.ran") == [], what
        free = replace(login, html=login.html.replace(b"</main>", PLANTED["a script in the page"] + b"</main>"), policy="")
        assert violations(page, free) == [] and page.evaluate("window.ran") == ["script"], "without the policy it runs"
