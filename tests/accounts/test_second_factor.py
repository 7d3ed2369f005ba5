"""Second factors: set up, shown at the log-in, used once, taken off, and kept so that a copy of the database opens nothing."""

import json
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from apps.accounts.models import User
from apps.accounts.second_factor import encrypt_anew
from apps.web.account_forms import PASSKEYS_MAX
from tests.builders import PASSWORD, make_user
from tests.cached import clear_cache
from tests.pages import client_of
from tests.passkeys import Passkey
from tests.staff import make_passkey
from tests.waiting import wait_until

EMAIL = "carol@tredye.example"
STATIC_JSON = re.compile(r'<script id="passkey-options" type="application/json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def carol(db: None) -> User:
    clear_cache()
    return make_user(EMAIL)


@pytest.fixture
def secret(carol: User) -> str:
    """Carol's app."""
    made = generate_totp_secret()
    TOTP.activate(carol, made)
    return made


def code_of(secret: str, *, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def log_in(client: Client | None = None, **extra: Any) -> Client:
    client = client or Client(**extra)
    assert client.post("/login/", {"login": EMAIL, "password": PASSWORD}, **extra).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/settings/security/").status_code == 200


def second_step(client: Client, code: str) -> bool:
    client.post("/login/second-factor/", {"code": code})
    return is_in(client)


def options_on(page: Any) -> dict[str, Any]:
    found = STATIC_JSON.search(page.content.decode())
    assert found
    answer: dict[str, Any] = json.loads(found[1])
    return answer


# --- the app ------------------------------------------------------------------------------------------------------------


def test_the_app_is_set_up_with_a_code_of_it_and_asked_for_from_then_on(carol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    # The test's own transaction is never committed; what waits for the commit is done at once, still in the request.
    monkeypatch.setattr("django.db.transaction.on_commit", lambda call, **_: call())
    client = log_in()
    assert is_in(client)
    shown = re.search(r'class="secret">([A-Z2-7]+)<', client.get("/settings/security/app/on/").content.decode())
    assert shown
    refused = client.post("/settings/security/app/on/", {"code": "000000"})
    assert "does not fit" in refused.content.decode()
    done = client.post("/settings/security/app/on/", {"code": code_of(shown[1])})
    assert done["Location"] == "/settings/security/recovery-codes/"
    assert "authenticator app was set up" in str(mail.outbox[-1].body)
    assert client.get(done["Location"]).content.decode().count("<li>") >= 10
    again = log_in()
    assert not is_in(again)
    assert second_step(again, code_of(shown[1], steps=1))


def test_a_code_is_good_once_and_half_a_minute_late(secret: str) -> None:
    wait_until(lambda: time.time() % 30 < 20, what="half a minute that does not end meanwhile")
    late, early = code_of(secret, steps=-1), code_of(secret, steps=-3)
    assert not second_step(log_in(), early)
    assert second_step(log_in(), late)
    assert not second_step(log_in(), late)


def test_a_used_code_stays_used_when_allauth_has_forgotten_it(secret: str, carol: User) -> None:
    code = code_of(secret, steps=1)
    assert second_step(log_in(), code)
    cache.delete(f"allauth.mfa.totp.used?user={carol.pk}&code={code}")
    assert not second_step(log_in(), code)


def test_a_recovery_code_is_good_once(secret: str, carol: User) -> None:
    codes = RecoveryCodes.activate(carol).generate_codes()
    assert second_step(log_in(), codes[3])
    assert not second_step(log_in(), codes[3])
    assert second_step(log_in(), codes[4])
    assert "8 unused" in client_of(carol).get("/settings/security/").content.decode()


def test_guessing_is_over_after_five_wrong_codes(secret: str) -> None:
    client = log_in()
    for _ in range(5):
        client.post("/login/second-factor/", {"code": "000000"})
    answer = client.post("/login/second-factor/", {"code": code_of(secret)})
    assert "Too many attempts" in answer.content.decode()
    assert not is_in(client)


def test_without_redis_no_code_is_tried(secret: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.cache import caches

    client = log_in()
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    saved = caches["default"]
    caches["default"] = caches.create_connection("default")
    try:
        client.raise_request_exception = False
        assert client.post("/login/second-factor/", {"code": code_of(secret)}).status_code == 503
        visitor = Client(raise_request_exception=False)
        assert visitor.get("/login/passkey/", headers={"Accept": "application/json"}).status_code == 503
        assert not is_in(client)
    finally:
        caches["default"] = saved


# --- who asks, once more ------------------------------------------------------------------------------------------------

CHANGES = ["/settings/security/app/on/", "/settings/security/passkeys/add/", "/settings/security/recovery-codes/new/"]


@pytest.mark.parametrize("path", CHANGES)
def test_an_old_log_in_shows_the_password_before_it_changes_anything(path: str, carol: User) -> None:
    assert client_of(carol).get(path).status_code == 200
    old = client_of(carol, seconds_ago=301)
    assert old.get(path)["Location"] == f"/settings/security/confirm/?next={path.replace('/', '%2F')}"
    assert "incorrect" in old.post("/settings/security/confirm/", {"password": "wrong", "next": path}).content.decode().lower()
    assert old.post("/settings/security/confirm/", {"password": PASSWORD, "next": path})["Location"] == path
    assert old.get(path).status_code == 200


def test_whoever_has_a_factor_shows_it_and_the_password_is_not_enough(secret: str, carol: User) -> None:
    old = client_of(carol, seconds_ago=301)
    assert old.get("/settings/security/app/off/")["Location"].startswith("/settings/security/confirm/code/")
    by_password = old.post("/settings/security/confirm/", {"password": PASSWORD})
    assert by_password["Location"].startswith("/settings/security/confirm/code/")
    old.post("/settings/security/app/off/")
    assert Authenticator.objects.filter(user=carol, type="totp").exists()
    shown = old.post("/settings/security/confirm/code/", {"code": code_of(secret), "next": "/settings/security/app/off/"})
    assert shown["Location"] == "/settings/security/"  # what was asked for before is done now
    assert not Authenticator.objects.filter(user=carol).exists()
    assert "turned off" in str(mail.outbox[-1].body)
    assert is_in(log_in())


# --- passkeys -----------------------------------------------------------------------------------------------------------


def secure(person: User | None = None) -> Client:
    """A client over https; of somebody who has just logged in."""
    client = client_of(person) if person else Client()
    client.defaults["wsgi.url_scheme"] = "https"
    return client


def add(client: Client, passkey: Passkey, **form: str) -> Any:
    options = options_on(client.get("/settings/security/passkeys/add/"))
    body = {"name": "Laptop", "passwordless": "on", "credential": json.dumps(passkey.create(options)), **form}
    return client.post("/settings/security/passkeys/add/", body)


def log_in_by(passkey: Passkey, **form: str) -> Client:
    client = secure()
    options = client.get("/login/passkey/", headers={"Accept": "application/json"}).json()["request_options"]
    client.post("/login/passkey/", {"credential": json.dumps(passkey.get(options)), **form})
    return client


def test_a_passkey_is_added_named_anew_used_alone_and_removed(carol: User) -> None:
    client, passkey = secure(carol), Passkey()
    assert add(client, passkey)["Location"] == "/settings/security/recovery-codes/"
    row = Authenticator.objects.get(user=carol, type="webauthn")
    assert is_in(log_in_by(passkey))
    assert not is_in(log_in_by(Passkey()))
    client.post(f"/settings/security/passkeys/{row.pk}/rename/", {"name": "Blue key"})
    assert "Blue key" in client.get("/settings/security/").content.decode()
    assert client.post(f"/settings/security/passkeys/{row.pk}/remove/")["Location"] == "/settings/security/"
    assert not Authenticator.objects.filter(user=carol).exists()
    assert not is_in(log_in_by(passkey))
    assert [message.subject for message in mail.outbox] == ["A passkey was added", "A passkey was removed"]


def test_a_passkey_whose_owner_wants_the_password_too_does_not_log_in_alone(carol: User) -> None:
    passkey = Passkey()
    add(secure(carol), passkey, passwordless="")
    assert "After the password." in client_of(carol).get("/settings/security/").content.decode()
    alone = log_in_by(passkey)
    assert not is_in(alone)
    assert "good after the password" in alone.get("/login/").content.decode()
    client = log_in(secure())
    answer = passkey.get(options_on(client.get("/login/second-factor/")))
    client.post("/login/second-factor/", {"credential": json.dumps(answer)})
    assert is_in(client)


@pytest.mark.parametrize("extensions", [None, 5, "x", [], {"credProps": None}])
def test_what_the_browser_says_of_the_device_decides_nothing(extensions: Any, carol: User) -> None:
    client, passkey = secure(carol), Passkey()
    credential = passkey.create(options_on(client.get("/settings/security/passkeys/add/")))
    body = {"name": "x", "credential": json.dumps({**credential, "clientExtensionResults": extensions})}
    client.post("/settings/security/passkeys/add/", body)
    assert not is_in(log_in_by(passkey))


@pytest.mark.parametrize("path", ["/settings/security/app/on/", "/settings/security/recovery-codes/"])
def test_a_page_that_shows_a_secret_is_kept_by_no_cache(path: str, carol: User) -> None:
    if "codes" in path:
        make_passkey(carol)
        RecoveryCodes.activate(carol)
    answer = client_of(carol).get(path)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_a_passkey_is_the_second_step_after_the_password(carol: User) -> None:
    passkey = Passkey()
    make_passkey(carol, passkey)
    client = secure()
    client.post("/login/", {"login": EMAIL, "password": PASSWORD})
    answer = passkey.get(options_on(client.get("/login/second-factor/")))
    client.post("/login/second-factor/", {"credential": json.dumps(answer)})
    assert is_in(client)


def test_an_answer_to_another_challenge_opens_nothing(carol: User) -> None:
    passkey = Passkey()
    make_passkey(carol, passkey)
    client = secure()
    first = client.get("/login/passkey/", headers={"Accept": "application/json"}).json()["request_options"]
    client.get("/login/passkey/", headers={"Accept": "application/json"})
    client.post("/login/passkey/", {"credential": json.dumps(passkey.get(first))})
    assert not is_in(client)


@pytest.mark.parametrize(
    "credential",
    ["", "x", "[]", "1", "null", '"a"', "{}", '{"id": 1}', '{"id": "a", "rawId": "a", "response": {}, "type": "public-key"}',
     '{"id": "a", "rawId": "a", "response": 5, "type": "public-key"}', "[" * 500, "[" * 60_000,
     '{"id":"YQ","rawId":"YQ","type":"public-key","response":{"clientDataJSON":"YQ","authenticatorData":"YQ","signature":"YQ"}}'],
)  # fmt: skip
def test_nonsense_is_refused_and_no_error_of_ours(credential: str, carol: User) -> None:
    make_passkey(carol)
    visitor = secure()
    visitor.get("/login/passkey/", headers={"Accept": "application/json"})
    assert visitor.post("/login/passkey/", {"credential": credential}).status_code in (200, 302)
    waiting = log_in(secure())
    waiting.get("/login/second-factor/")
    assert waiting.post("/login/second-factor/", {"credential": credential}).status_code == 200
    member = secure(carol)
    member.get("/settings/security/passkeys/add/")
    assert member.post("/settings/security/passkeys/add/", {"name": "x", "credential": credential}).status_code == 200
    member.get("/settings/security/confirm/passkey/")
    assert member.post("/settings/security/confirm/passkey/", {"credential": credential}).status_code == 302
    assert not is_in(visitor)


def test_a_signature_of_another_key_opens_nothing(carol: User) -> None:
    passkey, forger = Passkey(), Passkey()
    make_passkey(carol, passkey)
    forger.id, forger.user_handle = passkey.id, passkey.user_handle
    assert not is_in(log_in_by(forger))
    assert is_in(log_in_by(passkey))


def test_passkeys_are_bounded(carol: User) -> None:
    for _ in range(PASSKEYS_MAX):
        make_passkey(carol)
    assert f"You have {PASSKEYS_MAX} passkeys" in add(secure(carol), Passkey()).content.decode()
    assert Authenticator.objects.filter(user=carol, type="webauthn").count() == PASSKEYS_MAX


def test_nobody_touches_somebody_else_s_passkey(carol: User) -> None:
    row = make_passkey(carol)
    other = secure(make_user("mallory@example.com"))
    for action in ("rename", "remove"):
        assert other.post(f"/settings/security/passkeys/{row.pk}/{action}/", {"name": "mine"}).status_code == 404
    assert Authenticator.objects.get(pk=row.pk).wrap().name == "Key"


# --- at rest ------------------------------------------------------------------------------------------------------------


def test_the_database_holds_no_secret_in_the_clear(secret: str, carol: User) -> None:
    RecoveryCodes.activate(carol)
    stored = {row.type: json.dumps(row.data) for row in Authenticator.objects.filter(user=carol)}
    assert secret not in stored["totp"]
    assert not re.search(r"[0-9a-f]{80}", stored["recovery_codes"])


def test_after_a_change_of_the_key_factors_work_and_can_be_encrypted_anew(secret: str, carol: User, settings: Any) -> None:
    RecoveryCodes.activate(carol)
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key that is long enough for all of it", [former]
    assert second_step(log_in(), code_of(secret))
    assert encrypt_anew() == 2
    settings.SECRET_KEY_FALLBACKS = []
    assert second_step(log_in(), code_of(secret, steps=1))


def test_a_secret_that_no_key_reads_lets_nobody_in(secret: str, carol: User, settings: Any) -> None:
    RecoveryCodes.activate(carol)
    settings.SECRET_KEY_FALLBACKS = []
    settings.SECRET_KEY = "another key that is long enough for all of it"
    client = log_in()
    answer = client.post("/login/second-factor/", {"code": code_of(secret)})
    assert "cannot be read any more" in answer.content.decode()
    empty = format_hotp_value(hotp_value("", int(time.time()) // 30))
    assert not second_step(client, empty)
    assert "Make new ones" in client_of(carol).get("/settings/security/").content.decode()
    with pytest.raises(CommandError, match="neither SECRET_KEY nor"):
        call_command("encrypt_second_factors")


def test_codes_that_no_key_reads_are_made_anew(carol: User, settings: Any) -> None:
    make_passkey(carol)
    RecoveryCodes.activate(carol)
    settings.SECRET_KEY_FALLBACKS = []
    settings.SECRET_KEY = "another key that is long enough for all of it"
    client = client_of(carol)
    for path in ("", "file/"):
        assert client.get(f"/settings/security/recovery-codes/{path}")["Location"] == "/settings/security/"
    assert client.get("/settings/security/recovery-codes/new/").status_code == 200
    assert client.post("/settings/security/recovery-codes/new/").status_code == 302
    assert client.get("/settings/security/recovery-codes/").content.decode().count("<li>") >= 10
