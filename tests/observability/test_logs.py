"""Each test runs a process of its own: what counts is what reaches its stdout."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

CONTEXT = "import django; django.setup(); import logging, structlog; from apps.observability.logs import correlated\n"


def lines_of(code: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-c", CONTEXT + code], capture_output=True, text=True, timeout=60, check=True, env={**os.environ}
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_both_kinds_of_logger_write_one_json_line() -> None:
    ours, theirs = lines_of(
        'structlog.get_logger("a").info("opened", account_id=7); logging.getLogger("b").warning("said %s", "no")'
    )
    assert (ours["event"], ours["account_id"], ours["level"], ours["logger"]) == ("opened", 7, "info", "a")
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("said no", "warning", "b")
    assert ours["timestamp"].endswith("Z")


def test_a_line_of_text_cannot_forge_another() -> None:
    (line,) = lines_of('logging.getLogger("b").warning("name was %s", "x\\n{\\"event\\": \\"forged\\"}")')
    assert line["event"].startswith("name was x")


def test_lines_inside_a_story_carry_its_id() -> None:
    inside, outside = lines_of(
        'with correlated("story-0001"): logging.getLogger("b").info("one")\nstructlog.get_logger("a").info("two")'
    )
    assert inside["correlation_id"] == "story-0001"
    assert "correlation_id" not in outside


def test_a_foreseen_failure_is_one_sentence_and_a_bug_has_its_stack() -> None:
    foreseen, bug = lines_of(
        """
from django.db import OperationalError
for error in (OperationalError("server closed the connection\\nunexpectedly"), KeyError("x")):
    try:
        raise error
    except Exception:
        logging.getLogger("b").exception("could not go on")
"""
    )
    assert foreseen["error"] == "OperationalError: server closed the connection unexpectedly"
    assert "exception" not in foreseen
    assert "Traceback" in bug["exception"]


def test_importing_and_configuring_twice_writes_lines_once() -> None:
    code = 'from apps.observability.logs import configure_logging\nconfigure_logging()\nlogging.getLogger("b").info("once")'
    assert [line["event"] for line in lines_of(code)] == ["once"]


@pytest.mark.parametrize("offered", ["abcdefgh", "A-1-b-2-c", "x" * 64])
def test_a_plain_request_id_is_kept(client: Client, offered: str) -> None:
    assert client.get("/livez", headers={"X-Request-ID": offered})["X-Request-ID"] == offered


@pytest.mark.parametrize("offered", ["", "short", "x" * 65, "has space8", "new\nline8", "\u00e9" * 8, "{}{}{}{}{}", "id;drop--8"])
def test_any_other_is_replaced(client: Client, offered: str) -> None:
    answered = client.get("/livez", headers={"X-Request-ID": offered})["X-Request-ID"]
    assert answered != offered
    assert len(answered) == 36


def test_a_failed_request_is_logged_with_its_id() -> None:
    (line,) = lines_of(
        """
from django.test import Client
Client(raise_request_exception=False, SERVER_NAME="localhost").get("/nowhere", headers={"X-Request-ID": "abcdefgh"})
"""
    )
    assert (line["event"], line["correlation_id"], line["status_code"]) == ("Not Found: /nowhere", "abcdefgh", 404)
