"""``orders.chain_cost``: what the hash in every commit costs, as the throughput with it over that without."""

import os
import statistics
from typing import Any

import django

from apps.engine import settlement
from apps.engine.settlement import Settlement
from bench import database
from bench.orders import ROUNDS, Engine, engine_on, quote, run_batch, settled_per_second, violations
from bench.report import report

BATCH = 200
#: Both take turns that are short, so that whatever else the machine does meets both.
TURN = 2_000
TURNS = 8
IDLE_ORDERS = 300


class Unchained(Settlement):
    """Writes through the functions of the version before the chain, which are still there: no hash is made, sent or looked up."""

    def _link(self, batch: Any, hashed: Any) -> list[bytes | None]:
        return []

    def _prepare(self, function: str, arity: int) -> tuple[bytes, list[int]]:
        return super()._prepare(function.removesuffix("_chained"), arity)


def chain_cost() -> None:
    """Two engines with the same flow, on databases of their own, in turn."""
    # Where the binary parameters of the former functions are: two places before those of the present ones.
    settlement._BINARY.update({"engine_settle": (6, 7, 73), "engine_settle_one": (6, 7)})
    rates: dict[str, list[float]] = {"chained": [], "unchained": []}
    idle: dict[str, list[float]] = {"chained": [], "unchained": []}
    with (
        database.database("tredye_bench_chained") as one,
        database.database("tredye_bench_unchained") as other,
        engine_on(one, 4) as chained,
        engine_on(other, 4) as unchained,
    ):
        unchained.session._settlement.__class__ = Unchained
        engines = {"chained": chained, "unchained": unchained}
        for engine in engines.values():
            settled_per_second(engine, BATCH, TURN)
        for number in range(ROUNDS):
            seconds = dict.fromkeys(engines, 0.0)
            for turn in range(TURNS):
                for name in _in_turn(number + turn):
                    seconds[name] += TURN / settled_per_second(engines[name], BATCH, TURN)
            for name in engines:
                rates[name].append(TURNS * TURN / seconds[name])
                idle[name].append(_one_order_ms(engines[name]))
        violations(chained.connection)
    ratios = [ours / without for ours, without in zip(rates["chained"], rates["unchained"], strict=True)]
    detail = {
        "commands_per_s": round(statistics.median(rates["chained"])),
        "without": round(statistics.median(rates["unchained"])),
        "one_order_ms": round(statistics.median(idle["chained"]), 3),
        "one_order_ms_without": round(statistics.median(idle["unchained"]), 3),
        "invariants": "hold",
    }
    report("orders.chain_cost", ratios, "ratio", 0.95, "at least", detail, {"rates": rates, "one_order_ms": idle})


def _in_turn(number: int) -> tuple[str, str]:
    return ("chained", "unchained") if number % 2 else ("unchained", "chained")


def _one_order_ms(engine: Engine) -> float:
    from bench.flow import request

    quote(engine)
    return statistics.median(run_batch(engine, [request(engine.flow.add())]) for _ in range(IDLE_ORDERS)) * 1000


def run() -> None:
    django.setup()
    os.environ.pop("FAILPOINT", None)
    chain_cost()
