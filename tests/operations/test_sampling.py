"""Samples and slots: each once, bounded, kept through an absence of Postgres, and shown to admins and to everybody."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from apps.core.enums import Role
from apps.observability.metrics import exposition
from apps.operations import sampler, scrape, services
from apps.operations.components import COMPONENTS, State
from apps.operations.models import Sample, Slot
from apps.operations.sampler import Sampler
from apps.operations.selectors import get_history, list_samples
from apps.operations.services import keep_sample
from tests.pages import PARTIAL, client_of
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, 7, 31, tzinfo=UTC)
UP = dict.fromkeys(COMPONENTS, State.UP)


@pytest.fixture
def targets(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, tuple[str, int]]]:
    """This process as the web process, over HTTP; and a stream process that is away."""

    class Metrics(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = exposition()[0]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Metrics)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.METRICS_TARGETS = {"web": ("127.0.0.1", server.server_port), "stream": ("127.0.0.1", 1)}
    # Who asks and who answers are one process here, beside others on the same cores: its patience is another test's.
    monkeypatch.setattr(scrape, "TIMEOUT_S", 30.0)
    yield settings.METRICS_TARGETS
    server.shutdown()
    server.server_close()


def keep(at: datetime, states: dict[str, State] = UP, **paces: int | None) -> bool:
    return keep_sample(at=at, figures={}, states=states, paces=paces)


def test_two_who_sample_at_once_count_once() -> None:
    assert keep(NOW) is True
    assert keep(NOW + timedelta(seconds=10)) is False
    assert keep(NOW + timedelta(seconds=15)) is True
    assert Slot.objects.get().counts["pages"] == [2, 0, 0]


def test_what_is_too_old_goes_when_something_comes() -> None:
    keep(NOW - timedelta(days=8))
    keep(NOW - timedelta(hours=3))
    keep(NOW)
    assert [row.taken_at for row in Sample.objects.all()] == [datetime(2026, 11, 22, 12, 7, 30, tzinfo=UTC)]
    assert Slot.objects.count() == 2


def test_the_day_is_told_in_quarters_of_an_hour() -> None:
    for seconds in range(0, 60, 15):
        keep(NOW - timedelta(hours=1, seconds=seconds), UP, orders=seconds)
    keep(NOW, UP | {"trading": State.DOWN, "prices": State.DEGRADED}, orders=None, stream=9)
    history = get_history(NOW)
    days = {day.name: day for day in history.days}
    assert len(days["pages"].slots) == 96
    assert [slot.word for slot in days["pages"].slots[-5:]] == ["up", "unknown", "unknown", "unknown", "up"]
    trading = days["trading"]
    assert (trading.slots[-1].word, trading.slots[-1].minutes_down, trading.up_percent) == ("down", 1, "80 %")
    assert (days["prices"].slots[-1].word, days["prices"].up_percent) == ("degraded", "100 %")
    orders, stream = history.paces
    assert (orders.median_ms, orders.slots[-1][1], stream.worst_ms) == (22, None, 9)
    assert history.since == datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def test_all_processes_are_asked_and_what_they_say_is_kept(targets: Any) -> None:
    mine = Sampler()
    mine.take(NOW)
    taken = mine.take(NOW + timedelta(seconds=15))
    assert (taken.states["pages"], taken.states["updates"], taken.states["trading"]) == (State.UP, State.DOWN, State.UP)
    kept = list_samples(NOW + timedelta(seconds=20))
    assert len(kept) == 2
    web, stream = kept[-1].figures["processes"]
    assert (web["process"], web["up"]) == ("web", True) and web["rss"] > 10_000_000 and 0 <= web["cpu"] < 16
    assert (stream["process"], stream["up"]) == ("stream", False) and "refused" in stream["reason"].lower()
    shown = exposition()[0].decode()
    assert 'tredye_component_state{component="updates"} 2.0' in shown
    assert 'tredye_postgres_sessions{state="active"}' in shown and "tredye_postgres_sessions_max 0" not in shown


def test_two_of_a_kind_are_one_part_and_a_choice_that_nobody_made_is_not_asked(targets: Any, settings: Any) -> None:
    address = targets["web"]
    settings.METRICS_TARGETS = {"web": address, "web-2?": ("127.0.0.1", 1), "stream": address, "stream-2?": ("nobody.invalid", 1)}
    taken = Sampler().take(NOW)
    assert [row["process"] for row in taken.figures["processes"]] == ["web", "web-2", "stream"]
    assert (taken.states["pages"], taken.states["updates"]) == (State.DEGRADED, State.UP)


def test_while_postgres_is_away_samples_wait_and_are_then_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> bool:
        raise OperationalError("away")

    mine = Sampler()
    with monkeypatch.context() as away:
        away.setattr(sampler, "keep_sample", refuse)
        away.setattr(sampler.connection, "close", lambda: None)  # it is the test's own
        mine.take(NOW)
        mine.take(NOW + timedelta(seconds=15))
    assert not Sample.objects.exists()
    mine.take(NOW + timedelta(seconds=30))
    assert Sample.objects.count() == 3
    assert len(mine._waiting) == 0 and mine._waiting.maxlen == sampler.WAITING_MAX


def test_an_admin_sees_processes_and_charts(targets: Any) -> None:
    admin = client_of(make_staff("root@example.com", Role.ADMIN))
    page = admin.get("/operators/").content.decode()
    assert "Nobody has sampled yet" in page and "Up</span>" in page and "Connection refused" in page
    mine, now = Sampler(), datetime.now(UTC)
    mine.take(now - timedelta(seconds=15))
    mine.take(now)
    page = admin.get("/operators/").content.decode()
    assert "1 of 2 processes does not answer" in page and "Live updates: down" in page
    assert page.count('class="board-line"') > 20 and "MiB</td>" in page
    part = admin.get("/operators/", headers=PARTIAL).content.decode()
    assert "<html" not in part and "Processes" in part


def test_samples_that_have_stopped_are_told_of(targets: Any) -> None:
    Sampler().take(datetime.now(UTC) - timedelta(minutes=5))
    page = client_of(make_staff("root@example.com", Role.ADMIN)).get("/operators/").content.decode()
    assert "Nobody has sampled since" in page and "is beat there?" in page


def test_everybody_sees_the_day_and_nothing_of_where_or_why(client: Client, targets: Any) -> None:
    page = client.get("/status/").content.decode()
    assert "Nothing has been measured here yet" in page
    Sampler().take(datetime.now(UTC))
    page = client.get("/status/").content.decode()
    assert page.count('class="status-bar"') == len(COMPONENTS)
    assert 'class="slot-down"' in page and "1 min away" in page and 'class="slot-unknown"' in page
    assert "127.0.0.1" not in page and "refused" not in page.lower()


def test_a_slot_that_grows_for_ever_does_not() -> None:
    for number in range(services._PACES_MAX + 5):
        Sample.objects.all().delete()
        keep(NOW, UP, orders=number)
    assert len(Slot.objects.get().paces["orders"]) == services._PACES_MAX
