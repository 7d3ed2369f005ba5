"""Secrets of people are in no line of a log and on no page of an error: each is planted, used as it is meant and as it is not.
Those of the installation, at every level of logging, are in tests/settings/test_secrets.py."""

import asyncio
import http.client
import json
import re
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
import websockets
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.utils.http import int_to_base36

from apps.accounts.models import User
from tests.api.conftest import server_of
from tests.api.world import ApiWorld, an_order
from tests.realtime.conftest import ORIGIN, Server

pytestmark = pytest.mark.processes

FORM = "application/x-www-form-urlencoded"


@dataclass
class Person:
    """A browser of one person. ``secrets`` are the canaries, by what they are; ``errors`` every page that was none."""

    server: Server
    cookies: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body or None, {"Cookie": cookies, **headers})
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value.strip('"')
            if answer.status >= 400:
                self.errors.append(text)
            for name in ("sessionid", "csrftoken"):
                if self.cookies.get(name):
                    self.secrets[f"{name} {self.cookies[name][:4]}"] = self.cookies[name]
            return answer.status, text
        finally:
            connection.close()

    def post(self, path: str, *, token: str | None = None, **fields: str) -> tuple[int, str]:
        """A form with its token, or with one that is wrong."""
        fields["csrfmiddlewaretoken"] = self.cookies.get("csrftoken", "") if token is None else token
        return self.ask(
            "POST", path, urlencode(fields), **{"Content-Type": FORM, "Referer": f"http://127.0.0.1:{self.server.port}/"}
        )


@pytest.fixture
def watched(api_world: ApiWorld) -> Server:
    return server_of(api_world, "uvicorn", "watched", ALLOWED_HOSTS="127.0.0.1,localhost")


def customer(world: ApiWorld, server: Server, password: str) -> tuple[Person, int]:
    """Somebody who can log in by password."""
    made = world.person()
    hashed = make_password(password)
    world.database.execute("UPDATE accounts_user SET password = %s WHERE id = %s", [hashed, made.user_id])
    row = world.database.execute("SELECT email FROM accounts_user WHERE id = %s", [made.user_id]).fetchone()
    assert row is not None
    world.database.execute(
        'INSERT INTO account_emailaddress (user_id, email, verified, "primary") VALUES (%s, %s, true, true)',
        [made.user_id, row[0]],
    )
    person = Person(server)
    person.secrets |= {"password": password, "password hash": hashed}
    person.ask("GET", "/login/")
    wrong = person.secrets["wrong password"] = f"wrong-{uuid.uuid4().hex}"
    assert person.post("/login/", login=row[0], password=wrong)[0] == 200
    assert person.post("/login/", login=row[0], password=password)[0] == 302
    return person, made.user_id


def set_up_an_app(person: Person) -> None:
    """The secret is shown to its owner, once, and is used with a wrong code and with the right one."""
    page = person.ask("GET", "/settings/security/app/on/")[1]
    secret = re.search(r"secret=([A-Z2-7]{16,})", page)
    assert secret is not None, page
    person.secrets["TOTP secret"] = secret[1]
    assert person.post("/settings/security/app/on/", code="000000")[0] == 200
    code = format_hotp_value(hotp_value(secret[1], next(iter(yield_hotp_counters_from_time()))))
    assert person.post("/settings/security/app/on/", code=code)[0] == 302
    codes = person.ask("GET", "/settings/security/recovery-codes/")[1]
    found = re.findall(r"\b[a-z0-9]{5}-?[a-z0-9]{5}\b|\b[0-9]{8}\b", re.sub(r"<[^>]+>", " ", codes))
    assert found, codes[:500]
    person.secrets["recovery code"] = found[0]


def use_a_key(person: Person) -> None:
    """Made on its page, used well and badly: in a header, in an address, with a body that is wrong."""
    form = person.ask("GET", "/settings/api-keys/new/")[1]
    form_id = re.search(r'name="form_id" value="([^"]+)"', form)
    assert form_id is not None, form[:2000]
    page = person.post("/settings/api-keys/new/", name="canary", scope="TRADE", form_id=form_id[1], expires="", networks="")[1]
    key = re.search(r"tredye_[A-Za-z0-9_-]{20,}", page)
    assert key is not None, page[:2000]
    person.secrets["API key"] = key[0]
    secret = key[0].rpartition("_")[2]
    json_type = {"Content-Type": "application/json"}
    for header in (f"Bearer {key[0]}", f"Bearer {key[0]}x", f"Basic {key[0]}", f"Bearer tredye_00000000_{secret}"):
        person.ask("POST", "/api/v1/orders", json.dumps(an_order()), Authorization=header, **json_type)
        person.ask("POST", "/api/v1/orders", "{", Authorization=header, **json_type)
    person.ask("GET", f"/api/v1/orders?key={quote(key[0])}")


async def use_a_ticket(person: Person) -> None:
    answer = person.ask("POST", "/stream/ticket", **{"X-CSRFToken": person.cookies["csrftoken"]})[1]
    ticket = person.secrets["ticket"] = json.loads(answer)["ticket"]
    hello = {"op": "hello", "v": 1, "ticket": ticket}
    for message in (json.dumps(hello), json.dumps(hello), json.dumps(hello | {"ticket": ticket + "x"}), json.dumps(hello)[:-1]):
        async with websockets.connect(person.server.url, origin=ORIGIN, compression=None) as socket:  # type: ignore[arg-type]
            await socket.send(message)
            try:
                async with asyncio.timeout(20):
                    await socket.recv()
            except websockets.ConnectionClosed:
                pass


def follow_a_link(person: Person, user_id: int, world: ApiWorld) -> None:
    """The link of a mail, as it is and with a letter changed."""
    row = world.database.execute("SELECT email, password, last_login FROM accounts_user WHERE id = %s", [user_id]).fetchone()
    assert row is not None
    user = User(pk=user_id, email=row[0], password=row[1], last_login=row[2])
    key = person.secrets["reset link"] = default_token_generator.make_token(user)
    for text in (key, f"{key}x"):
        person.ask("GET", f"/password/reset/key/{int_to_base36(user_id)}-{text}/")


def make_errors(person: Person) -> None:
    """What is refused: a token that is wrong, addresses that are none, bodies and parameters that cannot be read."""
    password = person.secrets["password"]
    assert person.post("/password/change/", token="x" * 64, oldpassword=password, password1=password)[0] == 403
    person.post("/password/change/", oldpassword=password, password1=password, password2="another")
    person.ask("GET", f"/no-such-page/?password={quote(password)}")
    person.ask("POST", "/login/", "\x00" * 100, **{"Content-Type": FORM, "X-CSRFToken": person.cookies["csrftoken"]})
    person.ask("POST", "/login/", f"login=x&password={password}" + "&a=1" * 200, **{"Content-Type": FORM})
    person.ask("GET", "/markets/", **{"X-Request-ID": "short", "Authorization": f"Basic {password}"})


@pytest.mark.asyncio
async def test_no_secret_of_a_person_is_in_a_log_or_on_a_page_of_an_error(api_world: ApiWorld, watched: Server) -> None:
    person, user_id = await asyncio.to_thread(customer, api_world, watched, f"canary-{uuid.uuid4().hex}")
    await asyncio.to_thread(follow_a_link, person, user_id, api_world)
    await asyncio.to_thread(use_a_key, person)
    await asyncio.to_thread(set_up_an_app, person)
    await use_a_ticket(person)
    await asyncio.to_thread(make_errors, person)
    await asyncio.to_thread(person.post, "/logout/")
    kinds = {name.partition(" ")[0] for name in person.secrets}
    assert kinds >= {"password", "wrong", "sessionid", "csrftoken", "TOTP", "recovery", "API", "ticket", "reset"}
    logs = {path.name: path.read_text() for path in Path(api_world.engines.directory).glob("*.log")}
    assert logs["watched.log"].count("page_request") > 8
    assert len(person.errors) > 10
    for name, secret in person.secrets.items():
        assert len(secret) >= 8, name
        found = [where for where, text in logs.items() if secret in text]
        assert not found, f"the {name} is in {found}"
        assert not any(secret in page for page in person.errors if name != f"csrftoken {secret[:4]}"), (
            f"the {name} is on an error's page"
        )


def test_a_canary_in_a_log_would_be_seen(api_world: ApiWorld, watched: Server) -> None:
    """The address of a page that there is not is a line of the log, so a secret there would be one."""
    person = Person(watched)
    person.ask("GET", "/c4n4ry-in-an-address/")
    assert "c4n4ry-in-an-address" in watched.log.read_text()
