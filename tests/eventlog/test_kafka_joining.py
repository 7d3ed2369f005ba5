"""Joining a group of Kafka, on a machine that is too busy for it."""

from typing import Any

import pytest

from tests.eventlog.harness import EffectHandler, effects, publish, running
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("kafka", "topics", "effect_table")


@pytest.fixture
def kafka(settings: Any) -> None:
    if not settings.KAFKA_BOOTSTRAP:
        pytest.skip("no Kafka here: KAFKA_BOOTSTRAP is not set")
    settings.EVENT_LOG = "kafka"


def test_polls_too_short_to_join_grow_until_they_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """With 5 ms for ever the look-up of the coordinator is begun anew each time, and the consumer reads nothing."""
    monkeypatch.setattr("apps.eventlog.kafka.reader._POLL_MS_JOINING", 5)
    publish([(1, 1)])
    handler = EffectHandler()
    with running(handler):
        wait_until(lambda: effects(handler.name) == [(1, 1)], 30, "the one effect")
