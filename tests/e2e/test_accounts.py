"""The way in, in a real browser: the code from the mail, the app, recovery codes, a passkey, and the staff's first log-in."""

import json
import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import BrowserContext, Page, expect

from stack.cluster import Cluster
from tests.e2e.conftest import shoot
from tests.e2e.people import begin_sign_up, code_mailed, log_in, log_out, mails_to, new_address, sign_up, type_code
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.fixture
def key(context: BrowserContext, page: Page) -> Iterator[None]:
    """The browser has an authenticator with a finger on it."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield
    session.detach()


def code_of(secret: str, *, steps_later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps_later))


def set_up_app(page: Page) -> str:
    """Set up an app as the page asks for it; return its key. Recovery codes are shown afterwards."""
    page.goto("/settings/security/app/on/")
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Code that the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    return secret


def test_a_code_that_is_wrong_is_refused_and_another_can_be_sent(page: Page, cluster: Cluster) -> None:
    email = new_address()
    begin_sign_up(page, email)
    expect(page.get_by_role("main")).to_contain_text("web.log")
    shoot(page, "accounts-confirm")
    first = code_mailed(cluster, email)
    type_code(page, "0000-0000" if first != "0000-0000" else "0000-0001")
    expect(page.get_by_role("main")).to_contain_text("This is not the code")
    shoot(page, "accounts-confirm-wrong")
    since = time.monotonic()
    wait_until(lambda: time.monotonic() - since > 10.5, timeout_s=15)  # one mail in ten seconds is the limit
    page.get_by_role("button", name="Send another code").click()
    second = code_mailed(cluster, email, 2)
    type_code(page, second)
    expect(page).to_have_url(re.compile(r"/markets/"))
    expect(page.get_by_role("main")).to_contain_text("Your paper account is funded")


@pytest.mark.long
def test_a_mistyped_address_is_given_up_for_another(page: Page, cluster: Cluster) -> None:
    wrong, right = new_address(), new_address()
    begin_sign_up(page, wrong)
    page.get_by_role("button", name="Use another address").click()
    expect(page.get_by_role("heading", name="Sign up")).to_be_visible()
    begin_sign_up(page, right)
    type_code(page, code_mailed(cluster, right))
    expect(page).to_have_url(re.compile(r"/markets/"))


def test_an_app_and_a_recovery_code_log_in_and_a_used_one_does_not(page: Page, cluster: Cluster) -> None:
    email = sign_up(page, cluster)
    page.goto("/settings/security/")
    shoot(page, "accounts-security-bare")
    page.get_by_role("link", name="Set up an app").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    shoot(page, "accounts-confirm-password")
    page.get_by_label("Password", exact=True).fill("a long walk at dusk")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Set up an app")).to_be_visible()
    shoot(page, "accounts-app")
    secret = set_up_app(page)
    shoot(page, "accounts-recovery-codes")
    recovery = page.locator(".codes li").first.inner_text()
    wait_until(lambda: any("authenticator app was set up" in mail for mail in mails_to(cluster, email)))

    log_out(page)
    log_in(page, email)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    shoot(page, "accounts-second-step")
    page.get_by_label("Code of the app").fill("000000")
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("This code does not fit")
    page.get_by_text("are all gone?").click()
    shoot(page, "accounts-second-step-lost")
    page.get_by_label("Code of the app").fill(code_of(secret, steps_later=1))
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page).to_have_url(re.compile(r"/markets/"))

    for works in (True, False):
        log_out(page)
        log_in(page, email)
        page.get_by_label("Code of the app").fill(recovery)
        page.get_by_role("button", name="Log in", exact=True).click()
        if works:
            expect(page).to_have_url(re.compile(r"/markets/"))
            page.goto("/settings/security/")
            expect(page.get_by_role("main")).to_contain_text("9 unused")
            shoot(page, "accounts-security")
        else:
            expect(page.get_by_role("main")).to_contain_text("This code does not fit")


def test_a_passkey_is_added_and_logs_in_alone(page: Page, cluster: Cluster, key: None) -> None:
    sign_up(page, cluster)
    page.goto("/settings/security/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password", exact=True).fill("a long walk at dusk")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("main").get_by_label("Name").fill("Laptop")
    shoot(page, "accounts-passkey")
    page.get_by_role("button", name="Create the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("main")).to_contain_text("Logs in alone")
    shoot(page, "accounts-security-passkey")
    log_out(page)
    page.goto("/login/?next=/portfolio/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page).to_have_url(re.compile(r"/portfolio/$"))


@pytest.mark.long
def test_a_passkey_is_the_second_step_and_confirms_a_change(page: Page, cluster: Cluster, key: None) -> None:
    email = sign_up(page, cluster)
    page.goto("/settings/security/passkeys/add/")
    page.get_by_label("Password", exact=True).fill("a long walk at dusk")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Log in with this passkey alone").uncheck()
    page.get_by_role("button", name="Create the passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("main")).to_contain_text("After the password")
    log_out(page)
    log_in(page, email)
    shoot(page, "accounts-second-step-passkey")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile(r"/markets/"))
    page.goto("/settings/security/confirm/passkey/?next=/settings/security/")
    shoot(page, "accounts-confirm-passkey")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Security")).to_be_visible()
    page.get_by_role("link", name="Remove").click()
    shoot(page, "accounts-passkey-remove")
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("main")).to_contain_text("The passkey was removed")


def test_the_first_admin_sets_up_a_factor_and_comes_to_the_admin(page: Page, cluster: Cluster) -> None:
    users = {user["role"]: user for user in json.loads((cluster.settings.run / "demo-users.json").read_text())}
    page.goto("/admin/")
    page.get_by_label("E-mail address").fill(users["ADMIN"]["email"])
    page.get_by_label("Password", exact=True).fill(users["ADMIN"]["password"])
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Your role needs a second factor")
    shoot(page, "accounts-staff-first")
    page.get_by_role("link", name="Set up an app").click()
    set_up_app(page)
    page.get_by_role("link", name="I have kept them").click()
    shoot(page, "accounts-staff-set-up")
    assert page.get_by_role("link", name="Go on to where you wanted").get_attribute("href") == "/admin/"
    answer = page.request.get("/admin/")
    assert answer.url.endswith("/admin/")
    assert "Administration" in answer.text()


def test_a_log_in_that_is_ended_elsewhere_is_over(page: Page, cluster: Cluster, browser: object) -> None:
    email = sign_up(page, cluster)
    other = browser.new_context(base_url=cluster.web_url)  # type: ignore[attr-defined]
    elsewhere: Page = other.new_page()
    log_in(elsewhere, email)
    expect(elsewhere).to_have_url(re.compile(r"/markets/"))
    page.goto("/settings/security/")
    shoot(page, "accounts-log-ins")
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_role("main")).to_contain_text("That log-in has ended")
    elsewhere.goto("/portfolio/")
    expect(elsewhere).to_have_url(re.compile(r"/login/"))
    other.close()


def test_with_scripts_off_the_code_and_the_app_work(cluster: Cluster, browser: object) -> None:
    context = browser.new_context(base_url=cluster.web_url, java_script_enabled=False)  # type: ignore[attr-defined]
    page: Page = context.new_page()
    email = sign_up(page, cluster)
    page.goto("/settings/security/app/on/")
    page.get_by_label("Password", exact=True).fill("a long walk at dusk")
    page.get_by_role("button", name="Go on").click()
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Code that the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator(".codes li")).to_have_count(10)
    context.clear_cookies()
    page.goto("/login/")
    expect(page.get_by_role("button", name="Log in with a passkey")).to_be_disabled()
    log_in(page, email)
    page.get_by_label("Code of the app").fill(code_of(secret, steps_later=1))
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page).to_have_url(re.compile(r"/markets/"))
    context.close()
