"""The front door itself, on a machine that has neither Java nor Maven: the platform comes up, and people trade on it."""

import os
import re
import secrets
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stack.harness import Run, path_without, wait_until_gone
from tests.visitor import Visitor
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]
EMAIL, PASSWORD = "customer@tredye.example", "a password of this test"


@pytest.mark.long
def test_make_run_gives_a_platform_on_which_prices_move_and_orders_are_done(
    start: Callable[..., Run], bare_env: dict[str, str], var: Path
) -> None:
    path = path_without(var.parent / "bin", "java", "mvn")
    settings = {"PATH": path, "TREDYE_DOWNLOADS": str(var / "downloads"), "DEMO_CUSTOMER_PASSWORD": PASSWORD}
    run = start("", bare_env | settings, command=["make", "run"], start_new_session=True)
    run.wait_for("Ready after", timeout_s=150)
    assert run.text.count("Event log: in PostgreSQL, because Java 17 and Maven are not on this machine.") == 1
    assert "apt-get" not in run.text
    pids = run.pids()
    assert "kafka" not in pids

    visitor = Visitor(f"http://localhost:{bare_env['WEB_PORT']}")
    assert visitor.get("/")[0] == 200
    assert visitor.post("/login/", "/login/", login=EMAIL, password=PASSWORD) == 302
    wait_until(lambda: price(visitor), 20, "a price")
    before = price(visitor)
    wait_until(lambda: price(visitor) != before, 20, "a move of the price")

    ticket = {"symbol": "BTC-USD", "side": "BUY", "order_type": "MARKET", "time_in_force": "IOC", "price": "", "quantity": "0.01"}
    ticket["client_order_id"] = secrets.token_hex(8)
    assert visitor.order(**ticket) in (200, 302)
    assert re.search("BTC-USD.*Filled", visitor.get("/orders/")[1])
    wait_until(lambda: "0.01" in visitor.get("/portfolio/")[1], 20, "the position, which the log has brought")

    os.killpg(run.process.pid, signal.SIGINT)  # as a terminal does: make and what it runs get it alike
    assert run.process.wait(timeout=60) == -signal.SIGINT, "make ends as it was asked to"
    run.wait_for(r"Stopped \(")
    wait_until_gone(str(var), timeout_s=10)


def price(visitor: Visitor) -> str:
    found = re.search(r"BTC-USD.*?([0-9]{2},?[0-9]{3}\.[0-9]{2})", visitor.get("/markets/")[1])
    return found[1] if found else ""
