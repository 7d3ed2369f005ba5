import time
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.eventlog.port import Difference, LogUnavailableError
from apps.eventlog.provision import compare_topics, ensure_topics
from apps.eventlog.topics import TOPICS, full_name, partition_of, short_name
from tests.eventlog.harness import EffectHandler, effects, publish, running
from tests.eventlog.logs import Log
from tests.waiting import wait_until


def test_the_partition_of_a_key_never_changes() -> None:
    """Known answers: another value would send a symbol's next tick to another partition than its last one."""
    assert [partition_of(key, "marketdata.quotes") for key in ("BTC-USD", "EUR-USD", "AAPL", "1", "é")] == [
        _crc(key) % 4 for key in ("BTC-USD", "EUR-USD", "AAPL", "1", "é")
    ]
    assert partition_of(42, "orders.events") == partition_of("42", "orders.events")
    assert partition_of("anything", "instruments.events") == 0


def _crc(text: str) -> int:
    """CRC-32 (IEEE 802.3) by its definition, bit by bit."""
    value = 0xFFFFFFFF
    for byte in text.encode():
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


def test_names_carry_the_prefix_and_lose_it_again(prefix: str) -> None:
    assert full_name("orders.events") == f"{prefix}orders.events"
    assert short_name(full_name("orders.events")) == "orders.events"


def test_topics_are_made_once_and_quickly_found_again(topics: None) -> None:
    began_s = time.monotonic()
    assert ensure_topics() == []
    assert time.monotonic() - began_s < 2
    assert compare_topics() == []


def test_missing_topics_are_named(prefix: str, django_db_setup: None) -> None:
    assert {each.topic for each in compare_topics()} == set(TOPICS)
    out = StringIO()
    with pytest.raises(CommandError, match=f"differs from the table in {len(TOPICS)} places"):
        call_command("describe_topics", "--check", stdout=out)
    assert f"{prefix}orders.events is missing" in out.getvalue()


def test_a_wrong_retention_is_shown_and_mended(topics: None, log: Log) -> None:
    log.set_retention("orders.events", 1000)
    # A broker acknowledges a change of configuration a moment before it shows it.
    wrong = [Difference("orders.events", "retention_ms", -1, 1000)]
    wait_until(lambda: compare_topics() == wrong, 60, "the wrong retention")
    assert ensure_topics() == []
    wait_until(lambda: compare_topics() == [], 60, "the mended retention")


def test_the_table_is_printed(topics: None) -> None:
    out = StringIO()
    call_command("describe_topics", "--check", stdout=out)
    line = next(line for line in out.getvalue().splitlines() if line.startswith(full_name("orders.events")))
    assert line.split()[1:6] == ["account", "id", "4", "for", "ever"]
    assert "the log has all of them as declared" in out.getvalue()


def test_a_log_that_is_away_is_one_plain_sentence(log: Log) -> None:
    with log.away(), pytest.raises(LogUnavailableError, match=r"no broker at 127\.0\.0\.1:1|connection failed: .* port 1 failed"):
        ensure_topics()


@pytest.mark.usefixtures("prefix", "effect_table")
def test_a_topic_that_comes_later_is_read_then(log: Log) -> None:
    handler = EffectHandler()
    try:
        with running(handler) as worker:
            wait_until(lambda: len(handler.ticks) > 3, 60, "a reader that waits")
            assert set(ensure_topics()) == set(TOPICS)
            publish([(1, 1)])
            wait_until(lambda: effects(handler.name) == [(1, 1)], 60, "the effect")
        assert worker.error is None
    finally:
        log.delete_topics()
