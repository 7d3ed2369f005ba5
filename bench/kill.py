"""The kill switch in a real engine, over its socket: how soon orders are refused meanwhile, and how soon all are canceled."""

import statistics
import time

from bench.live import Live
from bench.report import report

ROUNDS = 3
OPEN_ORDERS = 10_000
#: Orders that are sent one after the other before the table is asked again whether the sweep goes on.
ASKED_TOGETHER = 5
REFUSED_WITHIN_MS = 100
CANCELED_WITHIN_S = 10
SWEPT = "status = 'CANCELED' AND reason = 'CANCELED_BY_KILL_SWITCH'"


def kill_switch() -> None:
    """``orders.kill_refused_ms``, of each round the slowest refusal, and ``orders.kill_canceled_s``."""
    from bench.live import live_engine
    from bench.orders import violations

    in_force, slowest, middle, canceled, counts = [], [], [], [], []
    with live_engine() as live:
        for number in range(ROUNDS):
            live.rest_orders(OPEN_ORDERS, 99 + number)
            in_force_ms, refusals, canceled_s = _kill_once(live, number)
            in_force.append(in_force_ms)
            slowest.append(max(refusals))
            middle.append(statistics.median(refusals))
            canceled.append(canceled_s)
            counts.append(len(refusals))
            _check_swept(live, (number + 1) * OPEN_ORDERS)
        live.stop()
        with live.connection() as connection:
            violations(connection)
    detail = {
        "open_orders": OPEN_ORDERS,
        "in_force_ms": round(statistics.median(in_force), 1),
        "refused_p50_ms": round(statistics.median(middle), 1),
        "refusals": sum(counts),
        "invariants": "hold",
        "note": "value: the slowest of the refusals while the orders are being canceled",
    }
    raw = {"in_force_ms": in_force, "refused_p50_ms": middle, "refusals": counts}
    report("orders.kill_refused_ms", slowest, "ms", REFUSED_WITHIN_MS, "at most", detail, raw)
    report("orders.kill_canceled_s", canceled, "s", CANCELED_WITHIN_S, "at most", detail, raw)


def _kill_once(live: Live, number: int) -> tuple[float, list[float], float]:
    """(milliseconds until the switch is in force, those of each refusal until the last order is canceled, seconds until then)"""
    from apps.commands.types import KillVenue, RestoreVenue
    from bench.flow import SYSTEM

    refusals: list[float] = []
    with live.connection() as connection:
        started = time.perf_counter()
        live.client.send(KillVenue(command_id=f"kill-{number}", actor=SYSTEM, reason="a wrong price"), deadline_s=30)
        in_force_ms = (time.perf_counter() - started) * 1000
        is_sweeping = True
        while is_sweeping:
            refusals += [_refused_ms(live, f"after-{number}-{len(refusals) + i}") for i in range(ASKED_TOGETHER)]
            row = connection.execute("SELECT EXISTS (SELECT FROM orders_order WHERE status = 'ACCEPTED')").fetchone()
            is_sweeping = bool(row and row[0])
        canceled_s = time.perf_counter() - started
    live.client.send(RestoreVenue(command_id=f"restore-{number}", actor=SYSTEM, reason="mended"), deadline_s=30)
    return in_force_ms, refusals, canceled_s


def _refused_ms(live: Live, command_id: str) -> float:
    import msgspec

    from bench.flow import Flow

    command = msgspec.structs.replace(Flow(live.account_ids, 7).add(), command_id=command_id)
    started = time.perf_counter()
    answer = live.client.send(command, deadline_s=30)
    refused_ms = (time.perf_counter() - started) * 1000
    if getattr(answer, "reason", "") != "VENUE_KILLED":
        raise RuntimeError(f"an order after the kill switch was answered {answer}")
    return refused_ms


def _check_swept(live: Live, orders: int) -> None:
    with live.connection() as connection:
        row = connection.execute(f"SELECT count(*) FROM orders_order WHERE {SWEPT}").fetchone()  # noqa: S608 - of this module
    if row is None or row[0] < orders:
        raise RuntimeError(f"{orders} orders were to be canceled by the switch, {row} were")
