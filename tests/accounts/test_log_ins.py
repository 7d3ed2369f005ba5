"""Where one is logged in: the list, the end of one, and what it costs to know when somebody was seen."""

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from apps.accounts import log_ins
from apps.accounts.log_ins import LOG_INS_MAX, SEEN_EVERY_S, SeenNotes, device_of, list_log_ins
from apps.accounts.models import User
from tests.builders import PASSWORD, make_user
from tests.cached import clear_cache
from tests.pages import client_of, counted_queries

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"
EMAIL = "carol@tredye.example"


@pytest.fixture
def carol(db: None) -> User:
    clear_cache()
    return make_user(EMAIL)


def log_in(agent: str = FIREFOX, **extra: Any) -> Client:
    client = Client(headers={"User-Agent": agent}, **extra)
    assert client.post("/login/", {"login": EMAIL, "password": PASSWORD})["Location"] == "/markets/"
    return client


def test_each_log_in_is_listed_with_its_device_and_address(carol: User) -> None:
    log_in(PHONE, REMOTE_ADDR="203.0.113.7")
    here = log_in()
    page = here.get("/settings/security/").content.decode()
    assert "Safari on iPhone" in page
    assert "203.0.113.7" in page
    assert page.index("Firefox on Linux") < page.index("Safari on iPhone")
    assert page.count("This one") == 1


def test_one_is_ended_and_the_others_go_on(carol: User) -> None:
    here, phone, third = log_in(), log_in(PHONE), log_in()
    target = next(view for view in list_log_ins(carol.pk, here.session.session_key) if view.device == "Safari on iPhone")
    assert here.post(f"/settings/security/log-ins/{target.id}/end/")["Location"] == "/settings/security/"
    assert phone.get("/settings/security/").status_code == 302
    assert third.get("/settings/security/").status_code == 200
    assert here.post(f"/settings/security/log-ins/{target.id}/end/").status_code == 404
    here.post("/settings/security/log-ins/end-others/")
    assert third.get("/settings/security/").status_code == 302
    assert here.get("/settings/security/").status_code == 200
    assert UserSession.objects.filter(user=carol).count() == 1
    assert {client.session.session_key for client in (here, phone, third)} & set(
        Session.objects.values_list("pk", flat=True)
    ) == {here.session.session_key}


def test_ending_the_own_log_in_is_a_log_out(carol: User) -> None:
    here = log_in()
    own = list_log_ins(carol.pk, here.session.session_key)[0]
    assert own.is_current
    here.post(f"/settings/security/log-ins/{own.id}/end/")
    assert here.get("/settings/security/").status_code == 302


def test_nobody_ends_somebody_else_s(carol: User) -> None:
    here = log_in()
    target = list_log_ins(carol.pk, None)[0]
    other = client_of(make_user("mallory@example.com"))
    assert other.post(f"/settings/security/log-ins/{target.id}/end/").status_code == 404
    assert here.get("/settings/security/").status_code == 200


def test_a_log_out_leaves_nothing(carol: User) -> None:
    log_in().post("/logout/")
    assert UserSession.objects.count() == 0


def test_the_oldest_ends_where_there_are_too_many(carol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_ins, "LOG_INS_MAX", 2)
    first, second, third = log_in(), log_in(), log_in()
    assert [client.get("/settings/security/").status_code for client in (first, second, third)] == [302, 200, 200]
    assert LOG_INS_MAX == 30


def test_the_list_costs_the_same_however_many_there_are(carol: User) -> None:
    here = log_in()
    here.get("/settings/security/")
    with counted_queries() as few:
        here.get("/settings/security/")
    for _ in range(5):
        log_in()
    with counted_queries() as many:
        here.get("/settings/security/")
    assert len(many) == len(few) <= 12


def test_a_page_costs_no_query_more_once_it_was_noted(carol: User) -> None:
    here = log_in()
    here.get("/markets/")
    with counted_queries() as queries:
        here.get("/markets/")
    assert not [query for query in queries if query["sql"].startswith('INSERT INTO "usersessions')]


def test_seen_is_noted_again_after_a_while_with_the_address_of_then(carol: User) -> None:
    here = log_in()
    key = here.session.session_key
    assert key is not None
    notes = SeenNotes()
    before = UserSession.objects.get(session_key=key)
    with counted_queries() as queries:
        for now_s, ip in ((0.0, "203.0.113.1"), (SEEN_EVERY_S - 1, "203.0.113.2"), (SEEN_EVERY_S, "203.0.113.3")):
            notes.note(key, carol.pk, ip=ip, user_agent=FIREFOX, now_s=now_s)
    assert len(queries) == 2
    after = UserSession.objects.get(session_key=key)
    assert after.ip == "203.0.113.3"
    assert after.last_seen_at > before.last_seen_at
    assert after.created_at == before.created_at


def test_a_log_in_of_before_is_listed_once_it_is_seen(carol: User) -> None:
    client = client_of(carol)
    UserSession.objects.all().delete()
    assert "This one" in client.get("/settings/security/").content.decode()


@pytest.mark.parametrize(
    ("agent", "device"),
    [(FIREFOX, "Firefox on Linux"), (PHONE, "Safari on iPhone"), ("", "Unknown device"), ("curl/8", "Unknown device"),
     ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows")],
)  # fmt: skip
def test_a_device_has_the_name_that_a_person_would_use(agent: str, device: str) -> None:
    assert device_of(agent) == device


# --- where the request comes from ---------------------------------------------------------------------------------------


def test_the_address_is_the_connection_s_whatever_a_header_claims(carol: User) -> None:
    log_in(REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert UserSession.objects.get().ip == "203.0.113.7"


def test_a_forged_header_does_not_reset_the_limit_on_guessing(carol: User) -> None:
    answers = []
    for number in range(12):
        client = Client(REMOTE_ADDR="203.0.113.7", headers={"X-Forwarded-For": f"198.51.100.{number}"})
        answers.append(client.post("/login/", {"login": f"user{number}@example.com", "password": "x"}).content.decode())
    assert sum("Too many attempts" in answer for answer in answers) == 2


def test_five_wrong_passwords_close_an_address_for_a_while_from_everywhere(carol: User) -> None:
    for number in range(5):
        Client(REMOTE_ADDR=f"203.0.113.{number}").post("/login/", {"login": EMAIL, "password": "x"})
    answer = Client(REMOTE_ADDR="203.0.113.99").post("/login/", {"login": EMAIL, "password": PASSWORD})
    assert "Too many attempts" in answer.content.decode()


def test_sign_ups_of_one_address_are_limited(db: None) -> None:
    clear_cache()
    statuses = [Client().post("/signup/", {"email": "nobody", "password1": "x"}).status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    assert "That was too often" in Client().post("/signup/", {}).content.decode()
