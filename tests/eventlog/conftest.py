import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from apps.eventlog.provision import ensure_topics
from tests.ddl import patient
from tests.eventlog.logs import log_of_run

TABLES = (
    "eventlog_appliedevent",
    "eventlog_consumerposition",
    "eventlog_loginuse",
    "eventlog_logmember",
    "eventlog_outboxbatch",
    "eventlog_parkedmessage",
    "eventlog_relaycursor",
)


@pytest.fixture
def committed_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database whose writes are committed, because several connections must see them.

    Django's own way (``transaction=True``) empties every table afterwards: the append-only ones refuse it, and rows that
    migrations made would be gone for the tests that follow. Here only the event log's tables are emptied.
    """
    with django_db_blocker.unblock():
        _empty()
        yield
        _empty()
        connection.close()


def _empty() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")


@pytest.fixture
def prefix(settings: Any) -> str:
    """A prefix of the test's own: its topics and its groups meet nobody else's."""
    settings.KAFKA_TOPIC_PREFIX = f"{settings.KAFKA_TOPIC_PREFIX}{uuid.uuid4().hex[:10]}."
    return str(settings.KAFKA_TOPIC_PREFIX)


@pytest.fixture
def topics(prefix: str, django_db_setup: None) -> Iterator[None]:
    """Topics of the test's own, on the log of the run."""
    ensure_topics()
    yield
    log_of_run().delete_topics()


@pytest.fixture
def effect_table(committed_database: None) -> Iterator[None]:
    with connection.cursor() as cursor, patient(connection.connection):
        cursor.execute("DROP TABLE IF EXISTS test_effect")
        cursor.execute("CREATE TABLE test_effect (id bigserial PRIMARY KEY, consumer text, account bigint, sequence bigint)")
    yield
    with connection.cursor() as cursor, patient(connection.connection):
        cursor.execute("DROP TABLE test_effect")


@pytest.fixture
def lane() -> str:
    return f"t{uuid.uuid4().hex[:8]}"
