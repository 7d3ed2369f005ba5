"""What several tests of a file share in the database, made once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def rolled_back(django_db_blocker: Any) -> Iterator[None]:
    """The database, and afterwards as if nothing had been. Around a file's tests for what all of them find, and around each test
    for what it changes. For tests without pytest-django's mark: that closes the connection after each."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
