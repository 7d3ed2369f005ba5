"""The code from the mail: what it opens, what it tells, and to whom."""

import importlib
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from apps.accounts.models import Account, User
from apps.accounts.services import discard_unconfirmed
from tests.accounts.mails import code_mailed, link_mailed
from tests.cached import clear_cache
from tests.engine.world import World
from tests.inprocess import InProcessEngine
from tests.pages import client_of

PASSWORD = "correct horse battery"
NEW, TAKEN = "carol@tredye.example", "alice@tredye.example"


@pytest.fixture(autouse=True)
def world(db: None) -> World:
    clear_cache()
    return World()


def sign_up(email: str = NEW, client: Client | None = None, **more: str) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.post("/signup/", {"email": email, "password1": PASSWORD, **more})


def say(client: Client, action: str = "verify", **fields: str) -> Any:
    return client.post("/signup/confirm/", {"action": action, **fields})


def wrong(code: str) -> str:
    return "0000-0000" if code != "0000-0000" else "0000-0001"


def test_an_address_that_is_taken_looks_like_one_that_is_not(engine: InProcessEngine) -> None:
    pages = []
    for email in (NEW, TAKEN):
        client, answer = sign_up(email)
        page = client.get(answer["Location"])
        after_wrong = say(client, code="1234-5678")
        bodies = [_without_tokens(seen.content.decode()).replace(email, "…") for seen in (page, after_wrong)]
        pages.append([answer.status_code, answer["Location"], *bodies])
    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [[NEW], [TAKEN]]
    assert "has an account already" in str(mail.outbox[1].body)
    assert User.objects.filter(email=TAKEN).count() == 1


def _without_tokens(text: str) -> str:
    return re.sub(r"[A-Za-z0-9]{64}", "token", text)


def test_both_take_the_time_of_one_password_hash(engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    original = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *args: hashed.append("x") or original(self, *args))
    counts = []
    for email in (NEW, TAKEN):
        hashed.clear()
        sign_up(email)
        counts.append(len(hashed))
    assert counts == [1, 1]


def test_who_signed_up_and_did_not_confirm_cannot_log_in_and_is_told_nothing_else(engine: InProcessEngine) -> None:
    sign_up()
    bodies = [
        Client().post("/login/", {"login": email, "password": PASSWORD}).content.decode().replace(email, "…")
        for email in (NEW, TAKEN)  # Alice's password is another
    ]
    assert "do not fit" in bodies[0]
    assert _without_tokens(bodies[0]) == _without_tokens(bodies[1])


def test_a_newer_sign_up_replaces_one_that_was_not_confirmed(engine: InProcessEngine) -> None:
    first, _ = sign_up(time_zone="Asia/Kolkata")
    old = User.objects.get(email=NEW)
    code = code_mailed()
    clear_cache()
    second, _ = sign_up()
    assert not User.objects.filter(pk=old.pk).exists()
    assert not Account.objects.filter(user_id=old.pk).exists()
    assert say(first, code=code)["Location"] == "/signup/"
    assert say(second, code=code_mailed())["Location"] == "/markets/"


def test_three_wrong_codes_end_it_and_the_address_is_free_again(engine: InProcessEngine) -> None:
    client, _ = sign_up()
    code = code_mailed()
    for _ in range(2):
        assert "This is not the code" in say(client, code=wrong(code)).content.decode()
    assert say(client, code=wrong(code))["Location"] == "/signup/"
    assert "Too many wrong codes" in client.get("/signup/").content.decode()
    assert say(client, code=code)["Location"] == "/signup/"
    assert not EmailAddress.objects.get(email=NEW).verified
    assert engine.sent == []


def test_a_code_is_good_for_a_quarter_of_an_hour(engine: InProcessEngine) -> None:
    client, _ = sign_up()
    session = client.session
    session["account_email_verification_code"]["at"] -= 14 * 60
    session.save()
    assert client.get("/signup/confirm/").status_code == 200
    session = client.session
    session["account_email_verification_code"]["at"] -= 2 * 60
    session.save()
    assert say(client, code=code_mailed())["Location"] == "/signup/"
    assert "The code is too old" in client.get("/signup/").content.decode()
    assert engine.sent == []


def test_another_code_is_sent_but_not_at_once_and_not_for_ever(engine: InProcessEngine) -> None:
    client, _ = sign_up()
    refused = say(client, "resend")
    assert refused.status_code == 429
    assert len(mail.outbox) == 1
    for count in (2, 3, 4):
        clear_cache()
        assert say(client, "resend")["Location"] == "/signup/confirm/"
        assert len(mail.outbox) == count
    assert "No more codes can be sent" in client.get("/signup/confirm/").content.decode()
    clear_cache()
    say(client, "resend")
    assert len(mail.outbox) == 4
    assert say(client, code=code_mailed())["Location"] == "/markets/"


def test_a_mistyped_address_is_given_up_and_nothing_of_it_stays(engine: InProcessEngine) -> None:
    client, _ = sign_up("carrol@tredye.example")
    assert client.post("/signup/start-again/")["Location"] == "/signup/"
    assert not User.objects.filter(email="carrol@tredye.example").exists()
    client, _ = sign_up(client=client)
    assert say(client, code=code_mailed())["Location"] == "/markets/"


def test_starting_again_removes_nobody_who_is_somebody(engine: InProcessEngine, world: World) -> None:
    client = client_of(world.alice)
    client.post("/signup/start-again/")
    fake, _ = sign_up(TAKEN)
    fake.post("/signup/start-again/")
    assert not discard_unconfirmed(world.alice.user_id)  # type: ignore[arg-type]
    assert User.objects.filter(email=TAKEN).exists()


def test_the_place_of_the_mails_is_named_only_where_none_are_sent(engine: InProcessEngine, settings: Any) -> None:
    client, _ = sign_up()
    sent = {
        "django.core.mail.backends.console.EmailBackend": True,
        "django.core.mail.backends.filebased.EmailBackend": True,
        "django.core.mail.backends.smtp.EmailBackend": False,
    }
    settings.EMAIL_FILE_PATH = str(settings.VAR_DIR / "mail")
    for backend, named in sent.items():
        settings.EMAIL_BACKEND = backend
        assert ("This installation sends no e-mail" in client.get("/signup/confirm/").content.decode()) is named


@pytest.mark.parametrize("path", ["/signup/", "/password/reset/"])
def test_while_the_mail_server_is_away_the_page_says_so(path: str, engine: InProcessEngine, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = Client().post(path, {"email": NEW, "password1": PASSWORD})
    assert answer.status_code == 503
    assert "The mail could not be sent" in answer.content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    clear_cache()
    client, _ = sign_up()
    assert say(client, code=code_mailed())["Location"] == "/markets/"


def test_a_reset_link_ends_every_log_in_and_confirms_the_address(engine: InProcessEngine) -> None:
    client, _ = sign_up()
    say(client, code=code_mailed())
    assert client.get("/portfolio/").status_code == 200
    EmailAddress.objects.filter(email=NEW).update(verified=False)
    Client().post("/password/reset/", {"email": NEW})
    visitor = Client()
    form = visitor.get(link_mailed(), follow=True)
    assert "Choose a new password" in form.content.decode()
    passwords = {"password1": "another long walk", "password2": "another long walk"}
    assert visitor.post(form.redirect_chain[-1][0], passwords)["Location"] == "/password/reset/key/done/"
    assert "was replaced" in str(mail.outbox[-1].body)
    assert client.get("/portfolio/").status_code == 302
    assert visitor.post("/login/", {"login": NEW, "password": "another long walk"})["Location"] == "/markets/"


def test_somebody_unknown_who_asks_for_a_password_sees_the_same_page(engine: InProcessEngine) -> None:
    answers = [Client().post("/password/reset/", {"email": email}) for email in (TAKEN, "nobody@tredye.example")]
    assert [answer["Location"] for answer in answers] == ["/password/reset/done/"] * 2
    assert [message.to[0] for message in mail.outbox] == [TAKEN, "nobody@tredye.example"]


def test_changing_the_password_ends_the_other_log_ins_and_tells_the_owner(world: World) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        client.post("/login/", {"login": TAKEN, "password": "x"})
    form = {"oldpassword": "x", "password1": "another long walk", "password2": "another long walk"}
    assert here.post("/password/change/", form)["Location"] == "/settings/security/"
    assert "was changed" in str(mail.outbox[-1].body)
    assert here.get("/account/value/").status_code == 200
    assert there.get("/account/value/").status_code == 302
    assert here.get("/settings/security/").content.decode().count("This one") == 1
    assert "End all others" not in here.get("/settings/security/").content.decode()


def test_the_users_of_older_databases_can_log_in(world: World) -> None:
    EmailAddress.objects.filter(user=world.alice.user).delete()
    EmailAddress.objects.filter(user=world.bob.user).update(verified=False, primary=False)
    migration = importlib.import_module("apps.accounts.migrations.0007_confirmed_addresses")
    with connection.schema_editor() as editor:
        migration.confirm(MigrationExecutor(connection).loader.project_state().apps, editor)
    for name in ("alice", "bob"):
        answer = Client().post("/login/", {"login": f"{name}@tredye.example", "password": "x"})
        assert answer["Location"] == "/markets/", name
