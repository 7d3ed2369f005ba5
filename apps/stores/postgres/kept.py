"""Connections that are kept for the staff: who is to mend what holds all others must not stand in their line."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

#: At once, in each process, on top of ``DATABASE_POOL_MAX``; made when they are needed, and closed when they are not.
STAFF_CONNECTIONS = 2

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
