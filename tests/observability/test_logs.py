"""What reaches the stdout of a process. One process says everything; each test looks at its own lines."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

from apps.observability.tracing import is_trace_id, trace_id_of

SCRIPT = """
import django; django.setup()
import logging, structlog
from django.db import OperationalError
from django.test import Client
from apps.observability.logs import configure_logging, correlated

configure_logging()  # a second time
structlog.get_logger("ours").info("opened", account_id=7)
logging.getLogger("theirs").warning("said %s", "no")
logging.getLogger("hostile").warning("name was %s", 'x\\n{"event": "forged"}')
with correlated("story-0001"):
    logging.getLogger("story").info("inside")
structlog.get_logger("story").info("outside")
for error in (OperationalError("server closed the connection\\nunexpectedly"), KeyError("x")):
    try:
        raise error
    except Exception:
        logging.getLogger("failure").exception("could not go on")
structlog.get_logger("failure").exception("could not", exc_info=TimeoutError("slow"))
for name in ("uvicorn.error", "decoding"):
    try:
        b"\\xff".decode()
    except UnicodeDecodeError:
        logging.getLogger(name).exception("Invalid UTF-8 sequence received from client.")
client = Client(raise_request_exception=False, SERVER_NAME="localhost")
client.get("/nowhere", headers={"X-Request-ID": "abcdefgh"})
import sys
of_spans = [name for name in sys.modules if name.startswith(("opentelemetry.", "google.protobuf"))]
structlog.get_logger("modules").info("loaded", of_spans=of_spans)
"""


def output(log_format: str) -> list[str]:
    env = {**os.environ, "LOG_FORMAT": log_format}
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=True, env=env)
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in output("json")]


def by(lines: list[dict[str, Any]], logger: str) -> list[dict[str, Any]]:
    return [line for line in lines if line["logger"] == logger]


def test_both_kinds_of_logger_write_one_json_line(lines: list[dict[str, Any]]) -> None:
    (ours,), (theirs,) = by(lines, "ours"), by(lines, "theirs")
    assert (ours["event"], ours["account_id"], ours["level"]) == ("opened", 7, "info")
    assert (theirs["event"], theirs["level"]) == ("said no", "warning")
    assert ours["timestamp"].endswith("Z")


def test_a_text_cannot_forge_a_line(lines: list[dict[str, Any]]) -> None:
    (line,) = by(lines, "hostile")
    assert line["event"] == 'name was x\n{"event": "forged"}'
    assert "forged" not in [each["event"] for each in lines]


def test_text_for_a_person_has_plain_tracebacks_and_no_forged_lines() -> None:
    text = output("text")
    (said,) = [line for line in text if "name was x" in line]
    assert r'\n{"event": "forged"}' in said
    assert any(line.startswith("Traceback") for line in text)
    assert not any("locals" in line for line in text)


def test_lines_inside_a_story_carry_its_id(lines: list[dict[str, Any]]) -> None:
    inside, outside = by(lines, "story")
    assert inside["correlation_id"] == "story-0001"
    assert "correlation_id" not in outside


def test_a_foreseen_failure_is_one_sentence_and_a_bug_has_its_stack(lines: list[dict[str, Any]]) -> None:
    foreseen, bug, slow = by(lines, "failure")
    assert foreseen["error"] == "OperationalError: server closed the connection unexpectedly"
    assert "exception" not in foreseen
    assert "Traceback" in bug["exception"]
    assert slow["error"] == "TimeoutError: slow"


def test_a_failed_request_is_logged_with_its_id(lines: list[dict[str, Any]]) -> None:
    (line,) = by(lines, "django.request")
    assert (line["event"], line["correlation_id"], line["status_code"]) == ("Not Found: /nowhere", trace_id_of("abcdefgh"), 404)


def test_without_a_collector_nothing_of_spans_is_even_imported(lines: list[dict[str, Any]]) -> None:
    (loaded,) = by(lines, "modules")
    assert loaded["of_spans"] == []


@pytest.mark.parametrize("offered", ["abcdefgh", "A-1-b-2-c", "x" * 64])
def test_a_plain_request_id_is_kept(client: Client, offered: str) -> None:
    assert client.get("/livez", headers={"X-Request-ID": offered})["X-Request-ID"] == offered


@pytest.mark.parametrize("offered", ["", "short", "x" * 65, "has space8", "new\nline8", "\u00e9" * 8, "{}{}{}{}{}", "id;drop--8"])
def test_any_other_is_replaced(client: Client, offered: str) -> None:
    answered = client.get("/livez", headers={"X-Request-ID": offered})["X-Request-ID"]
    assert answered != offered
    assert is_trace_id(answered)


def test_a_client_s_bad_text_is_one_sentence_and_our_own_is_a_stack(lines: list[dict[str, Any]]) -> None:
    (client,) = by(lines, "uvicorn.error")
    assert "exception" not in client and client["error"].startswith("UnicodeDecodeError")
    (ours,) = by(lines, "decoding")
    assert "Traceback" in ours["exception"]
