"""How a page of the admin reads: it cannot write, and no statement of it may take longer than a person waits."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import OperationalError, connection, transaction

#: A list that is read by its indexes takes milliseconds. Anything near this is a search that the tables are not made for.
STATEMENT_MS_MAX = 2000


class TooMuchError(Exception):
    """The database gave up: what was asked would read too much."""


@contextmanager
def reading(statement_ms_max: int = STATEMENT_MS_MAX) -> Iterator[None]:
    """Read inside; a write raises, and a statement that takes too long raises :class:`TooMuchError`.

    The transaction is read-only and always rolled back: nothing in it can be worth keeping, and what it set ends with it.
    """
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL transaction_read_only = on; SET LOCAL statement_timeout = {statement_ms_max:d}")
            try:
                yield
            finally:
                transaction.set_rollback(True)
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            raise TooMuchError from error
        raise
