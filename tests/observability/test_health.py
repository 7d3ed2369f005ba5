import re
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.observability import health
from apps.observability.health import Probe, check_dependencies
from tests.eventlog.conftest import prefix, topics
from tests.waiting import wait_until

__all__ = ["prefix", "topics"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Any:
    """Something that accepts connections where the engine should; and the topics, where the probe asks for them."""
    if settings.EVENT_LOG == "embedded":
        request.getfixturevalue("topics")
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "e.sock"))
    server.listen(8)
    settings.ENGINE_URL = f"unix://{tmp_path}/e.sock"
    yield server
    server.close()


def test_alive_without_any_dependency(client: Client, settings: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        response = client.get("/livez")
    assert (response.status_code, response.content) == (200, b"alive\n")


def test_ready_when_everything_is_there(client: Client, engine: Any) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["missing"] == []
    assert set(response.json()["checks"]) == {"postgres", "redis", "eventlog", "engine"}


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"ENGINE_URL": "unix:///nowhere/engine.sock"}, "engine"),
        ({"ENGINE_URL": "tcp://127.0.0.1:1"}, "engine"),
        (
            {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}},
            "redis",
        ),
    ],
)
def test_what_is_missing_is_named_with_its_reason(
    client: Client, engine: Any, settings: Any, changed: dict[str, Any], name: str
) -> None:
    for setting, value in changed.items():
        setattr(settings, setting, value)
    response = client.get("/readyz")
    assert response.status_code == 503
    body = response.json()
    assert body["missing"] == [name]
    assert body["checks"][name]["status"] == "missing"
    assert body["checks"][name]["reason"]


def test_a_log_that_cannot_be_used_is_named(client: Client, engine: Any, settings: Any) -> None:
    """Kafka: nobody there. The embedded log: nobody has made its topics."""
    if settings.EVENT_LOG == "kafka":
        settings.KAFKA_BOOTSTRAP = ["127.0.0.1:1"]
    else:
        settings.KAFKA_TOPIC_PREFIX = "nobodys."
    body = client.get("/readyz").json()
    assert body["missing"] == ["eventlog"]
    assert re.search("no broker accepts|manage.py create_topics has not made nobodys", body["checks"]["eventlog"]["reason"])


def test_a_database_that_refuses_is_named(client: Client, engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM no_such_table")

    probes = tuple(Probe("postgres", refuse) if each.name == "postgres" else each for each in health.PROBES.values())
    assert [answer.name for answer in check_dependencies(probes) if not answer.ok] == ["postgres"]


def test_outsiders_learn_only_whether_it_is_ready(client: Client, engine: Any, settings: Any) -> None:
    settings.ENGINE_URL = "tcp://127.0.0.1:1"
    assert client.get("/readyz", REMOTE_ADDR="10.0.0.9").json() == {"ready": False}
    assert client.get("/readyz", headers={"X-Forwarded-For": "10.0.0.9"}).json() == {"ready": False}


def test_a_hanging_dependency_costs_one_second_and_one_thread() -> None:
    release = threading.Event()
    calls: list[int] = []

    def hang() -> None:
        calls.append(1)
        release.wait(20)

    probes = (Probe("hanging", hang), Probe("there", lambda: None))
    began_s = time.monotonic()
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(check_dependencies(probes))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert time.monotonic() - began_s < 3
    assert [[answer.ok for answer in each] for each in answers] == [[False, True]] * 20
    assert answers[0][0].reason == "no answer within 1.0 s"
    assert calls == [1]
    release.set()
    wait_until(lambda: check_dependencies(probes)[0].ok, 60, "the recovery")


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/livez").status_code == 405
    assert client.post("/readyz").status_code == 405
