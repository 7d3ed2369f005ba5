"""The embedded log behind the port. No state: everything is connected when asked for."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

from django.db import connection

from apps.eventlog.embedded import looking, provision, retention
from apps.eventlog.embedded.producer import EmbeddedProducer
from apps.eventlog.embedded.reader import EmbeddedReader
from apps.eventlog.port import Difference, Load, LogUnavailableError, Lost, Partition, Producer, RawRecord, Reader, Stretch
from apps.eventlog.topics import TOPICS, full_name


class EmbeddedLog:
    def producer(
        self,
        client_id: str,
        *,
        linger_ms: int,
        delivery_timeout_ms: int,
        connect_timeout_ms: int,
        block_ms_max: int,
        topics: Sequence[str],
    ) -> Producer:
        # A send only puts the message behind the others: it waits for nothing that could take long.
        return EmbeddedProducer(
            client_id, linger_ms=linger_ms, delivery_timeout_ms=delivery_timeout_ms, connect_timeout_ms=connect_timeout_ms
        )

    def reader(
        self,
        group: str,
        topics: Sequence[str],
        *,
        member: str,
        load: Load | None,
        lost: Lost,
        records_max: int,
        look_back_s: float = 0.0,
    ) -> Reader:
        return EmbeddedReader(
            group, topics, member=member, load=load, lost=lost, records_max=records_max, look_back_s=look_back_s
        )

    def ensure_topics(self) -> list[str]:
        return provision.ensure_topics()

    def remove_topics(self, names: Sequence[str]) -> None:
        provision.remove_topics(names)

    def compare_topics(self) -> list[Difference]:
        return provision.compare_topics()

    def identity(self) -> str:
        return "embedded"  # it is in the database that holds the positions: they come and go together

    def ends(self) -> Mapping[Partition, int]:
        return provision.ends()

    def look(self, partition: Partition, stretches: Sequence[Stretch]) -> Sequence[RawRecord]:
        return looking.look(partition, stretches)

    def ask(self) -> None:
        """Whether the tables and every topic are there, over the pool: a connection for every probe would be too dear."""
        wanted = {full_name(name) for name in TOPICS}
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT topic FROM eventlog_logpartition WHERE topic = ANY(%s) AND number = 0", [sorted(wanted)])
                missing = wanted - {topic for (topic,) in cursor.fetchall()}
        finally:
            connection.close()  # back to the pool
        if missing:
            raise LogUnavailableError(f"manage.py create_topics has not made {', '.join(sorted(missing))}")

    def tended(self) -> AbstractContextManager[None]:
        return retention.tended()
