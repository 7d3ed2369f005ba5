from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.eventlog.conftest import prefix, topics

__all__ = ["prefix", "topics"]

_WRITTEN = (
    "marketdata_bar", "marketdata_latestprice", "marketdata_quoteframe", "eventlog_consumerposition", "eventlog_appliedevent",
    "eventlog_parkedmessage", "instruments_instrument", "instruments_asset",
)  # fmt: skip


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database whose commits other threads see; afterwards what these tests write is removed, and nothing else.

    Flushing every table would run into the triggers of those that are append-only.
    """
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                for table in _WRITTEN:
                    cursor.execute(f"DELETE FROM {table}")
            connection.close()
