"""A ticket is good once, also when Redis takes a use and its answer is lost."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from apps.realtime.limits import TICKET_LIFE
from apps.realtime.tickets import Ticket, TicketRefusedError, UsedTickets, issue_ticket, read_ticket

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def redis_without_answers() -> AsyncIterator[tuple[str, list[bytes]]]:
    """The address of a Redis that does what it is told and never says so, and what it was told."""
    address = urlsplit(settings.REDIS_URL)
    told: list[bytes] = []

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, to_redis = await asyncio.open_connection(address.hostname, address.port)
        while data := await reader.read(65_536):
            told.append(data)
            to_redis.write(data)
            await to_redis.drain()
        to_redis.close()
        writer.close()

    async with await asyncio.start_server(carry, "127.0.0.1", 0) as server:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0", told


def ticket() -> Ticket:
    return Ticket(1, 1, "session", "password", secrets.token_urlsafe(12))


async def test_a_use_whose_answer_is_lost_counts_and_is_not_sent_again() -> None:
    used = ticket()
    async with redis_without_answers() as (url, told):
        tickets = UsedTickets(url, settings.REDIS_PREFIX)
        await tickets.use(used)
        assert sum(data.count(used.use.encode()) for data in told) <= 1
        await tickets.aclose()
    with pytest.raises(TicketRefusedError, match="used"):
        await tickets.use(used)


async def test_a_ticket_is_good_once_in_all_processes() -> None:
    used = ticket()
    here, there = (UsedTickets(settings.REDIS_URL, settings.REDIS_PREFIX) for _ in range(2))
    await here.use(used)
    with pytest.raises(TicketRefusedError, match="used"):
        await there.use(used)
    await here.aclose()
    await there.aclose()


@pytest.mark.parametrize(("age_s", "is_good"), [(0, True), (TICKET_LIFE - 1, True), (TICKET_LIFE + 1, False)])
async def test_a_ticket_is_good_for_half_a_minute(monkeypatch: pytest.MonkeyPatch, age_s: int, is_good: bool) -> None:
    made_s = time.time() - age_s
    with monkeypatch.context() as patch:
        patch.setattr("django.core.signing.time.time", lambda: made_s)
        text = issue_ticket(user_id=1, account_id=2, session_key="s" * 32, password="hash")
    if is_good:
        assert read_ticket(text).account_id == 2
    else:
        with pytest.raises(TicketRefusedError):
            read_ticket(text)
