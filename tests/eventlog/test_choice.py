"""Which log an installation is on: what the environment says, and what stops the start."""

import os
import subprocess
import sys

import pytest


def start(**given: str) -> "subprocess.CompletedProcess[str]":
    """The settings as a process reads them, with ``given`` and nothing else about the log."""
    environ = {name: value for name, value in os.environ.items() if name not in ("EVENT_LOG", "KAFKA_BOOTSTRAP")}
    script = "from django.conf import settings; print(settings.EVENT_LOG)"
    return subprocess.run(
        [sys.executable, "-c", script], env=environ | given, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"KAFKA_BOOTSTRAP": ""}, "embedded"),
        ({"KAFKA_BOOTSTRAP": "127.0.0.1:9092"}, "kafka"),
        ({"KAFKA_BOOTSTRAP": "127.0.0.1:9092", "EVENT_LOG": "embedded"}, "embedded"),
    ],
)
def test_the_log_is_the_one_named_or_else_kafka_where_there_is_a_broker(given: dict[str, str], name: str) -> None:
    done = start(**given)
    assert (done.returncode, done.stdout.strip()) == (0, name), done.stderr


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"EVENT_LOG": "postgres"}, "settings: EVENT_LOG must be kafka or embedded, was 'postgres'"),
        ({"EVENT_LOG": "kafka"}, "settings: KAFKA_BOOTSTRAP must be set when EVENT_LOG is kafka"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_the_variable(given: dict[str, str], complaint: str) -> None:
    done = start(KAFKA_BOOTSTRAP="", **given)
    assert (done.returncode, done.stderr.strip()) == (1, complaint)
