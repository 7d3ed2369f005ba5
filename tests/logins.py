"""As whom a process that a test starts connects to the database: by the login of its kind, so that what it lacks is seen here."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connection
from psycopg.pq import TransactionStatus

from apps.grants.roles import Role
from stack.processes import PROCESSES

_now: ContextVar[Role | None] = ContextVar("login", default=None)


def login_of(arguments: Sequence[str]) -> dict[str, str]:
    """What a process that runs ``arguments`` is told of it; nothing, so the owner, for what is in no stack."""
    roles = {process.arguments[2]: process.role for process in PROCESSES if process.role}  # after manage.py, or -m
    return next(({"DATABASE_ROLE": role} for word, role in roles.items() if word in arguments), {})


def _set(statement: str) -> None:
    """Beneath Django, so that nobody counts it; not where there is no session that could take it."""
    raw = connection.connection
    if raw is not None and not raw.closed and raw.info.transaction_status in (TransactionStatus.IDLE, TransactionStatus.INTRANS):
        raw.execute(statement)


@contextmanager
def as_login(role: Role | None) -> Iterator[None]:
    """Statements of Django's connection are as this login's, with the rights that it has; with None, as the owner's again.

    A test that lives in a transaction has one session for everything, so it changes who it is instead of connecting anew.
    """
    former = _now.get()
    token = _now.set(role)
    _set(_statement(role))
    try:
        yield
    finally:
        _now.reset(token)
        _set(_statement(former))


def _statement(role: Role | None) -> str:
    return f"SET ROLE {settings.DATABASE_LOGINS[role]['USER']}" if role else "RESET ROLE"
