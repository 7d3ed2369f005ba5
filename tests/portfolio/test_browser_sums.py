"""What the page computes while prices move is what the server computes, to the digit: asked of the page's own script in Node."""

import json
import os
import random
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

from apps.portfolio.position_math import EXACT, market_value, mid, to_display_scale, unrealized_pnl
from apps.web.templatetags.numbers import grouped, signed, wire

TESTS = Path(__file__).parent / "sums.test.cjs"


def portfolio(chance: random.Random) -> dict[str, object]:
    """Positions with a fine quantity and a price of two to seven decimals, and what the server shows of them."""
    rows, value, pnl, today = [], Decimal(0), Decimal(0), Decimal(0)
    for _ in range(chance.randint(1, 6)):
        quantity = Decimal(chance.randint(1, 10**12)).scaleb(-8)
        decimals = chance.randint(2, 7)
        bid = Decimal(chance.randint(1, 10**9)).scaleb(-decimals)
        ask = bid + Decimal(chance.randint(0, 999)).scaleb(-decimals)
        cost, today_cost = (Decimal(chance.randint(-(10**15), 10**15)).scaleb(-8) for _ in range(2))
        mark = mid(bid, ask)
        one = to_display_scale(market_value(quantity, mark))
        parts = [one, *(to_display_scale(unrealized_pnl(quantity, each, mark)) for each in (cost, today_cost))]
        value, pnl, today = (EXACT.add(total, part) for total, part in zip((value, pnl, today), parts, strict=True))
        numbers = {"quantity": quantity, "bid": bid, "ask": ask, "cost": cost, "today_cost": today_cost}
        shown = {"value": grouped(parts[0], 8), "pnl": signed(parts[1], 8), "today": signed(parts[2], 2)}
        rows.append({name: wire(number) for name, number in numbers.items()} | shown)
    bases = {name: Decimal(chance.randint(-(10**14), 10**14)).scaleb(-8) for name in ("value", "pnl", "today")}
    sums = {
        "value": grouped(EXACT.add(value, bases["value"]), 2),
        "pnl": signed(EXACT.add(pnl, bases["pnl"]), 2),
        "today": signed(EXACT.add(today, bases["today"]), 2),
    }
    return {"rows": rows, "bases": {name: wire(base) for name, base in bases.items()}, "sums": sums}


def test_the_page_s_sums_are_the_server_s() -> None:
    node = shutil.which("node")
    assert node, "node is needed to test the page's scripts"
    chance = random.Random(11)
    environment = os.environ | {"PORTFOLIOS": json.dumps([portfolio(chance) for _ in range(60)])}
    run = subprocess.run([node, "--test", str(TESTS)], capture_output=True, text=True, timeout=100, env=environment)
    assert run.returncode == 0, run.stdout[-6000:]
    assert f"# tests {TESTS.read_text().count(chr(10) + 'test(')}\n" in run.stdout and "# skipped 0" in run.stdout
