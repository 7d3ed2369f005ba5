"""Answers are cut off at every moment, and everybody asks again; or three ask the same at once. One order, one answer."""

import asyncio
import contextlib
import http.client
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from urllib.parse import urlencode

import pytest

from load.http import Pool, Reply, request
from tests.faults import figures
from tests.faults.figures import note
from tests.faults.lanes import seeds, times
from tests.faults.people import Market, Program, an_order, make_people
from tests.faults.proxy import TO_CLIENT, TO_SERVER, Cut, Proxy
from tests.faults.world import World
from tests.visitor import Visitor
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.long, pytest.mark.timeout(900)]

SYMBOL = "BTC-USD"
PASSWORD = "a password of this test"
#: So many at once: with two tries each they are below what an account may send in a second.
AT_ONCE = 20


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World("engine", "feed", "web", "stream", env={"DEMO_CUSTOMER_PASSWORD": PASSWORD}, seed=seeds(1)[0]) as made:
        yield made


@pytest.fixture(scope="module")
def market(world: World) -> Market:
    return make_people(world, 40, "lost", world.journals)


@pytest.fixture(scope="module")
def price(world: World, market: Market) -> str:
    """Far enough from the market to take nothing, and near enough to be accepted."""
    visitor = Visitor(world.cluster.web_url)

    def bid() -> str | None:
        rows = json.loads(visitor._ask("GET", f"/markets/quotes?symbols={SYMBOL}", "")[1])["d"]
        return rows[0][4] if rows else None

    return str((Decimal(wait_until(bid, 30, "a price")) * Decimal("0.95")).quantize(Decimal(1)))


def request_cut(line: Proxy, body: bytes, chance: random.Random) -> Cut:
    """The server never has all of it."""
    if chance.random() < 0.5:
        return line.cut(TO_SERVER, chance.randrange(1, 150))
    return line.cut(TO_SERVER, holding=body[: chance.randrange(1, len(body))])


def request_whole(line: Proxy, body: bytes, chance: random.Random) -> Cut:
    """The connection ends as soon as the server has all of it, long before anything is committed."""
    return line.cut(TO_SERVER, holding=body, reset=chance.random() < 0.5)


def answer_begun(line: Proxy, body: bytes, chance: random.Random) -> Cut:
    """It is committed, and not one byte of the answer comes."""
    return line.cut(TO_CLIENT, 0, reset=chance.random() < 0.5)


def answer_cut(line: Proxy, body: bytes, chance: random.Random) -> Cut:
    return line.cut(TO_CLIENT, chance.randrange(1, 300))


MOMENTS = (request_cut, request_whole, answer_begun, answer_cut)
moments = pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.__name__.replace("_", " "))
Moment = Callable[[Proxy, bytes, random.Random], Cut]


def stored(world: World, prefix: str) -> Counter[str]:
    rows = world.ask("SELECT client_order_id FROM orders_order WHERE starts_with(client_order_id, %s)", prefix)
    return Counter(row[0] for row in rows)


@pytest.mark.fault("F25")
@moments
def test_a_program_whose_answer_is_cut_asks_again_and_has_one_order(
    world: World, market: Market, price: str, moment: Moment
) -> None:
    line, count = world.line("client", "stream"), times(500, 10)
    prefix = f"program-{moment.__name__}"
    programs = [Program(line.port, f"localhost:{world.ports['stream']}", person) for person in market.people]
    for number in range(count):
        program, order = programs[number % len(programs)], an_order(f"{prefix}-{number}", SYMBOL, price, "0.01")
        cut = moment(line, json.dumps(order).encode(), world.chance)
        assert program.place(order) is None and cut.fired.is_set()
        if moment in (answer_begun, answer_cut):
            assert stored(world, order["client_order_id"]).total() == 1, "an answer is given after the commit"
        again, once_more = program.place(order), program.place(order)
        assert again is not None and again[0] == 200, again
        assert again == once_more
    assert stored(world, f"{prefix}-") == Counter({f"{prefix}-{number}": 1 for number in range(count)})
    figures.checked(("acknowledged", "one answer"))
    note("F25", f"client–stream, {moment.__name__.replace('_', ' ')}: {count} orders, seed {world.seed}")


@pytest.mark.fault("F25")
@moments
def test_the_engine_s_answer_is_cut_and_the_caller_need_not_know(
    world: World, market: Market, price: str, moment: Moment
) -> None:
    """The door asks again by itself, with the same id."""
    line, count = world.line("stream", "engine"), times(500, 10)
    prefix = f"engine-{moment.__name__}"
    programs = [Program(world.ports["stream"], f"localhost:{world.ports['stream']}", person) for person in market.people]
    fired = 0
    for number in range(count):
        name = f"{prefix}-{number}"
        program, order = programs[number % len(programs)], an_order(name, SYMBOL, price, "0.01")
        cut = moment(line, name.encode(), world.chance)
        first, again = program.place(order), program.place(order)
        assert first is not None and first[0] == 200 and first == again
        fired += cut.fired.is_set()
        line.heal()
    assert stored(world, f"{prefix}-") == Counter({f"{prefix}-{number}": 1 for number in range(count)})
    assert fired > count / 2
    figures.checked(("acknowledged", "one answer"))
    note("F25", f"stream–engine, {moment.__name__.replace('_', ' ')}: {fired} cuts of {count} orders, none seen by the caller")


def patiently_sent(page: Visitor, body: str) -> int:
    """The status of a ticket's answer. Who sends more than a hand can is told to wait; what comes meanwhile counts, too."""
    for _ in range(30):
        if (status := page._ask("POST", "/orders/submit/", body)[0]) != 429:
            break
        time.sleep(1.0)
    return status


@pytest.mark.fault("F25")
@moments
def test_a_page_whose_answer_is_cut_sends_its_ticket_again_and_has_one_order(
    world: World, market: Market, price: str, moment: Moment
) -> None:
    line, count = world.line("client", "web"), times(100, 5)  # a person may send ten a second
    customer = Visitor(world.cluster.web_url)
    assert customer.post("/login/", "/login/", login="customer@tredye.example", password=PASSWORD) == 302
    page = Visitor(f"http://localhost:{line.port}", **customer.cookies)
    prefix = f"page-{moment.__name__}"
    ticket = {"symbol": SYMBOL, "side": "BUY", "order_type": "LIMIT", "time_in_force": "IOC", "price": price, "quantity": "0.01"}
    for number in range(count):
        fields = ticket | {"client_order_id": f"{prefix}-{number}"}
        _, form = page._ask("GET", f"/markets/{SYMBOL}/", "")
        hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|seen)" value="([^"]+)"', form))
        body = urlencode(hidden | fields)
        cut = moment(line, body.encode(), world.chance)
        with contextlib.suppress(ConnectionError, http.client.HTTPException):  # a head that was cut looks like one that is whole
            page._ask("POST", "/orders/submit/", body)
        assert cut.fired.is_set()
        answers = [patiently_sent(page, body) for _ in range(2)]
        assert answers[0] == answers[1] and answers[0] in (200, 302), answers
    assert stored(world, f"{prefix}-") == Counter({f"{prefix}-{number}": 1 for number in range(count)})
    figures.checked(("acknowledged", "one answer"))
    note("F25", f"browser–web, {moment.__name__.replace('_', ' ')}: {count} orders, seed {world.seed}")


@pytest.mark.fault("F24")
@pytest.mark.asyncio
async def test_the_same_request_three_times_at_once_is_one_order(world: World, market: Market, price: str) -> None:
    count = times(10_000, 200)
    host = f"localhost:{world.ports['stream']}"
    pool = Pool("127.0.0.1", world.ports["stream"], limit=3 * AT_ONCE, timeout_s=30)

    def told(data: bytes) -> "asyncio.Future[Reply]":
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        pool.send(data, answer.set_result)
        return answer

    async def place(number: int) -> None:
        order = an_order(f"thrice-{number}", SYMBOL, price, "0.01")
        headers = (f"Authorization: Bearer {market.people[number % len(market.people)].key}", "Content-Type: application/json")
        data = request("POST", "/api/v1/orders", host, headers, json.dumps(order).encode())
        replies = await asyncio.gather(*(told(data) for _ in range(3)))
        assert {(reply.status, reply.body) for reply in replies} == {(200, replies[0].body)}, replies

    for begin in range(0, count, AT_ONCE):
        await asyncio.gather(*(place(number) for number in range(begin, min(begin + AT_ONCE, count))))
    pool.close()
    assert await asyncio.to_thread(stored, world, "thrice-") == Counter({f"thrice-{number}": 1 for number in range(count)})
    figures.checked(("one answer",))
    note("F24", f"{count} orders, three times each at once: {count} orders, one answer each")


@pytest.mark.fault("F24", "F25")
def test_the_books_are_right_afterwards(world: World) -> None:
    world.quiesce()
