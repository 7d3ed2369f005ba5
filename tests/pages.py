"""What the tests of pages share: a client of a person who is logged in, and a bound on queries."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Account, User

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def client_of(person: Account | User) -> Client:
    client = Client()
    user = person if isinstance(person, User) else person.user
    assert user is not None
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@contextmanager
def counted_queries() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as queries:
        yield queries
