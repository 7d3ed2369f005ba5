"""The staff's way in: role, a second factor shown by this very log-in, and not too long ago."""

import io
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from apps.accounts.models import User
from apps.core.enums import Role
from tests.builders import PASSWORD
from tests.cached import clear_cache
from tests.pages import PARTIAL, client_of
from tests.staff import make_passkey, make_staff

HOURS = 3600


@pytest.fixture(autouse=True)
def _cache(db: None) -> None:
    clear_cache()


@pytest.fixture
def admin() -> User:
    return make_staff("admin@example.com", Role.ADMIN)


def by_password_alone(user: User) -> Client:
    """A log-in from before the second factor was set up."""
    Authenticator.objects.filter(user=user).delete()
    client = client_of(user)
    TOTP.activate(user, generate_totp_secret())
    return client


def test_a_factor_that_this_log_in_has_not_shown_does_not_count(admin: User) -> None:
    assert client_of(admin).get("/admin/").status_code == 200
    client = by_password_alone(admin)
    assert client.get("/admin/")["Location"] == "/settings/security/confirm/code/?next=%2Fadmin%2F"


def test_the_pages_of_the_staff_close_after_twelve_hours_until_the_factor_is_shown_again(admin: User) -> None:
    secret = generate_totp_secret()
    Authenticator.objects.filter(user=admin).delete()
    TOTP.activate(admin, secret)
    assert client_of(admin, seconds_ago=11 * HOURS).get("/admin/").status_code == 200
    old = client_of(admin, seconds_ago=13 * HOURS)
    first = old.get("/admin/")["Location"]
    assert first == "/settings/security/confirm/code/?next=%2Fadmin%2F"
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert old.post("/settings/security/confirm/code/", {"code": code, "next": "/admin/"})["Location"] == "/admin/"
    assert old.get("/admin/").status_code == 200


def test_whoever_has_a_passkey_alone_is_asked_for_it(admin: User) -> None:
    Authenticator.objects.filter(user=admin).delete()
    make_passkey(admin)
    old = client_of(admin, seconds_ago=13 * HOURS)
    first = old.get("/admin/")["Location"]
    assert first == "/settings/security/confirm/passkey/?next=%2Fadmin%2F"
    assert old.get(first).status_code == 200


def test_taking_the_last_factor_off_closes_the_pages_at_once(admin: User) -> None:
    client = client_of(admin)
    assert client.get("/admin/").status_code == 200
    client.post("/settings/security/app/off/")
    assert client.get("/admin/")["Location"] == "/settings/security/?next=%2Fadmin%2F"


def test_a_fragment_is_told_to_load_the_page_that_asks(admin: User) -> None:
    client = by_password_alone(admin)
    answer = client.get("/admin/", headers={**PARTIAL, "HX-Current-URL": "http://testserver/admin/"})
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/settings/security/confirm/code/?next=%2Fadmin%2F"


def test_a_further_factor_shows_nothing_for_a_log_in_that_has_not_shown_the_first(
    admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.db.transaction.on_commit", lambda call, **_: call())
    client = by_password_alone(admin)
    assert client.get("/settings/security/passkeys/add/")["Location"].startswith("/settings/security/confirm/code/")
    by_password = client.post("/settings/security/confirm/", {"password": PASSWORD})
    assert by_password["Location"].startswith("/settings/security/confirm/code/")
    assert client.get("/admin/").status_code == 302


def test_the_first_log_in_leads_to_the_factor_and_on_to_where_one_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.transaction.on_commit", lambda call, **_: call())
    user = make_staff("new@example.com", Role.ADMIN, second_factor=False)
    client = Client()
    assert client.get("/admin/")["Location"] == "/login/?next=%2Fadmin%2F"
    back = client.post("/login/", {"login": user.email, "password": PASSWORD, "next": "/admin/"})
    assert back["Location"] == "/admin/"
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain == [("/settings/security/?next=%2Fadmin%2F", 302)]
    assert "Your role needs a second factor" in page.content.decode()
    form = client.get("/settings/security/app/on/").context["form"]
    code = format_hotp_value(hotp_value(form.secret, int(time.time()) // 30))
    assert client.post("/settings/security/app/on/", {"code": code}).status_code == 302
    assert 'href="/admin/">Go on' in client.get("/settings/security/").content.decode()
    assert client.get("/admin/").status_code == 200


def test_nobody_is_led_off_the_site(admin: User) -> None:
    client = client_of(admin)
    assert 'href="https://evil' not in client.get("/settings/security/?next=https://evil.example/").content.decode()


@pytest.mark.parametrize(("role", "page"), [(Role.ADMIN, "/admin/"), (Role.CUSTOMER, "/markets/")])
def test_a_log_in_comes_to_the_page_of_the_role(role: Role, page: str) -> None:
    user = make_staff("somebody@example.com", role, second_factor=False)
    answer = Client().post("/login/", {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == ("/markets/" if role is Role.CUSTOMER else "/settings/security/")
    TOTP.activate(user, secret := generate_totp_secret())
    client = Client()
    client.post("/login/", {"login": user.email, "password": PASSWORD})
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post("/login/second-factor/", {"code": code})["Location"] == page


def test_only_the_staff_see_their_links(admin: User) -> None:
    customer = client_of(make_staff("customer@example.com", Role.CUSTOMER, second_factor=False))
    for client, seen in ((client_of(admin), True), (customer, False), (Client(), False)):
        assert ('href="/admin/"' in client.get("/markets/").content.decode()) is seen


# --- commands -----------------------------------------------------------------------------------------------------------


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_create_staff_prints_a_link_that_sets_the_password_once() -> None:
    out = run("create_staff", "ada@example.com", "--role", "SUPPORT")
    user = User.objects.get(email="ada@example.com")
    assert (user.role, user.is_staff, user.has_usable_password()) == ("SUPPORT", False, False)
    path = "/" + out.strip().rsplit(" ", 1)[1].split("/", 3)[3]
    for works in (True, False):
        client = Client()
        form = client.get(path, follow=True)
        assert ("Choose a new password" in form.content.decode()) is works
        if works:
            passwords = {"password1": "a long walk at dusk", "password2": "a long walk at dusk"}
            assert client.post(form.redirect_chain[-1][0], passwords).status_code == 302
    answer = Client().post("/login/", {"login": "ada@example.com", "password": "a long walk at dusk"})
    assert answer["Location"] == "/settings/security/"


def test_create_staff_reads_the_password_from_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError, match="too short"):
        run("create_staff", "ada@example.com", "--role", "ADMIN", "--password")
    monkeypatch.setattr("sys.stdin", io.StringIO("a long walk at dusk\n"))
    out = run("create_staff", "ada@example.com", "--role", "ADMIN", "--password")
    assert "dusk" not in out
    user = User.objects.get(email="ada@example.com")
    assert (user.role, user.is_staff, user.check_password("a long walk at dusk")) == ("ADMIN", True, True)
    with pytest.raises(CommandError, match="already exists"):
        run("create_staff", "ada@example.com", "--role", "SUPPORT")


def test_django_s_own_command_makes_an_admin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a long walk at dusk")
    run("createsuperuser", "--noinput", "--email", "root@example.com")
    answer = Client().post("/login/", {"login": "root@example.com", "password": "a long walk at dusk"})
    assert answer["Location"] == "/settings/security/"


def test_reset_second_factor_lets_the_locked_out_in_by_password(admin: User, caplog: Any) -> None:
    client = Client()
    client.post("/login/", {"login": admin.email, "password": PASSWORD})
    assert client.get("/markets/").status_code == 200
    with pytest.raises(CommandError, match="must say why"):
        run("reset_second_factor", admin.email, "--reason", "because")
    out = run("reset_second_factor", admin.email, "--reason", "phone stolen, known by voice and passport")
    assert "1 factors removed" in out
    assert "phone stolen" in caplog.text
    assert mail.outbox[-1].to == [admin.email]
    assert Client().post("/login/", {"login": admin.email, "password": PASSWORD})["Location"] == "/settings/security/"
