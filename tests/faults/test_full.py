"""Every connection is taken: of the pages' pool, and of PostgreSQL itself. Pages say busy in time; orders and staff go on."""

import contextlib
import os
import time
from collections.abc import Iterator
from functools import partial

import psycopg
import pytest

from tests.faults.asking import Asking, ask
from tests.faults.crowd import percentile
from tests.faults.figures import note, recovered
from tests.faults.lanes import times
from tests.faults.traders import Traders
from tests.faults.world import World
from tests.visitor import Visitor
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.long, pytest.mark.timeout(600), pytest.mark.fault("F35")]

PASSWORD = "a password of this test"
#: Enough to hold every connection of the pages' pool at all times, each for as long as a lock may be waited for.
VISITORS = 32
POOL_WAIT_S = 2.0
LOCK_WAIT_S = 1.0
HELD_S = float(times(30, 8))
#: Prints the key of a session of the demo's admin, who gets a second factor first.
LOG_IN = """
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
from tests.pages import client_of
user = get_user_model().objects.get(email="admin@tredye.example")
TOTP.activate(user, generate_totp_secret())
print(client_of(user).session.session_key)
"""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World("engine", "feed", "web", "stream", env={"DEMO_CUSTOMER_PASSWORD": PASSWORD}) as made:
        yield made


@pytest.fixture(scope="module")
def customer(world: World) -> str:
    visitor = Visitor(world.cluster.web_url)
    assert visitor.post("/login/", "/login/", login="customer@tredye.example", password=PASSWORD) == 302
    return "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())


@pytest.fixture(scope="module")
def admin(world: World) -> str:
    return f"sessionid={world.cluster.manage('shell', '-v0', '-c', LOG_IN).strip().splitlines()[-1]}"


def test_pages_that_hold_every_connection_of_the_pool_hold_up_neither_orders_nor_staff(
    world: World, customer: str, admin: str
) -> None:
    """The portfolio's table is locked, so that whoever looks at it keeps a connection for as long as a lock may be waited for."""
    port = world.ports["web"]
    looks = [partial(ask, port, "/portfolio/", Cookie=customer)] * VISITORS
    staff = [partial(ask, port, "/operators/", Cookie=admin), partial(ask, port, "/admin/orders/order/", Cookie=admin)]
    with (
        Traders(world) as traders,
        Asking(staff, every_s=0.5) as watching,
        Asking(looks, every_s=0.1) as pages,
    ):
        wait_until(lambda: len(pages.answers) > VISITORS and len(watching.answers) > 4, what="pages")
        with world.connection() as locking:
            began = time.monotonic()
            with locking.transaction():
                locking.execute("LOCK TABLE portfolio_position IN ACCESS EXCLUSIVE MODE")
                time.sleep(HELD_S)  # how long they are held is the point
            ended = time.monotonic()
        wait_until(lambda: any(answer.status == 200 for answer in pages.begun(ended)), what="a page")
        recovered(time.monotonic() - ended)
        world.quiesce(traders)
    held = [answer for answer in pages.begun(began + 1, ended) if answer.ended_s < ended]
    mended = [answer for answer in watching.begun(began + 1, ended) if answer.ended_s < ended]
    # The staff's pages wait for nobody: they tell how busy the machine is.
    machine_s = max(answer.took_s for answer in mended)
    busy = [answer for answer in held if answer.status == 503]
    slowest_s = percentile([answer.took_s for answer in held], 99)
    note(
        "F35",
        f"pool held {HELD_S:.0f} s by {VISITORS} pages: {len(busy)} of {len(held)} told busy, p99 {slowest_s:.1f} s; staff"
        f" {len(mended)} pages, slowest {machine_s:.1f} s; {traders.summary()}",
    )
    assert busy and {answer.status for answer in held} == {503}
    assert all("Retry-After" in answer.headers for answer in held)
    assert {answer.status for answer in mended} == {200}
    assert traders.failed(began, ended) == []
    assert slowest_s <= POOL_WAIT_S + LOCK_WAIT_S + machine_s, f"load of the machine {os.getloadavg()}"


def test_a_postgres_that_lets_nobody_in_lets_everybody_go_on_who_is_there(world: World, customer: str, admin: str) -> None:
    """All of its connections are somebody else's; the engine, the pages and the doors have those that they have."""
    port = world.ports["web"]
    with Traders(world) as traders, contextlib.ExitStack() as taken:
        looks = [partial(ask, port, "/portfolio/", Cookie=customer)] * 2
        with Asking(looks, every_s=0.3) as pages:
            wait_until(lambda: len(pages.answers) > 10, what="pages")
            with pytest.raises(psycopg.OperationalError, match=r"too many clients|remaining connection slots"):
                while True:
                    taken.enter_context(world.connection())
            began = time.monotonic()
            time.sleep(HELD_S)
            ended = time.monotonic()
        taken.close()
        answered = pages.begun(began, ended)
        world.quiesce(traders)
    failed = [answer for answer in answered if answer.status != 200]
    note("F35", f"PostgreSQL full for {HELD_S:.0f} s: {len(failed)} of {len(answered)} pages told busy; {traders.summary()}")
    assert {answer.status for answer in answered} <= {200, 503}
    assert traders.failed(began, ended) == []
