"""Postgres is frozen, cut off or stopped under people and programs: nobody waits longer than promised, and nothing is lost."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pytest

from tests.faults.asking import Answer, Asking, ask
from tests.faults.crowd import percentile
from tests.faults.figures import note, recovered
from tests.faults.traders import Traders
from tests.faults.world import World
from tests.visitor import Visitor
from tests.waiting import wait_until

pytestmark = [pytest.mark.long, pytest.mark.processes, pytest.mark.timeout(600)]

PASSWORD = "a password of this test"
EMAIL = "customer@tredye.example"
VISITORS, EVERY_S = 12, 0.5
#: The promises: to whom was waiting when it went, to whom comes while it is away, and to everybody when it is back.
WAITED_S, TOLD_S, BACK_S = 2.2, 0.050, 2.5
AWAY_S = 6.0
#: Each way, of each packet: a page that asks Postgres anything takes longer than until its visitor's next one is due.
SLOW_S = 0.3


def frozen(world: World) -> None:
    world.freeze("postgres")


def blackholed(world: World) -> None:
    """Packets are swallowed, without a reset, between the web process and Postgres; everybody else reaches it."""
    world.line("web", "postgres").blackhole()


def stopped(world: World) -> None:
    world.stop("postgres")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World("engine", "feed", "web", env={"DEMO_CUSTOMER_PASSWORD": PASSWORD, "API_ORDERS_PER_SECOND": "1000"}) as world:
        yield world


def lanes(world: World) -> list[Callable[[], Answer]]:
    """Half of them look at the markets, half are a customer who looks at the portfolio."""
    customer = Visitor(world.cluster.web_url)
    assert customer.post("/login/", "/login/", login=EMAIL, password=PASSWORD) == 302
    cookie = "; ".join(f"{name}={value}" for name, value in customer.cookies.items())
    port = world.ports["web"]
    looks = partial(ask, port, "/markets/"), partial(ask, port, "/portfolio/", Cookie=cookie)
    return [looks[number % 2] for number in range(VISITORS)]


def make_threads(world: World, asking: Asking) -> None:
    """A thread is made when it is first needed: let as many be at work at once as will wait when nobody is answered."""
    slow_s = time.monotonic()
    world.line("web", "postgres").delay(SLOW_S)
    wait_until(lambda: len(asking.begun(slow_s)) >= 4 * VISITORS, what="slow pages")
    world.heal()
    healed_s = time.monotonic()
    wait_until(lambda: len([each for each in asking.begun(healed_s) if each.status == 200]) >= 4 * VISITORS, what="pages")


def p99_s(answers: Sequence[Answer]) -> float:
    return percentile([answer.took_s for answer in answers], 99)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(frozen, marks=pytest.mark.fault("F7")),
        pytest.param(blackholed, marks=[pytest.mark.fault("F7"), pytest.mark.fault("F18")]),
        pytest.param(stopped, marks=[pytest.mark.fault("F4"), pytest.mark.fault("F5")]),
    ],
)
def test_nobody_waits_and_everything_goes_on_by_itself(world: World, fault: Callable[[World], None]) -> None:
    is_alive = [partial(ask, world.ports["web"], "/livez")] * 4
    with (
        Traders(world, 10, door="web") as traders,
        Asking(is_alive, every_s=EVERY_S) as beside,
        Asking(lanes(world), every_s=EVERY_S) as asking,
    ):
        make_threads(world, asking)
        threads = world.threads("web")
        went_s = time.monotonic()
        fault(world)
        told = wait_until(lambda: [answer for answer in asking.begun(went_s) if "Tredye-Not-Begun" in answer.headers])
        opened_s = min(answer.began_s for answer in told)
        wait_until(lambda: time.monotonic() >= opened_s + AWAY_S)  # how long it is away is the point
        threads_away = world.threads("web")
        healed_s = time.monotonic()
        world.heal()
        wait_until(world.listens, what="Postgres listens")
        listens_s = time.monotonic()
        back = wait_until(lambda: [answer for answer in asking.begun(listens_s) if answer.status == 200], what="a page")[0]
        wait_until(lambda: len(asking.begun(back.began_s + 1)) >= 5 * VISITORS, what="pages, after it is back")
        orders_s = traders.wait_accepted_after(listens_s)
        ended_s = time.monotonic()
        world.quiesce(traders)
    waited, refused = asking.begun(went_s - 0.2, opened_s), asking.begun(opened_s, healed_s)
    well = asking.begun(back.began_s + 1, ended_s)
    waited_s, told_s = p99_s(waited), p99_s(refused)
    busy_s = p99_s(beside.begun(went_s - 0.2, healed_s))
    figures = (
        f"opened after {opened_s - went_s:.2f} s; p99 of the {len(waited)} pages before that {waited_s:.2f} s,"
        f" of the {len(refused)} while it is open {1000 * told_s:.0f} ms (a page that asks nobody: {1000 * busy_s:.0f} ms);"
        f" pages again {back.ended_s - listens_s:.2f} s and orders {orders_s:.2f} s after it listens;"
        f" threads {threads}, meanwhile {threads_away}"
    )
    note(fault.__name__, figures)
    recovered(back.ended_s - listens_s)
    assert {answer.status for answer in waited} <= {200, 503}
    assert {answer.status for answer in refused} == {503}
    assert {answer.status for answer in well} == {200}
    # A page that asks nobody tells how busy the machine is: what that costs is no matter of Postgres.
    assert waited_s <= WAITED_S + busy_s
    assert told_s <= TOLD_S + busy_s
    assert back.ended_s - listens_s <= BACK_S
    assert threads_away <= threads + 2
