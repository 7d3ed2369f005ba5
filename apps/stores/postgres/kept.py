"""Connections that are kept apart: for the staff, who are to mend what holds all others and must not stand in their line; and for
what may only read, by a login of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connection

from apps.grants.roles import Role

#: At once, in each process, on top of ``DATABASE_POOL_MAX``; made when they are needed, and closed when they are not.
STAFF_CONNECTIONS = 2

_OF_STAFF, _OF_THE_CONSOLE = " of staff", " of the console"
#: What the pools of one alias may be called besides its name.
KINDS = ("", _OF_STAFF, _OF_THE_CONSOLE, f"{_OF_STAFF}{_OF_THE_CONSOLE}")

_is_console: ContextVar[bool] = ContextVar("is_console", default=False)
_is_staff: ContextVar[bool] = ContextVar("is_staff", default=False)


def is_for_staff() -> bool:
    """Whether what runs now may take one of them."""
    return _is_staff.get()


@contextmanager
def for_staff() -> Iterator[None]:
    """Connections that are taken in here are those of the staff."""
    token = _is_staff.set(True)
    try:
        yield
    finally:
        _is_staff.reset(token)


def is_console() -> bool:
    """Whether what runs now may only read."""
    return _is_console.get()


def kind() -> str:
    """Of :data:`KINDS`, the one that what runs now takes its connections from."""
    return f"{_OF_STAFF if is_for_staff() else ''}{_OF_THE_CONSOLE if is_console() else ''}"


@contextmanager
def as_console() -> Iterator[None]:
    """Inside, statements are the console's login's, which may write nothing. Where the process has no login of its own, as a
    command or a test has none, they stay the owner's.

    The connection is given back before and after, so this may not begin within a transaction: RuntimeError.
    """
    if not settings.DATABASE_ROLE or settings.DATABASE_ROLE == Role.CONSOLE:
        yield
        return
    if connection.in_atomic_block:
        raise RuntimeError("the console's login cannot be taken within a transaction")
    connection.close()
    token = _is_console.set(True)
    try:
        yield
    finally:
        try:
            connection.close()
        finally:
            _is_console.reset(token)
