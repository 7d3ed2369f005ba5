"""The log's server is killed while one process writes and another reads: nothing acknowledged is lost, nothing overtakes."""

import pytest

from apps.eventlog.codec import decode, encode
from apps.eventlog.port import Producer, UnacknowledgedError
from apps.eventlog.producer import open_producer
from apps.eventlog.provision import ensure_topics
from tests.eventlog.harness import TOPIC, EffectHandler, by_account, deposit, effects, publish, read_log, running
from tests.eventlog.logs import Log
from tests.waiting import wait_until

pytestmark = [pytest.mark.usefixtures("prefix", "effect_table"), pytest.mark.processes]

ACCOUNTS = 5


def acknowledged(producer: Producer, sequence: int) -> bool:
    """Hand over one message and wait, however long its log is away, until it is acknowledged."""
    account = sequence % ACCOUNTS
    producer.send(TOPIC, str(account), encode(deposit(account, sequence)))

    def flushed() -> bool:
        try:
            producer.flush(1)
        except UnacknowledgedError:
            return False
        return True

    return wait_until(flushed, 60, f"the acknowledgement of {sequence}")


@pytest.mark.fault("F2")
def test_a_killed_server_loses_nothing_and_everybody_goes_on_by_themselves(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    handler = EffectHandler(once=True)
    with log.own_server(monkeypatch) as kill:
        wait_until(lambda: ensure_topics() or True, 60, "the topics")
        producer = open_producer("test", delivery_timeout_ms=60_000, connect_timeout_ms=10_000)
        with running(handler) as worker:
            assert all(acknowledged(producer, sequence) for sequence in range(1, 101))
            kill()
            assert all(acknowledged(producer, sequence) for sequence in range(101, 201))
            wait_until(lambda: len(effects(handler.name)) >= 200, 60, "every effect")
        producer.close()
        publish([(1, 201)])  # somebody new
        messages = [decode(TOPIC, record.value) for record in read_log()]
    assert worker.error is None
    assert sorted(effects(handler.name)) == sorted((sequence % ACCOUNTS, sequence) for sequence in range(1, 201))
    written = by_account([(message.account_id, message.sequence) for message in messages])
    assert {sequence for sequences in written.values() for sequence in sequences} == set(range(1, 202))
    for sequences in [*written.values(), *by_account(effects(handler.name)).values()]:
        # At least once: what was cut off in the middle may be there twice, and still nothing overtakes.
        assert list(dict.fromkeys(sequences)) == sorted(set(sequences))
