"""What the ticket says an order will cost is what the engine holds for it: the browser's arithmetic against the core's."""

import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.engine.world import World

SCRIPT = """
globalThis.tredye = {};
require(process.argv[1]);
const revive = (key, value) => (typeof value === "string" && /^-?\\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value);
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"), revive);
const text = (key, value) => (typeof value === "bigint" ? String(value) : value);
console.log(JSON.stringify(cases.map(([order, terms]) => globalThis.tredye.estimate(order, terms)), text));
"""


def estimate(*cases: tuple[dict[str, Any], dict[str, Any]]) -> list[Any]:
    def big(value: Any) -> Any:
        return {k: f"{v}n" if isinstance(v, int) else v for k, v in value.items()}

    script = Path(settings.BASE_DIR) / "static" / "web" / "ticket.js"
    text = json.dumps([[big(order), big(terms)] for order, terms in cases])
    done = subprocess.run(["node", "-e", SCRIPT, str(script)], input=text, capture_output=True, text=True, timeout=20, check=True)
    return json.loads(done.stdout)


def units(text: str) -> int:
    return int(Decimal(text).scaleb(8))


TERMS = {
    "bid": units("99"), "ask": units("101"), "makerPpm": 1000, "takerPpm": 2000, "collarBps": 1000,
    "availableQuote": units("100000"), "availableBase": units("100"),
}  # fmt: skip


def order(side: str, kind: str, quantity: str, price: str | None) -> dict[str, Any]:
    return {"side": side, "type": kind, "quantity": units(quantity), "price": None if price is None else units(price)}


def test_the_total_of_a_limit_buy_is_what_the_engine_holds(db: None) -> None:
    world = World()
    for quantity, price in (("0.5", "95.00"), ("0.001", "94.99"), ("7.777", "96.33"), ("123.456", "93.21")):
        answer = world.submit(world.alice, "BUY", quantity, price)
        (found,) = estimate((order("BUY", "LIMIT", quantity, price), TERMS))
        assert int(found["total"]) == units(answer.held), (quantity, price)
        assert int(found["left"]) == TERMS["availableQuote"] - int(found["total"])


def test_a_market_order_is_told_at_the_touch_with_the_collars_edge_as_its_worst_price() -> None:
    buy, sell = estimate((order("BUY", "MARKET", "2", None), TERMS), (order("SELL", "MARKET", "2", None), TERMS))
    assert int(buy["value"]) == units("202")
    assert int(buy["fee"]) == units("0.404")
    assert int(buy["worst"]) == units("111.1")
    assert int(sell["total"]) == units("198") - units("0.396")
    assert int(sell["worst"]) == units("89.1")
    assert int(sell["left"]) == units("98")


def test_nothing_is_told_while_something_is_missing() -> None:
    found = estimate((order("BUY", "LIMIT", "1", None), TERMS), (order("BUY", "MARKET", "1", None), {**TERMS, "ask": None}))
    assert found == [None, None]
