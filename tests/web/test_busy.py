"""A page that finds every connection in use says 503 and when to come back; what is broken is still a 500."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client
from django.urls import path
from psycopg import errors
from psycopg_pool import PoolTimeout

from tredye.urls import handler500
from tredye.urls import urlpatterns as ours

__all__ = ["handler500"]


def busy(_request: object) -> None:
    raise OperationalError("couldn't get a connection after 2.00 sec") from PoolTimeout(
        "couldn't get a connection after 2.00 sec"
    )


def late(request: HttpRequest) -> None:
    error = getattr(errors, request.GET["error"])
    raise OperationalError("given up") from error("given up")


def away(_request: object) -> None:
    raise OperationalError("connection refused")


urlpatterns = [path("busy/", busy), path("away/", away), path("late/", late), *ours]


@pytest.fixture
def client(settings: object) -> Iterator[Client]:
    settings.ROOT_URLCONF = __name__  # type: ignore[attr-defined]
    yield Client(raise_request_exception=False)


def test_no_free_connection_is_a_503_that_passes(client: Client) -> None:
    answer = client.get("/busy/")

    assert answer.status_code == 503
    assert answer["Retry-After"] == "2"
    assert "Busy for a moment" in answer.content.decode()
    assert "style-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.fault("F34")
@pytest.mark.parametrize(
    "error", ["LockNotAvailable", "DeadlockDetected", "SerializationFailure", "QueryCanceled", "TooManyConnections"]
)
def test_what_postgres_gives_up_because_of_others_is_a_503_that_passes(client: Client, error: str) -> None:
    answer = client.get("/late/", {"error": error})
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert "Busy for a moment" in answer.content.decode()


def test_what_is_broken_is_a_500(client: Client) -> None:
    answer = client.get("/away/")

    assert answer.status_code == 500
    assert "Retry-After" not in answer
    assert "Something broke on our side" in answer.content.decode()
