"""What a run brought, as one document: figures by name, series over time, tables, and the verdict. ``results.json``."""

import os
from collections.abc import Iterable
from typing import Any

from load.goals import judge
from load.knee import Step, find_knee
from load.run import Outcome
from load.slopes import fit

VERSION = 1
#: What may grow in a minute and still counts as flat: memory by the bound that the project set itself, and half a file.
RSS_MIB_A_MINUTE = 1.0
FDS_A_MINUTE = 0.5
#: Servers whose memory is a cache that fills up to what it was given, or a heap of another's making.
NOT_SLOPED = ("postgres", "kafka")
SLOPES_FROM_S = 600.0
#: The clients may be leaving already when the last look is taken.
_LEAVING_S = 0.3
_SHARES = ("p50_ms", "p95_ms", "p99_ms", "p99.9_ms", "max_ms")


def make_results(outcome: Outcome) -> dict[str, Any]:
    """The document. Times in it are milliseconds, seconds or MiB as the names say."""
    slopes = _slopes(outcome)
    steps = _steps(outcome)
    figures = _figures(outcome, slopes, steps)
    verdicts = judge(outcome.lane.name, figures)
    clients = {name: total.get("client", {}) for name, total in outcome.totals.items()}
    limits = [f"{name}: {each['why']}" for name, each in clients.items() if each.get("was_limit")]
    return {
        "version": VERSION,
        "lane": outcome.lane.name,
        "about": outcome.lane.about,
        "run": outcome.run,
        "started_at": outcome.started_at.isoformat(timespec="seconds"),
        "offered_s": round(outcome.offered_s, 1),
        "planned_s": outcome.lane.seconds,
        "interrupted": outcome.interrupted,
        "gave_up": outcome.gave_up,
        "own_stack": outcome.is_own,
        "event_log": outcome.event_log,
        "machine": {**outcome.machine, "load_before": outcome.load_before, "load_after": os.getloadavg()[0]},
        "offer": [_phase(outcome, number) for number in range(len(outcome.lane.phases))],
        "sockets": outcome.lane.sockets,
        "figures": figures,
        "verdict": [
            {
                "figure": v.goal.figure,
                "most": v.goal.most,
                "bound": v.goal.bound,
                "value": v.value,
                "met": v.met,
                "why": v.goal.why,
            }
            for v in verdicts
        ],
        "met": all(verdict.met for verdict in verdicts) and not outcome.interrupted,
        "client_limits": limits,
        "clients": clients,
        "outcomes": _outcomes(outcome),
        "series": _series(outcome),
        "hops": _hops(outcome),
        "slopes": slopes,
        "steps": [step._asdict() for step in steps],
        "knee": _knee(steps) if outcome.lane.gives_up_after else {},
        "journal": outcome.findings | {"pushed": outcome.pushed},
        "invariants": outcome.invariants,
        "replay": outcome.replay,
        "statements": outcome.statements,
        "restarts": dict(outcome.sampler.restarts) if outcome.sampler else {},
        "not_seen": dict(outcome.sampler.problems) if outcome.sampler else {},
    }


def _phase(outcome: Outcome, number: int) -> dict[str, Any]:
    phase = outcome.lane.phases[number]
    rates = {what: getattr(phase, what) for what in ("orders", "visits", "log_ins", "cancel_alls")}
    return {"name": phase.name, "seconds": phase.seconds, **rates, "cuts_sockets": phase.cuts_sockets}


# --- figures


def _figures(outcome: Outcome, slopes: dict[str, Any], steps: list[Step]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    seconds = max(outcome.offered_s, 0.001)
    _order_figures(found, outcome.totals.get("orders", {}), seconds)
    _socket_figures(found, outcome, seconds)
    _page_figures(found, outcome.totals.get("pages", {}), seconds)
    _stack_figures(found, outcome)
    for name in ("lost", "doubled", "invented", "misreported", "unresolved", "unpushed"):
        if outcome.findings:
            found[f"journal.{name}"] = outcome.findings[name]
    if "violated" in outcome.invariants:
        found["invariants.violated"] = outcome.invariants["violated"] + outcome.invariants["unanswered"]
    if "differences" in outcome.replay:
        found["replay.differences"] = outcome.replay["differences"]
    if slopes:
        found["slopes.not_flat"] = sum(not each["flat"] for each in slopes.values())
    if outcome.lane.gives_up_after:
        carried = find_knee(steps).carried
        found["knee.carried_per_s"] = round(carried.good, 1) if carried else 0.0
    found["clients.were_limit"] = sum(bool(total.get("client", {}).get("was_limit")) for total in outcome.totals.values())
    return found


def _latencies(found: dict[str, Any], prefix: str, total: dict[str, Any] | None) -> None:
    for share in _SHARES:
        if total and share in total:
            found[f"{prefix}.{share}"] = round(total[share], 3)


def _order_figures(found: dict[str, Any], total: dict[str, Any], seconds: float) -> None:
    counts = total.get("counts", {})
    for what in ("offered", "answered", "unanswered", "good"):
        found[f"orders.{what}"] = counts.get(what, 0)
    if offered := counts.get("offered", 0):
        found["orders.good_share"] = round(counts.get("good", 0) / offered, 5)
        found["orders.good_per_s"] = round(counts.get("good", 0) / seconds, 2)
        found["orders.offered_per_s"] = round(offered / seconds, 2)
    found["orders.unknown_first"] = total.get("unknown_first", 0)
    for kind in ("request", "place", "cancel", "amend", "cancel_all"):
        _latencies(found, f"orders.{kind}", total.get("kinds", {}).get(kind))


def _socket_figures(found: dict[str, Any], outcome: Outcome, seconds: float) -> None:
    total = outcome.totals.get("sockets", {})
    counts, kinds = total.get("counts", {}), total.get("kinds", {})
    found["prices.timed"] = counts.get("prices_timed", 0)
    found["sockets.frames_per_s"] = round(counts.get("frames", 0) / seconds, 1)
    for what in ("older_after_newer", "account_holes", "account_gaps_told"):
        found[f"sockets.{what}"] = counts.get(what, 0)
    for kind in ("feed_to_client", "hub_to_client"):
        _latencies(found, f"prices.{kind}", kinds.get(kind))
    _latencies(found, "orders.commit_to_client", kinds.get("commit_to_client"))
    for kind in ("to_prices", "round_trip", "ticket"):
        _latencies(found, f"sockets.{kind}", kinds.get(kind))
    if back := kinds.get("back", {}).get("count") and kinds["back"]:
        found |= {f"sockets.back.{share}_s": round(back[f"{share}_ms"] / 1000, 3) for share in ("p50", "p95", "max")}
    live = [window["gauges"]["live"] for window in outcome.windows.get("sockets", []) if "live" in window["gauges"]]
    if live:
        found["sockets.live_share_min"] = round(min(live) / outcome.lane.sockets, 4)


def _page_figures(found: dict[str, Any], total: dict[str, Any], seconds: float) -> None:
    counts, kinds = total.get("counts", {}), total.get("kinds", {})
    pages = counts.get("good", 0) + counts.get("bad", 0)
    found["pages.visits"] = counts.get("visits", 0)
    found["pages.per_s"] = round(pages / seconds, 2)
    if pages:
        found["pages.bad_share"] = round(counts.get("bad", 0) / pages, 5)
    for kind in kinds:
        if kind.startswith("page") or kind == "log_in":
            _latencies(found, f"pages.{kind.removeprefix('page ')}", kinds[kind])


def _stack_figures(found: dict[str, Any], outcome: Outcome) -> None:
    sampler = outcome.sampler
    if sampler is None:
        return
    found["processes.restarts"] = sum(sampler.restarts.values())
    total = 0.0
    for name, points in sampler.series.items():
        values = [value for _, value in points]
        if name.startswith("process.") and name.endswith(".cpu"):
            found[f"cpu.{name.split('.')[1]}"] = round(_mean(values), 3)
            total += _mean(values)
        elif name.startswith("process.") and name.endswith(".rss_mib"):
            found[f"rss_mib.{name.split('.')[1]}"] = round(values[-1], 1)
        elif name.startswith("log."):
            found[f"{name}_mean"] = round(_mean(values), 2)
            found[f"{name}_max"] = round(max(values), 2)
            while_offered = [value for t, value in points if t < outcome.offered_s - _LEAVING_S]
            found[f"{name}_end"] = round((while_offered or values)[-1], 2)
    found["cpu.stack"] = round(total, 3)
    found["cpu.clients"] = round(sum(_mean([w["cpu"] for w in windows]) for windows in outcome.windows.values()), 3)
    if (rate := found.get("log.feed_ticks_per_s_mean")) is not None and outcome.is_own:
        found["feed.rate_share"] = round(rate / outcome.lane.feed_rate, 4)
    _database_figures(found, outcome)


def _database_figures(found: dict[str, Any], outcome: Outcome) -> None:
    sampler = outcome.sampler
    if sampler is None or not sampler.database_last:
        return
    moved = {name: value - sampler.database_first.get(name, 0.0) for name, value in sampler.database_last.items()}
    seconds = max(outcome.offered_s, 0.001)
    for name in ("commits", "rollbacks", "rows_inserted", "rows_updated"):
        found[f"database.{name}_per_s"] = round(moved[name] / seconds, 1)
    found["database.deadlocks"] = int(moved["deadlocks"])
    found["database.grown_mib"] = round(moved["size_bytes"] / 2**20, 2)
    found["database.connections_max"] = max((value for _, value in sampler.series["database.connections"]), default=0)
    touched = moved["blocks_hit"] + moved["blocks_read"]
    if touched:
        found["database.cache_share"] = round(moved["blocks_hit"] / touched, 5)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


# --- tables and series


def _outcomes(outcome: Outcome) -> dict[str, dict[str, int]]:
    return {name: dict(sorted(total.get("outcomes", {}).items())) for name, total in outcome.totals.items()}


def _series(outcome: Outcome) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = dict(outcome.sampler.series) if outcome.sampler else {}
    for client, windows in outcome.windows.items():
        for window in windows:
            for name, value in _of_window(client, window):
                found.setdefault(name, []).append((window["t"], round(value, 3)))
    return found


def _of_window(client: str, window: dict[str, Any]) -> Iterable[tuple[str, float]]:
    seconds = max(window["seconds"], 0.001)
    yield f"client.{client}.cpu", window["cpu"]
    for kind, each in window["kinds"].items():
        for share in ("p50_ms", "p95_ms", "p99_ms"):
            yield f"{client}.{kind}.{share}", each[share]
    for what, count in window["counts"].items():
        yield f"{client}.{what}_per_s", count / seconds
    for what, value in window["gauges"].items():
        yield f"{client}.{what}", value


def _hops(outcome: Outcome) -> dict[str, dict[str, float]]:
    from load.exposition import hops

    if outcome.sampler is None:
        return {}
    whole = hops(outcome.sampler.first, outcome.sampler.last)
    return {name: {key: round(value, 3) for key, value in each.items()} for name, each in sorted(whole.items())}


def _slopes(outcome: Outcome) -> dict[str, Any]:
    """Of lanes that last long enough to tell."""
    if outcome.sampler is None or outcome.offered_s - outcome.lane.warm_s < SLOPES_FROM_S / 2:
        return {}
    found = {}
    for name, points in outcome.sampler.series.items():
        if not name.startswith("process.") or name.endswith(".cpu"):
            continue
        limit = RSS_MIB_A_MINUTE if name.endswith(".rss_mib") else FDS_A_MINUTE
        slope = fit(points, outcome.lane.warm_s)
        if slope is None:
            continue
        judged = name.split(".")[1] not in NOT_SLOPED
        flat = slope.is_flat(limit) or not judged
        found[name] = {**slope._asdict(), "limit": limit, "flat": flat, "judged": judged}
    return found


def _steps(outcome: Outcome) -> list[Step]:
    """Each phase by what was offered in it, wherever the answer came."""
    found = []
    stretches = outcome.totals.get("orders", {}).get("stretches", {})
    began = 0.0
    for number, phase in enumerate(outcome.lane.phases):
        seconds = min(phase.seconds, outcome.offered_s - began)
        began += phase.seconds
        each = stretches.get(str(number))
        if each is None or seconds < phase.seconds / 2:
            continue
        counts = each["counts"]
        p99 = each["kinds"].get("request", {}).get("p99_ms", 0.0)
        found.append(Step(phase.name, counts.get("offered", 0) / seconds, counts.get("good", 0) / seconds, p99))
    return found


def _knee(steps: list[Step]) -> dict[str, Any]:
    knee = find_knee(steps)
    return {
        "carried": knee.carried._asdict() if knee.carried else None,
        "broke": knee.broke._asdict() if knee.broke else None,
        "why": knee.why,
    }
