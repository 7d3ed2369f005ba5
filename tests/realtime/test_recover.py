"""A page that comes back while its events cannot be read: it is told within about a second to load anew, or closed for it."""

import asyncio
import socket as sockets
from typing import Any, cast

import pytest
from django.conf import settings

from apps.realtime import protocol
from apps.realtime.account_line import AccountLine
from apps.realtime.reader import Reader
from apps.realtime.socket import Socket, new_socket
from apps.realtime.tickets import Ticket
from apps.realtime.wires import Send

pytestmark = pytest.mark.asyncio


async def nothing_is_sent(message: dict[str, Any]) -> None:
    raise AssertionError(f"nothing is to be sent, was {message}")


async def page(account_id: int | None, send: Send = nothing_is_sent) -> Socket:
    socket = new_socket(send, asyncio.get_running_loop(), "127.0.0.1", 0, lambda _: None)
    socket.ticket = Ticket(1, account_id, "", "", "")
    socket.account_cursor = 5
    return socket


async def test_a_database_that_does_not_answer_is_a_gap_to_come_and_no_wait() -> None:
    with sockets.create_server(("127.0.0.1", 0)) as mute:  # takes connections and never says a word
        reader = Reader({"HOST": "127.0.0.1", "PORT": mute.getsockname()[1], "NAME": "x", "USER": "x", "PASSWORD": ""})
        await reader.open()
        line = AccountLine(asyncio.get_running_loop(), reader)
        socket = await page(7)
        async with asyncio.timeout(10):
            assert await line.recover(socket) is False
            assert socket.must_reload and socket.account_cursor == 5
            assert await line.recover(await page(None)) is True
        await reader.aclose()


class Turning:
    """A reader that goes to a database that says nothing, until it is told to go to the real one."""

    def __init__(self, mute: Reader, real: Reader) -> None:
        self.goes_to, self._real = mute, real

    def turn(self) -> None:
        self.goes_to = self._real

    def __getattr__(self, name: str) -> Any:
        return getattr(self.goes_to, name)


@pytest.mark.usefixtures("django_db_setup")
async def test_who_must_load_anew_is_told_once_the_database_is_back_though_its_page_is_ahead() -> None:
    told: list[str] = []

    async def send(message: dict[str, Any]) -> None:
        told.append(message["text"])

    with sockets.create_server(("127.0.0.1", 0)) as mute:
        away = {"HOST": "127.0.0.1", "PORT": mute.getsockname()[1], "NAME": "x", "USER": "x", "PASSWORD": ""}
        readers = [Reader(away), Reader(settings.DATABASES["default"])]
        for reader in readers:
            await reader.open()
        turning = Turning(*readers)
        line = AccountLine(asyncio.get_running_loop(), cast("Reader", turning))
        line.bells_ring = lambda: False
        socket = await page(2**40, send)  # of an account without an event, as after a restore: the page knows of five
        async with asyncio.timeout(60):
            assert await line.recover(socket) is False
            line.join(socket)
            assert socket.delivery is not None
            await socket.delivery
            assert told == [] and socket.must_reload, "it could not be told"
            turning.turn()
            polling = asyncio.create_task(line.poll())
            while not told:
                await asyncio.sleep(0.01)
            polling.cancel()
        assert told == [protocol.gap(0)] and socket.account_cursor == 0
        line.leave(socket)
        for reader in readers:
            await reader.aclose()


async def test_events_that_cannot_be_read_for_another_reason_close_the_socket_for_a_new_start() -> None:
    reader = Reader(settings.DATABASES["default"] | {"NAME": "postgres"})  # a database without the table
    await reader.open()
    line = AccountLine(asyncio.get_running_loop(), reader)
    closed: list[int] = []

    async def send(message: dict[str, Any]) -> None:
        closed.append(message["code"])

    socket = await page(7, send)
    async with asyncio.timeout(30):
        assert await line.recover(socket) is False
        line.join(socket)
        while socket.closing is None:
            await asyncio.sleep(0.01)
        await socket.closing
    assert closed == [protocol.RESYNC]
    line.leave(socket)
    await reader.aclose()
