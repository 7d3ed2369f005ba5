from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.builders import Venue
from tests.eventlog.conftest import prefix, topics

__all__ = ["prefix", "topics"]

_WRITTEN = (
    "alerts_firing", "alerts_notice", "alerts_mail", "alerts_pricealert", "alerts_orderalert", "alerts_alertsettings",
    "alerts_noticehead", "eventlog_consumerposition", "eventlog_appliedevent", "eventlog_parkedmessage",
    "instruments_instrument", "instruments_asset",
)  # fmt: skip

_OF_USERS = (("account_emailaddress", "user_id"), ("accounts_account", "user_id"), ("accounts_user", "id"))
ALICE = "alice@example.com"


@pytest.fixture
def venue(db: None) -> Venue:
    return Venue()


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database whose commits other threads see; afterwards what these tests write is removed, and nothing else."""
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                # Histories are for ever, and refuse to be removed.
                cursor.execute("SET session_replication_role = replica")
                cursor.execute("DELETE FROM instruments_statechange")
                cursor.execute("SET session_replication_role = origin")
                for table in _WRITTEN:
                    cursor.execute(f"DELETE FROM {table}")
                hers = "IN (SELECT id FROM accounts_user WHERE email = %s)"
                for table, column in _OF_USERS:
                    cursor.execute(f"DELETE FROM {table} WHERE {column} {hers}", [ALICE])
            connection.close()
