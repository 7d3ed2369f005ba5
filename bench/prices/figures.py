"""The figures of family ``prices`` that need no browser and no event log."""

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from bench.prices.scene import SYMBOLS, WATCHED, Scene, Side, Window, WrongError, all_arrived, load_average, measure, watch_sets
from bench.report import report

ROUNDS = 3
SECONDS = 3.0
THOUSAND = 1000
STALLED = 20
STALL_S = 20.0
SHORT_STALL_S = 3.0


def _median(windows: Sequence[Window], of: Callable[[Window], float], digits: int = 1) -> float:
    return round(statistics.median(of(window) for window in windows), digits)


def _raw(**windows: Sequence[Window]) -> dict[str, Any]:
    return {name: [window._asdict() for window in each] for name, each in windows.items()}


def _machine(ours: Sequence[Window]) -> dict[str, Any]:
    """What else one has to know: how full the clients' core was, and what else ran."""
    beside = _median(ours, lambda window: window.client_cores + window.feed_cores, 2)
    return {"client_and_feed_cores": beside, "load_average": load_average()}


def vs_naive(scene: Scene) -> None:
    """``prices.cpu_per_tick_vs_naive``: 100 sockets, 1,000 ticks a second, CPU of the server for a tick that arrived."""
    sets, tables = watch_sets(8, WATCHED), (scene.table(), scene.table())
    ours: list[Window] = []
    theirs: list[Window] = []
    with ExitStack() as stack:
        served, port = stack.enter_context(scene.stream())
        peer, peer_port = stack.enter_context(scene.tutorial())
        product = Side(
            "product",
            served,
            stack.enter_context(scene.fed("product", tables[0])),
            stack.enter_context(scene.sockets(port, 100, sets, tables[0])),
        )
        tutorial = Side(
            "tutorial",
            peer,
            stack.enter_context(scene.fed("tutorial", tables[1])),
            stack.enter_context(scene.sockets(peer_port, 100, sets, tables[1])),
        )
        for _ in range(ROUNDS):
            ours.append(measure(product, 1000, SECONDS))
            arrived = all_arrived(product)
            theirs.append(measure(tutorial, 1000, SECONDS))
    ratios = [other.cpu_us_a_tick / mine.cpu_us_a_tick for mine, other in zip(ours, theirs, strict=True)]
    detail = {
        "cpu_us_a_tick": _median(ours, lambda window: window.cpu_us_a_tick),
        "naive_cpu_us_a_tick": _median(theirs, lambda window: window.cpu_us_a_tick),
        "in_time": _median(ours, lambda window: window.in_time, 4),
        "naive_in_time": _median(theirs, lambda window: window.in_time, 4),
        "p50_ms": _median(ours, lambda window: window.p50_ms),
        "naive_p50_ms": _median(theirs, lambda window: window.p50_ms),
        "newest_values_that_arrived": arrived,
        **_machine(ours),
    }
    report("prices.cpu_per_tick_vs_naive", ratios, "ratio", 40, "at least", detail, _raw(ours=ours, naive=theirs))


def thousand(scene: Scene) -> None:
    """All that is taken with 1,000 sockets: memory, CPU a frame beside the floor, what arrives at 20,000 ticks/s, stalls."""
    sets, table = watch_sets(8, WATCHED), scene.table()
    ours: list[Window] = []
    floors: list[Window] = []
    with ExitStack() as stack:
        served, port = stack.enter_context(scene.stream())
        source = stack.enter_context(scene.fed("product", table))
        memory = _memory(scene, served, port, stack, table)
        product = Side("product", served, source, memory.pop("sockets"))
        floor_served, floor_port = stack.enter_context(scene.floor())
        floor_sockets = stack.enter_context(scene.sockets(floor_port, THOUSAND, sets, None, pace=1000.0))
        floor = Side("floor", floor_served, None, floor_sockets)
        for _ in range(ROUNDS):
            ours.append(measure(product, 20_000, SECONDS, settle_s=2.0))
            arrived = all_arrived(product)
            floors.append(measure(floor, 1, SECONDS))
        _report_thousand(ours, floors, arrived)
        growth = served.resident_kib() - memory["before_kib"]
        report("prices.memory_per_socket", [memory["kib"]], "KiB", 30, "at most",
               {**memory, "after_the_load_kib": round(growth / THOUSAND, 1), "load_average": load_average()}, {})  # fmt: skip
        slow_reader(product)


def _memory(scene: Scene, served: Any, port: int, stack: ExitStack, table: Any) -> dict[str, Any]:
    """Connect the thousand, and what they cost the server in memory; a few before them have it import and open what it needs."""
    sets = watch_sets(8, WATCHED)
    with scene.sockets(port, 20, sets, table):
        pass
    time.sleep(1.0)
    before = served.resident_kib()
    opened = stack.enter_context(scene.sockets(port, THOUSAND, sets, table))
    time.sleep(2.0)  # heartbeats
    return {"kib": (served.resident_kib() - before) / THOUSAND, "before_kib": before, "sockets": opened}


def _report_thousand(ours: Sequence[Window], floors: Sequence[Window], arrived: int) -> None:
    beside = {**_machine(ours), "newest_values_that_arrived": arrived}
    ratios = [mine.cpu_us_a_frame / floor.cpu_us_a_frame for mine, floor in zip(ours, floors, strict=True)]
    detail = {
        "cpu_us_a_frame": _median(ours, lambda window: window.cpu_us_a_frame),
        "floor_cpu_us_a_frame": _median(floors, lambda window: window.cpu_us_a_frame),
        "bytes_a_frame": _median(ours, lambda window: window.bytes / window.frames, 0),
        "floor_bytes_a_frame": _median(floors, lambda window: window.bytes / window.frames, 0),
        "server_cores": _median(ours, lambda window: window.server_cores, 2),
    }
    raw = _raw(ours=ours, floor=floors)
    report("prices.cpu_per_frame_vs_floor", ratios, "ratio", 1.4, "at most", {**detail, **beside}, raw)
    shares: dict[str, Any] = {
        "p50_ms": _median(ours, lambda window: window.p50_ms),
        "p99_ms": _median(ours, lambda window: window.p99_ms),
        "what": "of all that was published, how much each socket had within 100 ms, or something newer",
    }
    report("prices.delivered_1000", [window.in_time for window in ours], "share", 0.995, "at least", {**shares, **beside}, raw)
    frames = _median(ours, lambda window: window.frames_per_s / THOUSAND)
    detail = {"frames_per_s_a_socket": frames, "ticks_a_frame": _median(ours, lambda window: window.ticks / window.frames),
              "server_cores": _median(ours, lambda window: window.server_cores, 2)}  # fmt: skip
    report(
        "prices.ticks_per_core",
        [window.ticks_per_s for window in ours],
        "ticks/s",
        1_400_000,
        "at least",
        {**detail, "and": "at least 50 frames a second to each socket", **beside},
        raw,
        also=frames >= 50,
    )


def slow_reader(product: Side) -> None:
    """``prices.slow_reader``: of 1,000 sockets 20 stop reading; what the server keeps for them, and what they find afterwards.

    First a stall that is short enough to be forgiven, then one after which the server has cut them.
    """
    measure(product, 1000, 1.0)
    if product.feed is None:
        raise WrongError("nothing to stall")
    product.feed.rate(1000)
    product.sockets.stall(STALLED)
    time.sleep(SHORT_STALL_S)
    product.sockets.resume(STALLED)
    forgiven = _caught_up(product)
    before = product.server.resident_kib()
    product.sockets.stall(STALLED)
    most = 0
    until = time.monotonic() + STALL_S
    while time.monotonic() < until:
        time.sleep(0.5)
        most = max(most, product.server.resident_kib() - before)
    product.sockets.resume(STALLED)
    time.sleep(1.0)
    cut = product.sockets.ask("report")
    product.feed.stop()
    stale_kib = round(forgiven["stale_bytes"] / 1024)
    detail = {
        "stale_kib": stale_kib,
        "and": "at most 256 KiB to read before what comes is less than 50 ms old",
        "forgiven_after_s": SHORT_STALL_S,
        "cut_after_the_long_stall": cut["closed"],
        "others_still_live": cut["live"],
        "newest_values_that_arrived": all_arrived(product),
        "load_average": load_average(),
    }
    raw = {"forgiven": forgiven, "cut": cut}
    report("prices.slow_reader", [most / 1024], "MB", 20, "at most", detail, raw, also=stale_kib <= 256)


def _caught_up(side: Side) -> dict[str, Any]:
    """Wait until every socket that was stalled has a value of the last 50 ms again."""
    deadline = time.monotonic() + STALL_S
    while True:
        found = side.sockets.ask("report")
        if not found["behind"]:
            return found
        if time.monotonic() > deadline or found["closed"]:
            raise WrongError(f"the stalled sockets did not catch up: {found}")
        time.sleep(0.1)


def one_socket(scene: Scene) -> None:
    """``prices.one_socket``: trade prints, which may not be merged, of all symbols on one socket, against the tutorial's."""
    tables = (scene.table(), scene.table())
    ours: list[Window] = []
    theirs: list[Window] = []
    rate = 180_000
    with ExitStack() as stack:
        served, port = stack.enter_context(scene.stream())
        peer, peer_port = stack.enter_context(scene.tutorial())
        product = Side(
            "product",
            served,
            stack.enter_context(scene.fed("product", tables[0])),
            stack.enter_context(scene.sockets(port, 1, [SYMBOLS], tables[0], kind="p")),
        )
        tutorial = Side(
            "tutorial",
            peer,
            stack.enter_context(scene.fed("tutorial", tables[1])),
            stack.enter_context(scene.sockets(peer_port, 1, [SYMBOLS], tables[1])),
        )
        for _ in range(ROUNDS):
            ours.append(measure(product, rate, SECONDS, "p"))
            arrived = all_arrived(product)
            theirs.append(measure(tutorial, 5000, SECONDS))
    ratios = [mine.ticks_per_s / max(1.0, other.ticks_per_s) for mine, other in zip(ours, theirs, strict=True)]
    per_s, lost = _median(ours, lambda window: window.ticks_per_s, 0), sum(window.missed for window in ours)
    detail = {
        "ticks_per_s": per_s,
        "lost": lost,
        "naive_ticks_per_s": _median(theirs, lambda window: window.ticks_per_s, 0),
        "naive_lost": sum(window.missed for window in theirs),
        "and": "nothing lost, and at least 50,000 a second",
        "p50_ms": _median(ours, lambda window: window.p50_ms),
        "server_cores": _median(ours, lambda window: window.server_cores, 2),
        "newest_values_that_arrived": arrived,
        **_machine(ours),
    }
    raw = _raw(ours=ours, naive=theirs)
    report("prices.one_socket", ratios, "ratio", 200, "at least", detail, raw, also=per_s >= 50_000 and not lost)


def quiet(scene: Scene) -> None:
    """``prices.quiet_p50_ms``: 200 ticks a second and one socket, from the publisher's table through the layer to the socket."""
    table = scene.table()
    ours: list[Window] = []
    with (
        scene.stream() as (served, port),
        scene.fed("product", table) as source,
        scene.sockets(port, 1, [SYMBOLS], table) as one,
    ):
        product = Side("product", served, source, one)
        for _ in range(ROUNDS):
            ours.append(measure(product, 200, SECONDS))
            arrived = all_arrived(product)
    detail = {
        "p99_ms": _median(ours, lambda window: window.p99_ms, 2),
        "ticks": sum(window.ticks for window in ours),
        "newest_values_that_arrived": arrived,
        "load_average": load_average(),
    }
    report("prices.quiet_p50_ms", [window.p50_ms for window in ours], "ms", 1.0, "at most", detail, _raw(ours=ours))
