"""What the tests of pages share: a client of a person who is logged in, and a bound on queries."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Account, User
from apps.commands import rate
from apps.core.clock import ManualClock

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def client_of(person: Account | User, *, seconds_ago: float = 0) -> Client:
    """A client of a person who logged in ``seconds_ago``, as they do: by password, then by the second factor if they have one."""
    client = Client()
    user = person if isinstance(person, User) else person.user
    assert user is not None
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    factor = Authenticator.objects.filter(user=user, type__in=("totp", "webauthn")).values_list("type", flat=True).first()
    records: list[dict[str, object]] = [{"method": "password", "at": time.time() - seconds_ago, "email": user.email}]
    if factor is not None:
        records.append({"method": "mfa", "at": time.time() - seconds_ago, "type": factor})
    session = client.session
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def stop_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the rate limits: twenty requests are within a second, however long they take."""
    monkeypatch.setattr(rate, "process_clock", ManualClock)


@contextmanager
def counted_queries() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as queries:
        yield queries
