import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from kafka.admin import KafkaAdminClient

from apps.eventlog.provision import ensure_topics
from apps.eventlog.topics import TOPICS, full_name


@pytest.fixture
def prefix(settings: Any) -> str:
    """A prefix of the test's own: its topics and its consumer groups meet nobody else's."""
    settings.KAFKA_TOPIC_PREFIX = f"{settings.KAFKA_TOPIC_PREFIX}{uuid.uuid4().hex[:10]}."
    return str(settings.KAFKA_TOPIC_PREFIX)


@pytest.fixture
def topics(prefix: str, settings: Any) -> Iterator[None]:
    bootstrap = settings.KAFKA_BOOTSTRAP
    ensure_topics()
    yield
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.delete_topics([full_name(name) for name in TOPICS])
    admin.close()


@pytest.fixture
def effect_table(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_effect (id bigserial PRIMARY KEY, consumer text, account bigint, sequence bigint)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE test_effect")


@pytest.fixture
def lane() -> str:
    return f"t{uuid.uuid4().hex[:8]}"
