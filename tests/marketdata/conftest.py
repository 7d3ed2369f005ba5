import signal
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.eventlog.conftest import prefix, topics

__all__ = ["prefix", "topics"]

_WRITTEN = (
    "marketdata_bar", "marketdata_latestprice", "marketdata_quoteframe", "eventlog_consumerposition", "eventlog_appliedevent",
    "eventlog_parkedmessage", "instruments_instrument", "instruments_asset",
    "marketdata_feedstate", "marketdata_quarantinedtick",
)  # fmt: skip


@pytest.fixture
def signals() -> Iterator[None]:
    """For a command that sets a stop flag in the test's own process: afterwards SIGTERM and SIGINT mean what they did."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


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
                # Their history is for ever, and refuses to be removed.
                cursor.execute("SET session_replication_role = replica")
                cursor.execute("DELETE FROM instruments_statechange")
                cursor.execute("SET session_replication_role = origin")
                for table in _WRITTEN:
                    cursor.execute(f"DELETE FROM {table}")
            connection.close()
