"""No coordinated omission: a server that stands still shows in all that was due meanwhile, not in the few that were under way."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from load.arrivals import Stretch
from load.clients.base import judge
from load.clients.orders import Orders, read_outcome, says_what_became
from load.http import Pool, Reply, request
from load.journal import UNKNOWN, Answered, Journal, Sent, read_journal
from load.plan import Instrument, Person, Plan

PRICES = b'{"now":1,"d":[["AAA-USD",1,1,1,"100.00","100.10","5","5"]]}'
STALL_FROM_S, STALL_S = 0.4, 1.0
PER_S, OFFERED_S = 40.0, 2.0


class Venue:
    """An HTTP server that accepts every order, but stands still for a second. ``lost``: how many answers it keeps to itself."""

    def __init__(self, lost: int = 0) -> None:
        self._lost = lost
        self.accepted: dict[str, int] = {}
        self.stalls_at = float("inf")

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
                body = await reader.readexactly(length)
                now = time.monotonic()
                if self.stalls_at <= now < self.stalls_at + STALL_S:
                    await asyncio.sleep(self.stalls_at + STALL_S - now)
                self._write(writer, *self._judge(head, body))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _judge(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        if head.startswith(b"GET /markets/quotes"):
            return 200, PRICES
        if b"/orders HTTP" not in head:
            return 404, b'{"code":"UNKNOWN_ORDER"}'
        name = body.partition(b'"client_order_id": "')[2].partition(b'"')[0].decode()
        order_id = self.accepted.setdefault(name, len(self.accepted) + 1)
        if self._lost > 0:
            self._lost -= 1
            return 503, b'{"code":"UNAVAILABLE"}'
        return 200, b'{"status":"FILLED","order_id":%d,"reason":""}' % order_id

    def _write(self, writer: asyncio.StreamWriter, status: int, body: bytes) -> None:
        writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body))


@asynccontextmanager
async def serving(venue: Venue) -> AsyncIterator[int]:
    server = await asyncio.start_server(venue.answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def plan_of(port: int, directory: Path, seconds: float) -> Plan:
    nothing: list[Stretch] = []
    return Plan(
        run="ltest", seed=4, directory=str(directory), web_url="", stream_url="", api_url=f"http://127.0.0.1:{port}",
        origin="http://localhost", people=[Person(1, "key", "session", "a@example.com", "")],
        instruments=[Instrument("AAA-USD", "0.01", "1")], orders=[Stretch(seconds, PER_S)], visits=nothing, log_ins=nothing,
        cancel_alls=nothing, cuts_at_s=[], sockets=0, observers=0, socket_life_s=0, visitors=0, spreads_addresses=False,
    )  # fmt: skip


async def offer(venue: Venue, directory: Path, *, seconds: float, stalls: bool = False) -> Orders:
    async with serving(venue) as port:
        with Journal(directory / "orders.jsonl") as journal:
            client = Orders(plan_of(port, directory, seconds), journal)
            async with client.kept():
                assert await client.learn_prices()
                begin = time.monotonic()
                if stalls:
                    venue.stalls_at = begin + STALL_FROM_S
                await client.offer(begin)
                await client.finish()
            return client


def test_all_that_is_due_while_the_server_stands_still_is_sent_and_waits(tmp_path: Path) -> None:
    venue = Venue()
    asyncio.run(offer(venue, tmp_path, seconds=OFFERED_S, stalls=True))

    lines = list(read_journal(tmp_path / "orders.jsonl"))
    due = {line.id: line.due_s for line in lines if isinstance(line, Sent)}
    latency = {line.id: line.at_s - due[line.id] for line in lines if isinstance(line, Answered)}
    stalled = [name for name, at in due.items() if STALL_FROM_S + 0.05 <= at < STALL_FROM_S + STALL_S - 0.25]
    # Forty a second were due. A client that waits for its answers before it goes on would have one of them to show.
    assert len(stalled) > PER_S * (STALL_S - 0.3) / 2
    for name in stalled:
        assert latency[name] >= STALL_FROM_S + STALL_S - due[name] - 0.01
    assert max(at for at in due.values()) > OFFERED_S - 0.5


def test_an_answer_that_was_lost_is_asked_for_again_until_it_is_known(tmp_path: Path) -> None:
    venue = Venue(lost=5)
    asyncio.run(offer(venue, tmp_path, seconds=0.5))

    answers = [line for line in read_journal(tmp_path / "orders.jsonl") if isinstance(line, Answered)]
    lost = {line.id for line in answers if line.outcome == UNKNOWN}
    found = {line.id: line.order_id for line in answers if line.again}
    assert len(lost) == 5
    assert found == {name: venue.accepted[name] for name in lost}


def test_a_server_that_is_not_there_is_told_as_not_sent() -> None:
    async def ask() -> Reply:
        pool = Pool("127.0.0.1", 1, limit=2, timeout_s=5)
        told: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        pool.send(request("GET", "/", "localhost"), told.set_result)
        return await told

    reply = asyncio.run(ask())

    assert (reply.status, reply.error) == (0, "refused")
    assert read_outcome(reply) == ("NOT_SENT", 0)


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"status":"ACCEPTED","order_id":7,"reason":""}', ("ACCEPTED", 7)),
        (200, b'{"status":"DENIED","order_id":8,"reason":"STALE_PRICE"}', ("DENIED STALE_PRICE", 8)),
        (200, b'{"order_ids":[1,2],"at":""}', ("DONE", 0)),
        (429, b'{"code":"TOO_FAST"}', ("TOO_FAST", 0)),
        (503, b'{"code":"READ_UNAVAILABLE"}', ("READ_UNAVAILABLE", 0)),
        (503, b'{"code":"UNAVAILABLE"}', (UNKNOWN, 0)),
        (500, b"oops", (UNKNOWN, 0)),
    ],
)
def test_an_answer_is_read_as_the_api_means_it(status: int, body: bytes, outcome: tuple[str, int]) -> None:
    assert read_outcome(Reply(status, body, "", 0, 0)) == outcome


@pytest.mark.parametrize(
    ("status", "says"), [(200, True), (404, True), (409, True), (0, False), (408, False), (429, False), (503, False)]
)
def test_a_repeat_that_did_nothing_says_nothing_about_the_first_try(status: int, says: bool) -> None:
    assert says_what_became(Reply(status, b'{"code":"READ_UNAVAILABLE"}', "", 0, 0)) is says


def test_a_client_that_was_the_limit_says_so() -> None:
    calm = {"cpu": 0.2, "late_p99_ms": 3.0}

    assert not judge([calm] * 20)["was_limit"]
    assert not judge([calm] * 19 + [{"cpu": 1.0, "late_p99_ms": 3.0}])["was_limit"]
    assert "of a core" in judge([calm] * 10 + [{"cpu": 0.97, "late_p99_ms": 3.0}] * 3)["why"]
    assert "gave it no CPU" in judge([calm] * 10 + [{"cpu": 0.3, "late_p99_ms": 90.0}] * 3)["why"]
    assert not judge([])["was_limit"]
