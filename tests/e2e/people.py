"""What people do at the door: sign up, read the mail, type the code."""

import re
import secrets

from playwright.sync_api import Page, expect

from stack.cluster import Cluster
from tests.waiting import wait_until

PASSWORD = "a long walk at dusk"


def mails_to(cluster: Cluster, email: str) -> list[str]:
    """The mails to ``email`` that the console backend has printed, oldest first."""
    text = cluster.settings.log("web").read_text()
    return [part for part in text.split("Content-Type: text/plain")[1:] if f"To: {email}" in part]


def code_mailed(cluster: Cluster, email: str, count: int = 1) -> str:
    """The code in the ``count``-th mail to ``email``."""
    wait_until(lambda: len(mails_to(cluster, email)) >= count)
    found = re.search(r"\b(\d{4}-\d{4})\b", mails_to(cluster, email)[count - 1])
    assert found, mails_to(cluster, email)
    return found[1]


def begin_sign_up(page: Page, email: str) -> None:
    page.goto("/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Confirm your address")).to_be_visible()


def type_code(page: Page, code: str) -> None:
    page.get_by_label("Code from the mail").fill(code)
    page.get_by_role("button", name="Confirm").click()


def new_address() -> str:
    return f"ada-{secrets.token_hex(4)}@example.com"


def sign_up(page: Page, cluster: Cluster) -> str:
    """Sign up as somebody new; logged in and on the markets afterwards. Returns the address."""
    email = new_address()
    begin_sign_up(page, email)
    type_code(page, code_mailed(cluster, email))
    expect(page).to_have_url(re.compile(r"/markets/"))
    return email


def log_out(page: Page) -> None:
    page.locator("[data-menu] summary").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in").first).to_be_visible()


def log_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()


def place(page: Page, kind: str, quantity: str, price: str | None = None) -> None:
    """Send the ticket of an instrument's page, and see what became of it."""
    ticket = page.locator("[data-ticket]")
    ticket.get_by_text(kind, exact=True).click()
    ticket.locator("#ticket-quantity").fill(quantity)
    if price is not None:
        ticket.locator("#ticket-price").fill(price)
    ticket.locator("[data-ticket-submit]").click()
    # A machine that is busy with everything else may bring its prices late: then the person is asked, and says yes.
    # Without scripts the answer is the order's own page.
    settled = page.locator("#order-result > .result:not(.result-question), .orders-timeline")
    question = page.locator("#order-question [data-ticket-submit]")
    for _ in range(10):
        expect(settled.or_(question).first).to_be_visible()
        if settled.count():
            break
        # What the page showed is known: only its age or a move is a reason to ask.
        expect(page.locator("#order-question")).not_to_contain_text("no price")
        question.click()
