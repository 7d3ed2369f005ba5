"""Kafka behind the port. No state: everything is connected when asked for."""

import socket
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

from django.conf import settings

from apps.eventlog.kafka import looking, provision
from apps.eventlog.kafka.producer import KafkaLogProducer
from apps.eventlog.kafka.reader import KafkaLogReader
from apps.eventlog.port import Difference, Load, Lost, Partition, Producer, RawRecord, Reader, Stretch

_CONNECT_TIMEOUT_S = 0.8


class KafkaLog:
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
        return KafkaLogProducer(
            client_id,
            linger_ms=linger_ms,
            delivery_timeout_ms=delivery_timeout_ms,
            connect_timeout_ms=connect_timeout_ms,
            block_ms_max=block_ms_max,
            topics=topics,
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
        return KafkaLogReader(
            group, topics, member=member, load=load, lost=lost, records_max=records_max, look_back_s=look_back_s
        )

    def ensure_topics(self) -> list[str]:
        return provision.ensure_topics()

    def remove_topics(self, names: Sequence[str]) -> None:
        provision.remove_topics(names)

    def compare_topics(self) -> list[Difference]:
        return provision.compare_topics()

    def identity(self) -> str:
        return provision.identity()

    def ends(self) -> Mapping[Partition, int]:
        return provision.ends()

    def look(self, partition: Partition, stretches: Sequence[Stretch]) -> Sequence[RawRecord]:
        return looking.look(partition, stretches)

    def ask(self) -> None:
        """Whether any broker accepts a connection: a client of its own for every probe would cost more than it tells."""
        failure: OSError | None = None
        for broker in settings.KAFKA_BOOTSTRAP:
            host, _, port = broker.rpartition(":")
            try:
                socket.create_connection((host, int(port)), timeout=_CONNECT_TIMEOUT_S / len(settings.KAFKA_BOOTSTRAP)).close()
                return
            except OSError as error:
                failure = error
        raise ConnectionError(f"no broker accepts a connection: {failure}")

    def tended(self) -> AbstractContextManager[None]:
        return nullcontext()  # the brokers remove what is old
