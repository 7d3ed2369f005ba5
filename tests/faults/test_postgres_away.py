"""Postgres is silent, or takes no connections: pages and programs are told so at once, prices go on, and all of it comes back."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from tests.faults.asking import Answer, ask
from tests.faults.figures import note
from tests.faults.measures import counted
from tests.faults.proxy import Proxy
from tests.realtime.conftest import ORIGIN, Server, database, logs, open_browser
from tests.realtime.owner import Owner
from tests.waiting import wait_until

__all__ = ["database", "logs"]  # fixtures

pytestmark = pytest.mark.processes
PAGE = "/portfolio/"


@pytest.fixture(scope="module")
def line(database: psycopg.Connection) -> Iterator[Proxy]:
    """The network between the server and Postgres."""
    of = settings.DATABASES["default"]
    with Proxy((of["HOST"], int(of["PORT"]))) as line:
        yield line


@pytest.fixture(scope="module")
def server(line: Proxy, logs: Path) -> Iterator[Server]:
    of = settings.DATABASES["default"]
    login = f"{of['USER']}:{of['PASSWORD']}" if of["PASSWORD"] else of["USER"]
    url = f"postgres://{login}@127.0.0.1:{line.port}/{of['NAME']}"
    server = Server("daphne", logs / "postgres-away.log", DATABASE_URL=url)
    yield server
    server.end()


@pytest.fixture
def owner(database: psycopg.Connection, django_db_blocker: Any) -> Iterator[Owner]:
    owner = Owner(database, django_db_blocker, "away")
    yield owner
    owner.erase()


@pytest.fixture
def page(server: Server, owner: Owner) -> Callable[..., Answer]:
    """Ask for a page of somebody who is logged in."""
    cookie = f"sessionid={owner.session_key}; csrftoken={'a' * 32}"
    return lambda path=PAGE, **more: ask(server.port, path, Cookie=cookie, **more)


def wait_until_told(page: Callable[..., Answer]) -> Answer:
    return wait_until(lambda: found if (found := page()).status == 503 else None, what="a page that says that Postgres is away")


def check_what_is_told(server: Server, page: Callable[..., Answer]) -> None:
    """What every door says while it is away, none of it after a wait."""
    told = page()
    assert told.status == 503 and told.headers["Retry-After"] == "2"
    assert "Trading is paused" in told.body and "Who is logged in stays logged in" in told.body
    assert "Set-Cookie" not in told.headers, "the log-in is left as it is"
    assert "script-src 'self'" in told.headers["Content-Security-Policy"]
    sent = page("/orders/submit/", method="POST", body="symbol=X")
    assert "What you sent was not taken" in sent.body and sent.headers["Tredye-Not-Begun"] == "1"
    fragment = page("/orders/submit/", method="POST", body="symbol=X", HX_Request="true")
    assert fragment.status == 503 and fragment.body.startswith("Trading is paused: nothing was sent")
    quotes = page("/markets/quotes?symbols=X", Accept="application/json")
    assert (quotes.status, json.loads(quotes.body)["code"]) == (503, "AWAY")
    program = ask(server.port, "/api/v1/orders", Authorization=f"Bearer tredye_{'a' * 12}_{'b' * 43}")
    assert (program.status, json.loads(program.body)["code"]) == (503, "READ_UNAVAILABLE")
    assert [ask(server.port, path).status for path in ("/livez", "/status/", "/static/web/tokens.css")] == [200] * 3
    assert counted(server.port, "tredye_breaker_opened", server="postgres") >= 1
    asyncio.run(check_the_stream_lets_in(server))


async def check_the_stream_lets_in(server: Server) -> None:
    """A handshake needs no database, nor does what is watched."""
    async with asyncio.timeout(30), open_browser(server.url, ORIGIN) as browser:
        await browser.hello()
        await browser.say(op="watch", symbols=["AWAY-USD"])
        await browser.first("q")


@pytest.mark.fault("F7")
def test_a_silent_postgres_is_told_of_at_once_and_everything_comes_back(
    server: Server, line: Proxy, page: Callable[..., Answer]
) -> None:
    assert page().status == 200
    line.blackhole()
    first = wait_until_told(page)
    note("F7", f"blackholed: the first page that is told of it ends after {first.took_s:.2f} s")
    check_what_is_told(server, page)
    line.heal()
    back = wait_until(lambda: found if (found := page()).status == 200 else None, what="the same log-in's page")
    assert "Log out" in back.body


@pytest.mark.fault("F4")
def test_a_postgres_that_takes_no_connections_is_told_of_at_once(
    server: Server, line: Proxy, page: Callable[..., Answer]
) -> None:
    assert page().status == 200
    line.refuse()
    wait_until_told(page)
    check_what_is_told(server, page)
    line.heal()
    wait_until(lambda: page().status == 200, what="the page")
