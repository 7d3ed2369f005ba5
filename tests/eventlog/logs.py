"""What a test asks of a log that the product never does: read all of it, take a topic away, make the log unreachable."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from apps.eventlog.database import own_connection
from apps.eventlog.embedded.reader import EmbeddedRecord
from apps.eventlog.log import event_log
from apps.eventlog.provision import ensure_topics
from apps.eventlog.topics import TOPICS, full_name
from stack.cluster import Cluster
from tests.waiting import wait_until


@dataclass(frozen=True)
class Stored:
    """A record as the log has it."""

    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]
    timestamp: int


class Log(Protocol):
    def read(self, topic: str) -> list[Stored]:
        """Every record on ``topic`` now, partition by partition."""

    def delete_topics(self) -> None: ...

    def remake(self, topic: str) -> None:
        """Delete ``topic`` and make it anew: its offsets begin at 0 again."""

    def set_retention(self, topic: str, retention_ms: int) -> None:
        """As somebody would who does not ask the table of topics."""

    def away(self) -> AbstractContextManager[None]:
        """New connections to the log are refused meanwhile."""

    def own_server(self, environ: pytest.MonkeyPatch) -> AbstractContextManager[Callable[[], object]]:
        """The log is meanwhile on a server of its own; what is yielded kills that without warning, and it is started again."""


class KafkaLog:
    def read(self, topic: str) -> list[Stored]:
        reader = KafkaConsumer(bootstrap_servers=settings.KAFKA_BOOTSTRAP, enable_auto_commit=False, bootstrap_timeout_ms=3_000)
        try:
            partitions = [TopicPartition(full_name(topic), number) for number in range(TOPICS[topic].partitions)]
            reader.assign(partitions)
            ends = reader.end_offsets(partitions)
            reader.seek_to_beginning(*partitions)
            records: list[Any] = []
            while any(reader.position(each) < ends[each] for each in partitions):
                for batch in reader.poll(timeout_ms=500).values():
                    records += batch
        finally:
            reader.close()
        stored = [Stored(r.partition, r.offset, r.key, r.value, list(r.headers), r.timestamp) for r in records]
        return sorted(stored, key=lambda record: (record.partition, record.offset))

    def delete_topics(self) -> None:
        event_log().remove_topics(list(TOPICS))  # and waits for their end, which a broker only promises

    def remake(self, topic: str) -> None:
        with self._admin() as admin:
            admin.delete_topics([full_name(topic)])
            wait_until(lambda: full_name(topic) not in admin.list_topics(), 60, "the topic's end")
        wait_until(lambda: ensure_topics() == [topic], 60, "the new topic")

    def set_retention(self, topic: str, retention_ms: int) -> None:
        with self._admin() as admin:
            admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, full_name(topic), {"retention.ms": str(retention_ms)})])

    @contextmanager
    def away(self) -> Iterator[None]:
        brokers = settings.KAFKA_BOOTSTRAP
        settings.KAFKA_BOOTSTRAP = ["127.0.0.1:1"]
        try:
            yield
        finally:
            settings.KAFKA_BOOTSTRAP = brokers

    @contextmanager
    def own_server(self, environ: pytest.MonkeyPatch) -> Iterator[Callable[[], object]]:
        brokers = settings.KAFKA_BOOTSTRAP
        with _servers(environ, "KAFKA_BOOTSTRAP") as cluster:
            settings.KAFKA_BOOTSTRAP = [cluster.env["KAFKA_BOOTSTRAP"]]
            try:
                yield lambda: cluster.kill("kafka")
            finally:
                settings.KAFKA_BOOTSTRAP = brokers

    @contextmanager
    def _admin(self) -> Iterator[Any]:
        admin = KafkaAdminClient(bootstrap_servers=settings.KAFKA_BOOTSTRAP)
        try:
            yield admin
        finally:
            admin.close()


class EmbeddedLog:
    def read(self, topic: str) -> list[Stored]:
        with own_connection("test log") as database:
            rows = database.execute(
                'SELECT p.number, r."offset", r.key, r.value, r.headers, (extract(epoch FROM r.at) * 1000)::bigint'
                " FROM eventlog_logrecord AS r JOIN eventlog_logpartition AS p ON p.id = r.partition_id"
                ' WHERE p.topic = %s ORDER BY p.number, r."offset"',
                [full_name(topic)],
            ).fetchall()
        return [
            Stored(number, offset, key.encode(), value, EmbeddedRecord(offset, b"", value, at, headers).headers, at)
            for number, offset, key, value, headers, at in rows
        ]

    def delete_topics(self) -> None:
        self._delete([full_name(name) for name in TOPICS])

    def remake(self, topic: str) -> None:
        self._delete([full_name(topic)])
        assert ensure_topics() == [topic]

    def set_retention(self, topic: str, retention_ms: int) -> None:
        with own_connection("test log") as database:
            database.execute(
                "UPDATE eventlog_logpartition SET retention_ms = %s WHERE topic = %s", [retention_ms, full_name(topic)]
            )

    @contextmanager
    def away(self) -> Iterator[None]:
        """The ORM keeps the connections of its pool; the log's own are each made anew, and meet a closed port."""
        port = connection.settings_dict["PORT"]
        connection.settings_dict["PORT"] = "1"
        try:
            yield
        finally:
            connection.settings_dict["PORT"] = port

    @contextmanager
    def own_server(self, environ: pytest.MonkeyPatch) -> Iterator[Callable[[], object]]:
        """As in ``away``: the log's own connections go to the other server, the ORM's stay."""
        environ.setenv("EVENT_LOG", "embedded")
        given = connection.settings_dict.copy()
        with _servers(environ, "DATABASE_URL") as cluster:
            url = urlsplit(cluster.env["DATABASE_URL"])
            connection.settings_dict.update(
                HOST=url.hostname, PORT=str(url.port), USER=url.username, PASSWORD=url.password or "", NAME=url.path.lstrip("/")
            )
            try:
                with own_connection("test log") as database:
                    for operation in import_module("apps.eventlog.migrations.0002_embedded_log").STATEMENTS:
                        database.execute(operation, prepare=False)  # some are several statements
                yield lambda: cluster.kill("postgres")
            finally:
                connection.settings_dict.update({name: given[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")})

    def _delete(self, topics: list[str]) -> None:
        with own_connection("test log") as database:
            database.execute(
                "DELETE FROM eventlog_logrecord AS r USING eventlog_logpartition AS p"
                " WHERE p.id = r.partition_id AND p.topic = ANY(%s)",
                [topics],
            )
            database.execute("DELETE FROM eventlog_logpartition WHERE topic = ANY(%s)", [topics])


@contextmanager
def _servers(environ: pytest.MonkeyPatch, own: str) -> Iterator[Cluster]:
    """Servers as given, but for the one of variable ``own``, which is started."""
    environ.delenv(own, raising=False)
    cluster = Cluster([])
    try:
        cluster.up_servers()
        yield cluster
    finally:
        cluster.down()


def log_of_run() -> Log:
    """The log that ``EVENT_LOG`` names now."""
    return KafkaLog() if settings.EVENT_LOG == "kafka" else EmbeddedLog()


def terminate(application_name: str) -> int:
    """Cut the sessions to the test's database whose name begins so; returns how many there were."""
    with own_connection("test terminate") as database:
        rows: list[Any] = database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND starts_with(application_name, %s)",
            [application_name],
        ).fetchall()
    return len(rows)
