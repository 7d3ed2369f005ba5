"""Must-arrive events: ticket, replay, order, gap, and the end of a log-in."""

import asyncio
import json
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from django.test import Client, override_settings

from apps.realtime import limits
from apps.realtime.tickets import issue_ticket
from tests.realtime.conftest import Browser, Market, Process, Server, open_browser
from tests.realtime.owner import Owner

pytestmark = pytest.mark.processes


def sequences(browser: Browser) -> list[int]:
    return [event["account_sequence"] for event in browser.of("a")]


@pytest.mark.asyncio
async def test_events_ring_through_the_log_and_come_from_postgres(server: Server, market: Market, make_owner: Any) -> None:
    owner = make_owner()
    async with open_browser(server.url) as browser:
        welcome = await browser.hello(ticket=owner.ticket(), account_sequence=0)
        assert (welcome["account_id"], welcome["account_sequence"]) == (owner.account_id, 0)
        event = owner.commit()
        market.send("accounts.events", str(owner.account_id), event)
        market.flush()
        arrived = await browser.first("a", within=3)
        assert arrived["d"] == [json.loads(msgspec.json.encode(event))]


@pytest.mark.asyncio
async def test_events_that_nobody_rang_for_come_with_the_poll(uvicorn: Server, make_owner: Any) -> None:
    owner = make_owner()
    async with open_browser(uvicorn.url) as browser:
        await browser.hello(ticket=owner.ticket(), account_sequence=0)
        owner.commit()
        await browser.first("a", within=8)


@pytest.mark.asyncio
async def test_a_reconnect_replays_without_gap_and_without_repeat(server: Server, market: Market, make_owner: Any) -> None:
    owner = make_owner()
    owner.commit(3)
    async with open_browser(server.url) as first:
        assert (await first.hello(ticket=owner.ticket(), account_sequence=1))["recovered"] is True
        await first.first("a")
        assert sequences(first) == [2, 3]
    owner.commit(250)
    async with open_browser(server.url) as second:
        await second.hello(ticket=owner.ticket(), account_sequence=3)
        await second.first("a", lambda _: len(sequences(second)) >= 250)
        event = owner.commit()
        for _ in range(3):  # bells may come twice
            market.send("accounts.events", str(owner.account_id), event)
        market.flush()
        await second.first("a", lambda _: 254 in sequences(second))
        assert sequences(second) == list(range(4, 255))


@pytest.mark.asyncio
async def test_too_much_to_replay_is_a_gap_and_events_go_on_after_it(uvicorn: Server, market: Market, make_owner: Any) -> None:
    owner = make_owner()
    owner.commit(302)
    async with open_browser(uvicorn.url) as browser:
        await browser.hello(ticket=owner.ticket(), account_sequence=1)
        assert browser.messages[0]["recovered"] is False
        assert (await browser.first("gap"))["account_sequence"] == 302
        market.send("accounts.events", str(owner.account_id), owner.commit())
        market.flush()
        await browser.first("a")
        assert sequences(browser) == [303]


@pytest.mark.asyncio
async def test_a_page_ahead_of_the_truth_has_to_load_anew(uvicorn: Server, make_owner: Any) -> None:
    owner = make_owner()
    owner.commit(2)
    async with open_browser(uvicorn.url) as browser:
        assert (await browser.hello(ticket=owner.ticket(), account_sequence=50))["recovered"] is False
        assert (await browser.first("gap"))["account_sequence"] == 2


@pytest.mark.asyncio
async def test_without_a_sequence_events_begin_now(uvicorn: Server, market: Market, make_owner: Any) -> None:
    owner = make_owner()
    owner.commit(5)
    async with open_browser(uvicorn.url) as browser:
        welcome = await browser.hello(ticket=owner.ticket())
        assert (welcome["account_sequence"], welcome["recovered"]) == (5, True)
        market.send("accounts.events", str(owner.account_id), owner.commit())
        market.flush()
        await browser.first("a")
        assert sequences(browser) == [6]


@pytest.mark.asyncio
async def test_as_many_as_can_be_replayed_are_and_one_more_is_a_gap(uvicorn: Server, make_owner: Any) -> None:
    owner = make_owner()
    owner.commit(limits.REPLAY_MAX + 1)
    async with open_browser(uvicorn.url) as whole, open_browser(uvicorn.url) as behind:
        assert (await whole.hello(ticket=owner.ticket(), account_sequence=1))["recovered"] is True
        await whole.first("a", lambda _: len(sequences(whole)) == limits.REPLAY_MAX)
        assert sequences(whole) == list(range(2, limits.REPLAY_MAX + 2))
        assert (await behind.hello(ticket=owner.ticket(), account_sequence=0))["recovered"] is False
        await behind.first("gap")
        assert sequences(behind) == []


@pytest.mark.asyncio
async def test_a_page_that_has_everything_recovers_and_a_visitor_has_nothing_to_recover(server: Server, make_owner: Any) -> None:
    owner = make_owner()
    owner.commit(2)
    async with open_browser(server.url) as his, open_browser(server.url) as visitor:
        assert (await his.hello(ticket=owner.ticket(), account_sequence=2))["recovered"] is True
        assert "recovered" not in await visitor.hello()
        await his.first("h", lambda message: message["n"] >= 2)
        assert not [message for message in his.messages if message["t"] in ("a", "gap")]


@pytest.mark.asyncio
async def test_nobody_sees_the_events_of_another_account(uvicorn: Server, market: Market, make_owner: Any) -> None:
    alice, bob = make_owner(), make_owner()
    async with open_browser(uvicorn.url) as hers, open_browser(uvicorn.url) as his, open_browser(uvicorn.url) as anonymous:
        await hers.hello(ticket=alice.ticket(), account_sequence=0)
        await his.hello(ticket=bob.ticket(), account_sequence=0)
        await anonymous.hello(account_sequence=0)
        market.send("accounts.events", str(alice.account_id), alice.commit())
        market.flush()
        await hers.first("a")
        market.send("accounts.events", str(bob.account_id), bob.commit())
        market.flush()
        await his.first("a")
        assert {event["account_id"] for event in hers.of("a")} == {alice.account_id}
        assert {event["account_id"] for event in his.of("a")} == {bob.account_id}
        assert anonymous.of("a") == []


@pytest.mark.asyncio
async def test_a_ticket_is_good_for_one_socket_on_all_servers(uvicorn: Server, daphne: Server, make_owner: Any) -> None:
    ticket = make_owner().ticket()
    async with open_browser(uvicorn.url) as first:
        await first.hello(ticket=ticket)
        for server in (uvicorn, daphne):
            async with open_browser(server.url) as again:
                await again.say(op="hello", v=1, ticket=ticket)
                assert await again.closed() == 4001
        assert first.close_code is None


@pytest.mark.asyncio
@pytest.mark.parametrize("ticket", ["x", "a:b:c", "." * 1000, "WzEsMV0:1abc:xyz"])
async def test_a_forged_ticket_closes_the_socket(server: Server, ticket: str) -> None:
    async with open_browser(server.url) as browser:
        await browser.say(op="hello", v=1, ticket=ticket)
        assert await browser.closed() == 4001


@pytest.mark.asyncio
async def test_the_ninth_socket_of_a_user_is_too_many(uvicorn: Server, make_owner: Any) -> None:
    owner = make_owner()
    async with asyncio.timeout(30):
        held = []
        for _ in range(8):
            opening = open_browser(uvicorn.url)
            held.append((opening, await opening.__aenter__()))
            await held[-1][1].hello(ticket=owner.ticket())
        try:
            async with open_browser(uvicorn.url) as ninth:
                await ninth.say(op="hello", v=1, ticket=owner.ticket())
                assert await ninth.closed() == 1013
            assert [browser.close_code for _, browser in held] == [None] * 8
            await held[0][0].__aexit__(None, None, None)
            await asyncio.sleep(0.2)
            async with open_browser(uvicorn.url) as instead:
                await instead.hello(ticket=owner.ticket())
        finally:
            for opening, _ in held[1:]:
                await opening.__aexit__(None, None, None)


#: What docs/stream.md promises.
CLOSED_WITHIN_S = 2.0
ENDS = {
    "inactive": "is_active = false",
    "password": "password = 'another'",
    "role": "role = 'SUPPORT'",
}


def end_log_in(owner: Owner, database: psycopg.Connection, way: str) -> None:
    if way == "log out":
        owner.log_out()
    elif way == "ended elsewhere":
        owner.end_log_in_elsewhere()
    else:
        database.execute(f"UPDATE accounts_user SET {ENDS[way]} WHERE id = %s", (owner.user.pk,))


@pytest.mark.asyncio
@pytest.mark.parametrize("way", ["log out", "ended elsewhere", *ENDS])
async def test_the_end_of_a_log_in_closes_its_sockets_within_two_seconds_and_no_others(
    server: Server, make_owner: Any, database: psycopg.Connection, way: str
) -> None:
    leaving, staying = make_owner(), make_owner()
    async with open_browser(server.url) as his, open_browser(server.url) as hers:
        await his.hello(ticket=leaving.ticket())
        await hers.hello(ticket=staying.ticket())
        await his.first("h", lambda message: message["n"] >= 3)
        assert his.close_code is None
        await asyncio.to_thread(end_log_in, leaving, database, way)
        ended_at = time.monotonic()
        assert await his.closed() == 4001
        assert time.monotonic() - ended_at < CLOSED_WITHIN_S
        assert hers.close_code is None


@pytest.fixture
def trusting_server(consumer: Process, logs: Path) -> Iterator[Server]:
    """A server of its own that looks at log-ins once an hour, but for those that say hello."""
    server = Server("uvicorn", logs / "trusting.log", STREAM_SESSION_CHECK_S="3600")
    yield server
    server.end()


@pytest.mark.asyncio
@pytest.mark.parametrize("way", ["log out", "password", "inactive"])
async def test_a_ticket_of_a_log_in_that_has_ended_since_opens_nothing(
    trusting_server: Server, make_owner: Any, database: psycopg.Connection, way: str
) -> None:
    leaving = make_owner()
    early, late = leaving.ticket(), leaving.ticket()
    async with open_browser(trusting_server.url) as stays, open_browser(trusting_server.url) as comes:
        await stays.hello(ticket=early)
        await asyncio.to_thread(end_log_in, leaving, database, way)
        await comes.say(op="hello", v=1, ticket=late)
        assert await comes.closed() == 4001 and not comes.of("a")
        assert not any(message["t"] == "welcome" for message in comes.messages)
        assert stays.close_code is None, "nobody looked again: it was the hello that asked"


@override_settings(CSRF_FAILURE_VIEW="django.views.csrf.csrf_failure")
def test_the_ticket_wants_a_log_in_and_a_csrf_token(make_owner: Any, django_db_blocker: Any) -> None:
    owner = make_owner()
    with django_db_blocker.unblock():
        assert Client().post("/stream/ticket").status_code == HTTPStatus.UNAUTHORIZED
        assert owner.client.get("/stream/ticket").status_code == HTTPStatus.METHOD_NOT_ALLOWED
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(owner.user)
        assert strict.post("/stream/ticket").status_code == HTTPStatus.FORBIDDEN
        strict.logout()  # its session is committed, and nobody else would remove it


def test_a_ticket_shows_neither_session_key_nor_password(make_owner: Any) -> None:
    owner = make_owner()
    ticket = issue_ticket(user_id=1, account_id=2, session_key=owner.client.session.session_key, password=owner.user.password)
    assert owner.client.session.session_key not in ticket
    assert owner.ticket() != owner.ticket()
