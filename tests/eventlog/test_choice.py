"""Which log an installation is on."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from tredye.settings.eventlog import event_log_of


@pytest.mark.parametrize(
    ("value", "brokers", "name"),
    [
        ("", [], "embedded"),
        ("", ["127.0.0.1:9092"], "kafka"),
        ("embedded", ["127.0.0.1:9092"], "embedded"),
        ("kafka", ["127.0.0.1:9092"], "kafka"),
    ],
)
def test_the_log_is_the_one_named_or_else_kafka_where_there_is_a_broker(value: str, brokers: list[str], name: str) -> None:
    assert event_log_of(value, brokers) == name


@pytest.mark.parametrize(
    ("value", "brokers", "complaint"),
    [
        ("postgres", [], "EVENT_LOG must be one of kafka, embedded, was 'postgres'"),
        ("Kafka", ["127.0.0.1:9092"], "EVENT_LOG must be one of kafka, embedded, was 'Kafka'"),
        ("kafka", [], "EVENT_LOG is kafka, so KAFKA_BOOTSTRAP must name a broker"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_the_variable(value: str, brokers: list[str], complaint: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=complaint):
        event_log_of(value, brokers)
