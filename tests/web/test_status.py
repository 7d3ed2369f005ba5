"""The status page tells how things stand, to everybody, and is there when nothing else is."""

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from apps.engine.invariant_reports import ask_and_record
from apps.engine.invariants import LIVE
from apps.engine.models import InvariantReport
from apps.observability import health
from apps.observability.health import Probe
from apps.web import status
from tests.engine.world import World
from tests.pages import counted_queries

REAL = status.ENGINE


def away() -> None:
    raise OSError("10.1.2.3 is away: canary")


def here() -> None:
    pass


@pytest.fixture(autouse=True)
def all_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(health.PROBES):
        monkeypatch.setitem(health.PROBES, name, Probe(name, here))
    monkeypatch.setattr(status, "ENGINE", Probe("engine", here))


def text_of(client: Client) -> str:
    response = client.get("/status/")
    assert response.status_code == 200
    assert response["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    return response.content.decode()


def test_before_anything_was_checked_it_says_so(db: None, client: Client) -> None:
    page = text_of(client)
    assert "The checks have not been asked yet" in page
    assert "No instrument is open now" in page


def test_every_check_is_told_with_its_answer(world: World, client: Client) -> None:
    ask_and_record()
    page = text_of(client)
    assert page.count('<span class="badge badge-good">Yes</span>') == len(LIVE)
    assert "No check has ever failed here" in page
    assert f"Trading engine number {world.epoch}" in page


def test_a_violation_is_on_the_page_without_its_rows(world: World, client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_ledgeraccount SET total = total + 12345 WHERE account_id = %s", [world.alice.pk])
    ask_and_record()
    page = text_of(client)
    assert "A check of the books has failed" in page
    assert '<span class="badge badge-bad">No</span>' in page
    assert "A check last failed at" in page
    assert "12345" not in page


def test_old_answers_are_called_old(db: None, client: Client) -> None:
    ask_and_record()
    InvariantReport.objects.update(asked_at=datetime.now(UTC) - timedelta(minutes=6))
    assert "what they said may be old" in text_of(client)


def test_a_price_that_does_not_come_is_stale(world: World, client: Client) -> None:
    page = text_of(client)
    assert "0 of 1 open instruments have a price of the last seconds" in page
    assert "Trading works. Something below is late or away." in page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("engine", "New orders and cancels wait"),
        ("redis", "Prices reach pages late"),
        ("eventlog", "They are late; trading goes on"),
    ],
)
def test_what_is_away_is_told_in_plain_words(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    monkeypatch.setitem(health.PROBES, name, Probe(name, away))
    if name == "engine":
        monkeypatch.setattr(status, "ENGINE", Probe("engine", away))
    page = text_of(client)
    assert words in page
    assert ("Trading is paused" in page) is (name == "engine")
    assert "canary" not in page and "10.1.2.3" not in page


def test_an_engine_that_takes_connections_and_says_nothing_is_away(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    """As a frozen one does."""
    monkeypatch.setattr(status, "ENGINE", REAL)
    settings.ENGINE_URL = f"unix://{tmp_path}/e.sock"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(f"{tmp_path}/e.sock")
        silent.listen()
        assert "New orders and cancels wait" in text_of(client)


def test_without_the_database_it_stands_alone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """No database at all: this test has none, and a query would fail it."""
    monkeypatch.setitem(health.PROBES, "postgres", Probe("postgres", away))
    page = text_of(client)
    assert "Trading is paused" in page and "Ask again" in page
    assert "canary" not in page


def test_it_costs_a_handful_of_queries_however_many_ask(world: World, client: Client) -> None:
    ask_and_record()
    text_of(client)
    with counted_queries() as queries:
        text_of(client)
    assert len(queries) <= 6
