"""The API as programs find it: real servers and a real engine on a database of their own, people with keys and log-ins."""

import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from django.conf import settings

from apps.accounts.api_keys import make_text
from apps.accounts.models import User
from apps.accounts.sessions import SessionStore
from apps.commands.types import Deposit, OpenAccount
from tests.engine.callers import Feed
from tests.engine.processes import Cluster
from tests.engine.world import SYMBOL, SYSTEM
from tests.prices import seen
from tests.realtime.conftest import Server

CSRF = "c" * 32
PASSWORD_HASH = "md5$salt$0123456789abcdef"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def code(self) -> str:
        return str(self.json.get("code", ""))


@dataclass(frozen=True)
class Person:
    """A customer, or somebody of the staff with ``account_id`` 0."""

    world: "ApiWorld"
    user_id: int
    account_id: int
    session_key: str

    def key(self, scope: str = "TRADE", *, networks: str = "", expires_in: timedelta | None = None) -> str:
        """The text of a new key."""
        prefix, digest, text = make_text()
        expires_at = datetime.now(UTC) + expires_in if expires_in is not None else None
        self.world.database.execute(
            """INSERT INTO accounts_apikey (account_id, name, scope, prefix, digest, networks, form_id, created_at, expires_at)
               VALUES (%s, 'test', %s, %s, %s, %s, %s, now(), %s)""",
            [self.account_id, scope, prefix, digest, networks, uuid.uuid4().hex, expires_at],
        )
        return text

    def bearer(self, scope: str = "TRADE", **more: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key(scope, **more)}"}

    @property
    def cookies(self) -> dict[str, str]:
        return {"Cookie": f"sessionid={self.session_key}; csrftoken={CSRF}"}

    @property
    def page(self) -> dict[str, str]:
        """What a page's script sends: the cookies, and the token in a header as well."""
        return {**self.cookies, "X-CSRFToken": CSRF}


class ApiWorld:
    def __init__(self, engines: Cluster, database: "psycopg.Connection[Any]") -> None:
        self.engines = engines
        self.database = database
        self.servers: dict[str, Server] = {}
        self.feed = Feed(engines.url)

    def person(self, *, role: str = "CUSTOMER", funded: bool = True) -> Person:
        """Somebody who is logged in; a customer's account is open and rich."""
        name = uuid.uuid4().hex
        row = self.database.execute(
            """INSERT INTO accounts_user (email, password, is_superuser, role, is_staff, is_active, time_zone, date_joined)
               VALUES (%s, %s, false, %s, false, true, 'UTC', now()) RETURNING id""",
            [f"{name}@tredye.example", PASSWORD_HASH, role],
        ).fetchone()
        assert row is not None
        account_id = self._account(row[0], funded) if role == "CUSTOMER" else 0
        return Person(self, row[0], account_id, self.log_in(row[0]))

    def _account(self, user_id: int, funded: bool) -> int:
        made = self.database.execute(
            """INSERT INTO accounts_account (user_id, kind, status, opened_at)
               VALUES (%s, 'CUSTOMER', 'PENDING_FUNDING', now()) RETURNING id""",
            [user_id],
        ).fetchone()
        assert made is not None
        account_id = int(made[0])
        if funded:
            client = self.engines.client
            client.send(OpenAccount(command_id=f"open-{account_id}", actor=SYSTEM, account_id=account_id), deadline_s=10)
            for asset in ("USD", "BTC"):
                command_id = f"fund-{asset}-{account_id}"
                client.send(Deposit(command_id=command_id, actor=SYSTEM, account_id=account_id, asset=asset, amount="100000"))
        return account_id

    def log_in(self, user_id: int) -> str:
        """The key of a new session of the user, as a log-in leaves it."""
        session_key = uuid.uuid4().hex
        data = {
            "_auth_user_id": str(user_id),
            "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
            "_auth_user_hash": User(password=PASSWORD_HASH).get_session_auth_hash(),
        }
        self.database.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, now() + interval '1 day')",
            [session_key, SessionStore().encode(data)],
        )
        return session_key

    def price(self) -> str:
        """Store a price of now as the newest that the pages know; returns it as what confirms an order carries it."""
        row = self.database.execute(
            """INSERT INTO marketdata_latestprice
                 (instrument_id, source, epoch, sequence, bid, ask, bid_quantity, ask_quantity, quoted_at)
               SELECT id, 'test', 1, 1, 99, 101, 1, 1, now() FROM instruments_instrument WHERE symbol = %s
               ON CONFLICT (instrument_id) DO UPDATE SET sequence = marketdata_latestprice.sequence + 1, quoted_at = now()
               RETURNING sequence, quoted_at""",
            [SYMBOL],
        ).fetchone()
        assert row is not None
        return seen("99", "101", sequence=row[0], now=row[1])

    def ask(
        self, server: Server, method: str, path: str, headers: dict[str, str] | None = None, body: Any = None, **more: Any
    ) -> Answer:
        """One request on a connection of its own. ``body`` is sent as it is when it is bytes, else as JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        try:
            data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
            kind = {} if data is None else {"Content-Type": "application/json"}
            connection.request(method, path, data, {**kind, **(headers or {})}, **more)
            response = connection.getresponse()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        finally:
            connection.close()

    def orders_of(self, person: Person) -> list[tuple[Any, ...]]:
        return self.database.execute(
            "SELECT client_order_id, status FROM orders_order WHERE account_id = %s ORDER BY id", [person.account_id]
        ).fetchall()


def an_order(client_order_id: str = "", **changes: Any) -> dict[str, Any]:
    """A limit order that rests."""
    order = {
        "client_order_id": client_order_id or uuid.uuid4().hex,
        "symbol": SYMBOL,
        "side": "BUY",
        "order_type": "LIMIT",
        "quantity": "0.01",
        "price": "95.00",
    }
    return {name: value for name, value in (order | changes).items() if value is not None}


class Until:
    """Asks again and again in a thread, and notes when the status first was another."""

    def __init__(self, ask: Any, status: int) -> None:
        self._ask, self._status = ask, status
        self.changed_at = 0.0
        self.answers = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            status = self._ask().status
            self.answers += 1
            if status == self._status:
                self.changed_at = time.monotonic()
                return
            time.sleep(0.06)

    def within(self, limit_s: float) -> float:
        """When the status came; fails when it did not within ``limit_s``."""
        self._thread.join(limit_s)
        self._stop.set()
        assert self.changed_at, f"no {self._status} within {limit_s} s"
        return self.changed_at
