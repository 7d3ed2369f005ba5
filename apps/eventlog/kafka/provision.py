"""Making the brokers' topics match the table."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from kafka import TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, OffsetSpec
from kafka.errors import KafkaError, TopicAlreadyExistsError

from apps.eventlog.port import Difference, LogUnavailableError, Partition
from apps.eventlog.topics import TOPICS, Topic, full_name, short_name

#: A broker removes a topic some moments after it was told to.
_GONE_WITHIN_S = 60.0


@contextmanager
def _admin() -> Iterator[KafkaAdminClient]:
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=settings.KAFKA_BOOTSTRAP, bootstrap_timeout_ms=5_000, request_timeout_ms=10_000
        )
    except KafkaError as error:
        raise LogUnavailableError(f"no broker at {', '.join(settings.KAFKA_BOOTSTRAP)}: {error}") from error
    try:
        yield admin
    except KafkaError as error:
        raise LogUnavailableError(f"{type(error).__name__}: {error}") from error
    finally:
        admin.close()


def ensure_topics() -> list[str]:
    with _admin() as admin:
        found = differences(admin)
        missing = {each.topic for each in found if each.found is None}
        created = _create(admin, [TOPICS[name] for name in sorted(missing)])
        _set_retention(admin, [each for each in found if each.what == "retention_ms" and each.found is not None])
        return created


def remove_topics(names: Sequence[str]) -> None:
    wanted = {full_name(name) for name in names}
    deadline_s = time.monotonic() + _GONE_WITHIN_S
    with _admin() as admin:
        admin.delete_topics(sorted(wanted & set(admin.list_topics())))
        while left := wanted & set(admin.list_topics()):
            if time.monotonic() > deadline_s:
                raise LogUnavailableError(f"{', '.join(sorted(left))} should be removed, and are still there")
            time.sleep(0.1)


def compare_topics() -> list[Difference]:
    with _admin() as admin:
        return differences(admin)


def identity() -> str:
    with _admin() as admin:
        return f"kafka {admin.describe_cluster()['cluster_id']}"


def ends() -> dict[Partition, int]:
    latest = {
        TopicPartition(full_name(topic.name), number): OffsetSpec.LATEST
        for topic in TOPICS.values()
        for number in range(topic.partitions)
    }
    with _admin() as admin:
        found = admin.list_partition_offsets(latest)
    return {(short_name(each.topic), each.partition): at.offset for each, at in found.items()}


def differences(admin: KafkaAdminClient) -> list[Difference]:
    known = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics() if not topic["error_code"]}
    there = [topic for topic in TOPICS.values() if full_name(topic.name) in known]
    result = [
        Difference(topic.name, "partitions", topic.partitions, known.get(full_name(topic.name)))
        for topic in TOPICS.values()
        if known.get(full_name(topic.name)) != topic.partitions
    ]
    retention = _retention(admin, there)
    for topic in there:
        if retention[topic.name] != topic.retention_ms:
            result.append(Difference(topic.name, "retention_ms", topic.retention_ms, retention[topic.name]))
    return result


def in_sync_least(copies: int) -> int:
    """Of how many copies a record must be in before it is acknowledged: two, where a broker may die and two are left."""
    return 2 if copies >= 3 else 1


def _create(admin: KafkaAdminClient, topics: list[Topic]) -> list[str]:
    if not topics:
        return []
    wanted: dict[str, dict[str, Any]] = {
        full_name(topic.name): {
            "num_partitions": topic.partitions,
            "replication_factor": settings.KAFKA_REPLICATION_FACTOR,
            "configs": {
                "retention.ms": str(topic.retention_ms),
                "cleanup.policy": "delete",
                "min.insync.replicas": str(in_sync_least(settings.KAFKA_REPLICATION_FACTOR)),
            },
        }
        for topic in topics
    }
    try:
        admin.create_topics(wanted)
    except TopicAlreadyExistsError:
        pass  # two installers at once: the other one was first, which is what both want
    admin.wait_for_topics(sorted(wanted))
    return [topic.name for topic in topics]


def _retention(admin: KafkaAdminClient, topics: list[Topic]) -> dict[str, int]:
    if not topics:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, full_name(topic.name)) for topic in topics]
    described = admin.describe_configs(resources, config_filter="all")["topic"]
    return {topic.name: int(described[full_name(topic.name)]["retention.ms"]["value"]) for topic in topics}


def _set_retention(admin: KafkaAdminClient, wrong: list[Difference]) -> None:
    if wrong:
        admin.alter_configs(
            [
                ConfigResource(ConfigResourceType.TOPIC, full_name(each.topic), {"retention.ms": str(each.declared)})
                for each in wrong
            ]
        )
