"""What the tests of the event log share: messages, a handler that writes to a table, and runners in threads."""

import os
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import psycopg
from django.conf import settings
from django.db import connection

from apps.eventlog import inbox, outbox
from apps.eventlog.codec import encode
from apps.eventlog.consumer import Runner
from apps.eventlog.handler import Handler, Record
from apps.eventlog.log import event_log
from apps.eventlog.port import Producer, Reader
from apps.eventlog.producer import open_producer
from apps.eventlog.relay import Relay
from apps.eventlog.schemas.accounts import FundsDeposited
from tests.eventlog.logs import Stored, log_of_run

TOPIC = "accounts.events"
PATIENCE_MS = 30_000


def deposit(account_id: int, sequence: int) -> FundsDeposited:
    return FundsDeposited(
        epoch=1,
        sequence=sequence,
        at_ns=sequence,
        account_id=account_id,
        account_sequence=sequence,
        transfer_id=sequence,
        asset="USD",
        amount="1",
    )


def patient_producer(client_id: str = "test", **more: Any) -> Producer:
    """One that waits for brokers and for where a topic is as long as a busy machine may take: how soon the product gives up is
    asked elsewhere."""
    return open_producer(client_id, **({"connect_timeout_ms": PATIENCE_MS, "block_ms_max": PATIENCE_MS} | more))


def publish(events: Sequence[tuple[int, int]]) -> None:
    """Publish one deposit for each (account, sequence)."""
    producer = patient_producer()
    try:
        for account_id, sequence in events:
            producer.send(TOPIC, str(account_id), encode(deposit(account_id, sequence)))
        producer.flush(30)
    finally:
        producer.close()


def publish_raw(account_id: int, value: bytes) -> None:
    producer = patient_producer()
    try:
        producer.send(TOPIC, str(account_id), value)
        producer.flush(30)
    finally:
        producer.close()


class EffectHandler(Handler):
    """Writes (account, sequence) of each deposit into a table of the test's own: an effect that can be counted."""

    topics = (TOPIC,)
    positions: Literal["database", "latest"] = "database"
    poison: Literal["stop", "park"] = "stop"

    def __init__(self, name: str | None = None, *, poison: Literal["stop", "park"] = "stop", once: bool = False) -> None:
        self.name = name or f"t{uuid.uuid4().hex[:8]}"
        self.poison = poison
        self.once = once
        self.broken: set[int] = set()
        self.calls = self.applied = 0
        self.started = self.stopped = self.forgotten = 0
        self.ticks: list[int] = []

    def start(self) -> None:
        self.started += 1

    def stop(self) -> None:
        self.stopped += 1

    def tick(self, now_ns: int) -> None:
        self.ticks.append(now_ns)

    def forget(self) -> None:
        self.forgotten += 1

    def handle(self, records: Sequence[Record]) -> None:
        self.calls += 1
        events = [record.message for record in records]
        if self.once:
            fresh = inbox.drop_seen(self.name, [(str(event.account_id), event.sequence) for event in events])
            events = [events[index] for index in fresh]
        with connection.cursor() as cursor:
            for event in events:
                cursor.execute(
                    "INSERT INTO test_effect (consumer, account, sequence) VALUES (%s, %s, %s)",
                    [self.name, event.account_id, event.sequence],
                )
        self.applied += len(events)
        if self.broken & {event.sequence for event in events}:
            raise ValueError("this one cannot be applied")


class LatestHandler(Handler):
    """Keeps what it saw in memory, as a display does."""

    topics = (TOPIC,)
    positions = "latest"
    poison = "park"

    def __init__(self) -> None:
        self.name = f"l{uuid.uuid4().hex[:8]}"
        self.look_back_s = 0.0
        self.seen: list[int] = []

    def handle(self, records: Sequence[Record]) -> None:
        self.seen += [record.message.sequence for record in records]


def effects(consumer: str) -> list[tuple[int, int]]:
    """(account, sequence) in the order in which they were written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT account, sequence FROM test_effect WHERE consumer = %s ORDER BY id", [consumer])
        return cursor.fetchall()


def by_account(rows: Sequence[tuple[int, int]]) -> dict[int, list[int]]:
    result: dict[int, list[int]] = {}
    for account, sequence in rows:
        result.setdefault(account, []).append(sequence)
    return result


class Worker:
    """Something with ``run()`` in a thread that ends when told to; ``error`` is what ended it otherwise."""

    def __init__(self, target: Any, stopping: threading.Event) -> None:
        self.stopping = stopping
        self.error: BaseException | None = None
        self.target = target
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.target.run()
        except BaseException as error:
            self.error = error
        finally:
            connection.close()

    def stop(self) -> None:
        self.stopping.set()
        self._thread.join(20)
        assert not self._thread.is_alive(), "the worker did not stop"


@contextmanager
def running(handler: Handler, member: str = "1") -> Iterator[Worker]:
    stopping = threading.Event()
    worker = Worker(Runner(handler, stopping, member=member), stopping)
    try:
        yield worker
    finally:
        worker.stop()


@contextmanager
def relaying(**options: Any) -> Iterator[Worker]:
    stopping = threading.Event()
    worker = Worker(Relay(stopping, **options), stopping)
    try:
        yield worker
    finally:
        worker.stop()


@contextmanager
def reading(group: str, topics: tuple[str, ...] = (TOPIC,), *, member: str = "1", **options: Any) -> Iterator[Reader]:
    """A reader without a runner; of the latest, unless ``load`` is given."""
    arguments = {"load": None, "lost": lambda _where, _offset: None, "records_max": 1_000, **options}
    reader = event_log().reader(group, topics, member=member, **arguments)
    try:
        yield reader
    finally:
        reader.close()


def own_connection() -> psycopg.Connection[Any]:
    """A connection beside Django's, to the test's database."""
    params = connection.get_connection_params()
    params.pop("cursor_factory", None)
    return psycopg.connect(**{**params, "autocommit": True, "application_name": "test"})


def write_outbox(database: psycopg.Connection[Any], lane: str, sequence: int, events: Sequence[tuple[int, int]]) -> None:
    """One outbox batch that ends with ``sequence``, holding a deposit for each (account, sequence)."""
    packed = outbox.pack([(TOPIC, str(account), f"1-{each}", encode(deposit(account, each))) for account, each in events])
    database.execute(
        "INSERT INTO eventlog_outboxbatch (lane, last_sequence, messages) VALUES (%s, %s, %s)", [lane, sequence, packed]
    )
    database.execute(f"NOTIFY {outbox.CHANNEL}")


def read_log(topic: str = TOPIC) -> list[Stored]:
    """Every record on ``topic`` now, partition by partition."""
    return log_of_run().read(topic)


def process_environment() -> dict[str, str]:
    """What a process of the product is told, to work on the test's database and log."""
    database = connection.settings_dict
    user, host, port, name = database["USER"], database["HOST"], database["PORT"], database["NAME"]
    password = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{user}{password}@{host}:{port}/{name}",
        "DJANGO_SETTINGS_MODULE": "tredye.settings.dev",
        "EVENT_LOG": settings.EVENT_LOG,
        "KAFKA_TOPIC_PREFIX": settings.KAFKA_TOPIC_PREFIX,
        "SECRET_KEY": settings.SECRET_KEY,
    }
