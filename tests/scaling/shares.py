"""What a test asks the log itself, from outside of the product: who reads which partitions, and all that is on a topic."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient

from apps.eventlog.codec import decode
from apps.eventlog.topics import TOPICS
from stack.cluster import Cluster

Partition = tuple[str, int]

_HELD = """
SELECT activity.application_name, part.topic, part.number
FROM pg_locks AS lock
JOIN pg_stat_activity AS activity ON activity.pid = lock.pid
JOIN eventlog_logpartition AS part ON part.id = lock.objid::bigint
WHERE lock.locktype = 'advisory' AND lock.objsubid = 2 AND lock.granted AND activity.application_name LIKE %s
  AND lock.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_RECORDS = """
SELECT part.number, record.value FROM eventlog_logrecord AS record
JOIN eventlog_logpartition AS part ON part.id = record.partition_id
WHERE part.topic = %s ORDER BY part.number, record."offset"
"""
_ENDS = "SELECT number, next_offset FROM eventlog_logpartition WHERE topic = %s"


@dataclass
class Bar:
    """Of the prints of one second, in the order of the log."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    trades: int = 1

    def add(self, price: Decimal, quantity: Decimal) -> None:
        self.high, self.low, self.close = max(self.high, price), min(self.low, price), price
        self.volume += quantity
        self.trades += 1


class LogOfCluster:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._prefix = cluster.env["KAFKA_TOPIC_PREFIX"]
        self._is_kafka = cluster.event_log.is_kafka

    def shares(self, group: str) -> dict[str, set[Partition]]:
        """Who of ``group`` reads what, by the member's name."""
        found: defaultdict[str, set[Partition]] = defaultdict(set)
        for member, topic, number in self._held_on_kafka(group) if self._is_kafka else self._held(group):
            found[member].add((topic.removeprefix(self._prefix), number))
        return dict(found)

    def _held_on_kafka(self, group: str) -> Iterator[tuple[str, str, int]]:
        name = f"{self._prefix}{group}"
        admin = KafkaAdminClient(bootstrap_servers=self._brokers)
        try:
            members = admin.describe_groups([name])[name]["members"]
        finally:
            admin.close()
        for member in members:
            for part in (member["member_assignment"] or {}).get("assigned_partitions", ()):
                for number in part["partitions"]:
                    yield member["group_instance_id"], part["topic"], number

    def _held(self, group: str) -> Iterator[tuple[str, str, int]]:
        for name, topic, number in self.ask(_HELD, f"tredye log {group} %"):
            yield name.rsplit(" ", 1)[1], topic, number

    def records(self, topic: str) -> list[Any]:
        """Every message of ``topic``, partition by partition."""
        return [decode(topic, value) for value in self._values(topic)]

    def _values(self, topic: str) -> list[bytes]:
        if not self._is_kafka:
            return [bytes(value) for _, value in self.ask(_RECORDS, f"{self._prefix}{topic}")]
        reader = KafkaConsumer(bootstrap_servers=self._brokers, enable_auto_commit=False)
        try:
            parts = [TopicPartition(f"{self._prefix}{topic}", number) for number in range(TOPICS[topic].partitions)]
            ends = reader.end_offsets(parts, timeout_ms=10_000)
            reader.assign(parts)
            reader.seek_to_beginning()
            found: defaultdict[TopicPartition, list[bytes]] = defaultdict(list)
            while any(reader.position(part) < ends[part] for part in parts):
                for part, batch in reader.poll(timeout_ms=1_000).items():
                    found[part] += [record.value for record in batch]
            return [value for part in parts for value in found[part]]
        finally:
            reader.close()

    def ends(self, topic: str) -> dict[int, int]:
        if not self._is_kafka:
            return dict(self.ask(_ENDS, f"{self._prefix}{topic}"))
        reader = KafkaConsumer(bootstrap_servers=self._brokers, enable_auto_commit=False)
        try:
            parts = [TopicPartition(f"{self._prefix}{topic}", number) for number in range(TOPICS[topic].partitions)]
            return {part.partition: end for part, end in reader.end_offsets(parts, timeout_ms=10_000).items()}
        finally:
            reader.close()

    def stands(self, consumer: str, topic: str) -> dict[int, int]:
        """Where ``consumer`` stands in each partition that it has ever moved in."""
        place = topic if self._is_kafka else f"{topic}@embedded"
        query = "SELECT partition, next_offset FROM eventlog_consumerposition WHERE consumer = %s AND topic = %s"
        return dict(self.ask(query, consumer, place))

    def ask(self, query: str, *arguments: object) -> list[Any]:
        with psycopg.connect(self._cluster.database_url, autocommit=True) as database:
            return database.execute(query, arguments).fetchall()  # type: ignore[arg-type]

    @property
    def _brokers(self) -> list[str]:
        return self._cluster.env["KAFKA_BOOTSTRAP"].split(",")


def bars_of(messages: list[Any]) -> dict[tuple[str, int], Bar]:
    """The bars of a second that the prints on the log make, by symbol and start: counted here, not by the product. A print that
    the log holds twice counts once."""
    bars: dict[tuple[str, int], Bar] = {}
    seen: set[tuple[str, int, str, int]] = set()
    for message in messages:
        for tick in message.ticks:
            identity = (message.source, message.epoch, tick.symbol, tick.sequence)
            if identity in seen:
                continue
            seen.add(identity)
            key = (tick.symbol, tick.at_ns // 1_000_000_000)
            price, quantity = Decimal(tick.price), Decimal(tick.quantity)
            if key in bars:
                bars[key].add(price, quantity)
            else:
                bars[key] = Bar(price, price, price, price, quantity)
    return bars
