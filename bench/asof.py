"""``pages.as_it_was``: what an order's page asks to show the quote, book and account of an instant, with a million orders in the
tables and with ten thousand, in turn: of the newest fill, and of one from the beginning, which has all the others behind it."""

import statistics
import time
from typing import TYPE_CHECKING

from bench import database
from bench.report import report
from bench.web import load_average

if TYPE_CHECKING:
    from bench.orders import Engine

FEW, MANY = 10_000, 1_000_000
ACCOUNTS = 50
#: Orders of one account at a time, so that the accounts take turns.
TURN = 1_000
ROUNDS = 9
_FILLED = """SELECT account_id, id FROM orders_order WHERE status = 'FILLED' AND id > %s ORDER BY id LIMIT 1"""
_NEWEST_FILLED = """SELECT account_id, id FROM orders_order WHERE status = 'FILLED' ORDER BY id DESC LIMIT 1"""


def run() -> None:
    from django.db import connection

    with (
        database.database("tredye_bench_asof_few") as few_url,
        database.database("tredye_bench_asof_many") as many_url,
    ):
        orders = {}
        for url, total in ((few_url, FEW), (many_url, MANY)):
            orders[url] = _fill(url, total)
        times: dict[str, dict[str, list[float]]] = {url: {which: [] for which in orders[url]} for url in orders}
        for _ in range(ROUNDS):
            for url, found in orders.items():
                connection.close()
                connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's alone
                connection.settings_dict["NAME"] = url.rsplit("/", 1)[1]
                for which, (account_id, order_id) in found.items():
                    times[url][which].append(_seconds(account_id, order_id) * 1000)
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's alone
    few, many = times[few_url], times[many_url]
    ratios = [slow / quick for which in few for slow, quick in zip(many[which], few[which], strict=True)]
    detail = {
        "few_ms": {which: round(statistics.median(each), 1) for which, each in few.items()},
        "many_ms": {which: round(statistics.median(each), 1) for which, each in many.items()},
        "orders": [FEW, MANY],
        "load_average": load_average(),
    }
    report("pages.as_it_was", ratios, "ratio", 3.0, "at most", detail, {"few": few, "many": many})


def _fill(url: str, total: int) -> dict[str, tuple[int, int]]:
    """Orders by the product's own engine; an early and the newest one that was filled, with their accounts."""
    from bench.orders import engine_on
    from bench.pages_rows import Customer

    with engine_on(url, 8) as engine:
        customers = [Customer(engine, account_id) for account_id in engine.account_ids[:ACCOUNTS]]
        while sum(customer.orders for customer in customers) < total:
            for customer in customers:
                customer.order(customer.orders + min(TURN, total // ACCOUNTS))
        engine.connection.execute("SET statement_timeout = 0")
        engine.connection.execute("VACUUM ANALYZE")
        early = sorted(_ids(engine, "SELECT id FROM orders_order ORDER BY id LIMIT 1000"))[-1]
        return {"early": _one(engine, _FILLED, early), "newest": _one(engine, _NEWEST_FILLED)}


def _ids(engine: "Engine", query: str) -> list[int]:
    return [row[0] for row in engine.connection.execute(query).fetchall()]


def _one(engine: "Engine", query: str, *values: int) -> tuple[int, int]:
    row = engine.connection.execute(query, values).fetchone()
    if row is None:
        raise RuntimeError("no order was filled")
    return row[0], row[1]


def _seconds(account_id: int, order_id: int) -> float:
    from apps.asof.selectors import set_scene
    from apps.orders.selectors import access_order
    from apps.orders.story import tell_story

    order = access_order(account_id, order_id)
    began = time.perf_counter()
    story = tell_story(order, 0)
    if set_scene(order, story.steps) is None:
        raise RuntimeError(f"nothing is known of order {order_id}")
    return time.perf_counter() - began
