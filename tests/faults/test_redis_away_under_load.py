"""Redis is away, frozen or full while people trade: their orders do not notice, and logging in waits."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
import redis

from tests.faults.asking import Answer, Asking, ask
from tests.faults.crowd import percentile
from tests.faults.figures import note
from tests.faults.traders import Traders
from tests.faults.world import World
from tests.visitor import Visitor
from tests.waiting import wait_until

pytestmark = [pytest.mark.long, pytest.mark.processes, pytest.mark.timeout(900)]

EMAIL, PASSWORD = "customer@tredye.example", "a password of this test"
TAKEN = {200, 302}
TICKET = {"side": "BUY", "order_type": "MARKET", "time_in_force": "IOC", "price": "", "quantity": "0.01"}
#: Tickets, each with its page, and what programs send besides, a second; and how long the busiest machine may take for them.
LANES, EVERY_S, RATE, PATIENCE_S = 2, 1.0, 5, 300.0


@contextmanager
def away(world: World) -> Iterator[None]:
    world.stop("redis")
    try:
        yield
    finally:
        world.start("redis")


@contextmanager
def frozen(world: World) -> Iterator[None]:
    world.freeze("redis")
    try:
        yield
    finally:
        world.thaw()


@contextmanager
def full(world: World) -> Iterator[None]:
    """Nothing in it may be thrown away, and there is no room."""
    control = redis.Redis(port=world.ports["redis"])
    before = {name: control.config_get(name)[name] for name in ("maxmemory-policy", "maxmemory")}
    control.config_set("maxmemory-policy", "noeviction")
    control.config_set("maxmemory", "1")
    try:
        yield
    finally:
        for name, value in before.items():
            control.config_set(name, value)
        control.close()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World("engine", "feed", "marketdata", "web", env={"DEMO_CUSTOMER_PASSWORD": PASSWORD}) as world:
        yield world


def placed(visitor: Visitor) -> int:
    """The status of a ticket's answer."""
    return visitor.order("BTC-USD", client_order_id=secrets.token_hex(8), **TICKET)


class Trading:
    """A customer who sends tickets on several lines at once until told to stop; each is an order or a failure."""

    def __init__(self, world: World, customer: Visitor) -> None:
        self._ended = threading.Event()
        self.statuses: list[int] = []
        self.took_s: list[float] = []
        visitors = [Visitor(world.cluster.web_url, **customer.cookies) for _ in range(LANES)]
        self._threads = [threading.Thread(target=self._trade, args=(visitor,)) for visitor in visitors]

    def _trade(self, visitor: Visitor) -> None:
        while not self._ended.is_set():
            began_s = time.monotonic()
            self.statuses.append(placed(visitor))
            self.took_s.append(time.monotonic() - began_s)
            self._ended.wait(max(0.0, began_s + EVERY_S - time.monotonic()))

    def __enter__(self) -> "Trading":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(60)


@pytest.mark.parametrize(
    ("fault", "orders", "seconds"),
    [
        pytest.param(away, 300, 60, marks=pytest.mark.fault("F9")),
        pytest.param(frozen, 60, 10, marks=pytest.mark.fault("F11")),
        pytest.param(full, 60, 10, marks=pytest.mark.fault("F11")),
    ],
)
def test_orders_go_on_and_logging_in_is_refused(
    world: World, fault: Callable[[World], object], orders: int, seconds: float
) -> None:
    customer = Visitor(world.cluster.web_url)
    wait_until(lambda: customer.post("/login/", "/login/", login=EMAIL, password=PASSWORD) == 302, what="the log-in")
    wait_until(lambda: placed(customer) in TAKEN, what="an order, which takes a price that is fresh")
    cookie = "; ".join(f"{name}={value}" for name, value in customer.cookies.items())
    looks: list[Callable[[], Answer]] = [partial(ask, world.ports["web"], "/portfolio/", Cookie=cookie)] * 2
    with Traders(world, RATE, door="web") as traders, Asking(looks, every_s=EVERY_S) as asking:
        wait_until(lambda: len(asking.answers) >= 10, what="pages")
        began_s = time.monotonic()
        with fault(world), Trading(world, customer) as trading:  # type: ignore[attr-defined]
            stranger = Visitor(world.cluster.web_url)
            wait_until(lambda: stranger.post("/login/", "/login/", login=EMAIL, password="wrong") == 503, what="the refusal")
            refused_s = time.monotonic()
            assert stranger.post("/login/", "/login/", login=EMAIL, password=PASSWORD) == 503, "closed rather than open"
            refused_s = time.monotonic() - refused_s
            wait_until(
                lambda: len(trading.statuses) + len(traders.answers(began_s)) >= orders and time.monotonic() - began_s >= seconds,
                PATIENCE_S,
                f"{orders} orders",
            )
            ended_s = time.monotonic()
        programs, failed = traders.answers(began_s, ended_s), traders.failed(began_s, ended_s)
        programs_s = percentile(traders.latencies_s(began_s, ended_s), 99)
        looked = asking.begun(began_s, time.monotonic())
        world.quiesce(traders)
    assert set(trading.statuses) <= TAKEN, "no order failed"
    assert not failed
    assert {answer.status for answer in looked} == {200}
    orders_s, page_s = percentile(trading.took_s, 99), percentile([answer.took_s for answer in looked], 99)
    note(
        fault.__name__,
        f"0 of {len(trading.statuses)} tickets and of {len(programs)} requests of programs failed in {ended_s - began_s:.0f} s,"
        f" p99 {orders_s:.2f} s with the ticket's page and {programs_s:.2f} s; p99 of a page of the customer"
        f" {page_s:.2f} s; a log-in is refused after {refused_s:.2f} s, with its form's page",
    )
    back = Visitor(world.cluster.web_url)
    wait_until(lambda: back.post("/login/", "/login/", login=EMAIL, password=PASSWORD) == 302, what="logging in works again")
