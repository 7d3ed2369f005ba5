"""``feed.rate``: ticks a second that ``run_feed sim`` publishes when it is asked for 20,000, to a real log and a real engine.

The processes are those of ``make run``: the engine with the demo's instruments, and the feed, through its gate and under its
lease. What they did is read from their own metrics, over a window after a warming-up.
"""

import statistics
import time
import urllib.request
from typing import Any

from bench.report import report
from stack.cluster import Cluster

RATE = 20_000
WARM_S = 5.0
WINDOW_S = 10.0
ROUNDS = 3


def run() -> None:
    with Cluster(["engine", "feed"], env={"FEED_RATE": str(RATE), "FEED_SEED": "1"}) as cluster:
        time.sleep(WARM_S)
        rounds = [_round(cluster) for _ in range(ROUNDS)]
        restarts = {name: cluster.restart_count(name) for name in ("engine", "feed")}
    rates = [each["ticks_a_second"] for each in rounds]
    dropped = sum(each["dropped"] for each in rounds)
    report(
        "feed.rate", rates, "ticks/s published", RATE * 0.99, "at least",
        {
            "asked": RATE,
            "lost_for_the_log": sum(each["lost"] for each in rounds),
            "dropped": dropped,
            "quarantined": sum(each["quarantined"] for each in rounds),
            "cpu_us_a_tick": round(statistics.median(each["cpu_us"] for each in rounds), 1),
            "engine_took_a_second": round(statistics.median(each["engine"] for each in rounds)),
            "restarts": restarts,
            "log": cluster.event_log.name,
        },
        {"rounds": rounds},
        also=not dropped,
    )  # fmt: skip


def _round(cluster: Cluster) -> dict[str, Any]:
    cluster.wait_ready()
    before, engine_before, began_s = _metrics(cluster, "feed"), _metrics(cluster, "engine"), time.monotonic()
    time.sleep(WINDOW_S)
    after, engine_after = _metrics(cluster, "feed"), _metrics(cluster, "engine")
    seconds = time.monotonic() - began_s

    def moved(name: str) -> float:
        return sum(after[key] - before.get(key, 0) for key in after if key.startswith(name))

    ticks = moved("tredye_feed_ticks_total")
    quotes = sum(engine_after[key] - engine_before.get(key, 0) for key in engine_after if key == "tredye_engine_quotes_total")
    return {
        "ticks_a_second": ticks / seconds,
        "dropped": moved("tredye_feed_dropped_total") + moved("tredye_feed_skipped_total"),
        "lost": moved("tredye_producer_failed_total"),
        "quarantined": moved("tredye_feed_quarantined_total"),
        "cpu_us": moved("process_cpu_seconds_total") * 1e6 / ticks if ticks else 0.0,
        "engine": quotes / seconds,
    }


def _metrics(cluster: Cluster, process: str) -> dict[str, float]:
    port = cluster.settings.ports[f"metrics-{process}"]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))
    return {name: float(value) for name, value in pairs}
