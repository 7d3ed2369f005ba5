"""A customer whose account gets events as the engine would write them."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import msgspec
import psycopg
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.urls import resolve

from apps.accounts.models import Account, User
from apps.eventlog.schemas.accounts import FundsDeposited


def erase(database: psycopg.Connection, table: str, column: str, values: list[int]) -> None:
    """Remove rows that were committed for processes to see, append-only or not: the next test starts without them."""
    with database.transaction():
        database.execute("SET LOCAL session_replication_role = replica")
        database.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", (values,))


class Owner:
    def __init__(self, database: psycopg.Connection, django_db_blocker: Any, name: str) -> None:
        self._database = database
        self.sequence = 0
        self._blocker = django_db_blocker
        with self._orm():
            self.user = User.objects.create(email=f"{name}@example.com", password=make_password("a long pass phrase"))
            self.account = Account.objects.create(user=self.user)
            self.client = Client(enforce_csrf_checks=False)
            self.client.force_login(self.user)
            # The first request of a process imports all pages, which may take longer than a socket waits for its hello.
            resolve("/stream/ticket")

    @contextmanager
    def _orm(self) -> Iterator[None]:
        """The ORM, and its connection given back: every task of a loop would keep one of its own."""
        with self._blocker.unblock():
            try:
                yield
            finally:
                connection.close()

    @property
    def account_id(self) -> int:
        return int(self.account.pk)

    @property
    def session_key(self) -> str:
        return str(self.client.cookies["sessionid"].value)

    def ticket(self) -> str:
        with self._orm():
            response = self.client.post("/stream/ticket")
        assert response.status_code == HTTPStatus.OK
        return str(response.json()["ticket"])

    def commit(self, count: int = 1) -> FundsDeposited:
        """Write the next ``count`` events of the account, and return the last."""
        with self._database.transaction(), self._database.cursor() as cursor:
            for _ in range(count):
                self.sequence += 1
                sequence = self.account_id * 1_000_000 + self.sequence
                event = FundsDeposited(
                    epoch=1,
                    sequence=sequence,
                    at_ns=1,
                    account_id=self.account_id,
                    account_sequence=self.sequence,
                    transfer_id=sequence,
                    asset="USD",
                    amount="1.5",
                )
                cursor.execute(
                    "INSERT INTO orders_accountevent (id, account_id, account_sequence, epoch, type, data, at)"
                    " VALUES (%s, %s, %s, 1, 'FUNDS_DEPOSITED', %s, now())",
                    (sequence, self.account_id, self.sequence, msgspec.json.encode(event).decode()),
                )
        return event

    def log_out(self) -> None:
        with self._orm():
            self.client.logout()

    def end_log_in_elsewhere(self) -> None:
        """End this log-in from another one, as the page about the own log-in does."""
        with self._orm():
            here = Client()
            here.force_login(self.user)
            for client in (self.client, here):
                client.get("/settings/security/")  # now it is listed
            here.post("/settings/security/log-ins/end-others/")
            here.logout()

    def erase(self) -> None:
        self.log_out()
        for table, column, value in (
            ("usersessions_usersession", "user_id", self.user.pk),
            ("orders_accountevent", "account_id", self.account_id),
            ("accounts_account", "id", self.account_id),
            ("accounts_user", "id", self.user.pk),
        ):
            erase(self._database, table, column, [value])
