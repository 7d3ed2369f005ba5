"""The page: from the results document alone, so that it can be made again from results.json."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from load.report.charts import Points, line_chart, number_text
from load.report.style import STYLE
from load.report.tables import Cell, Marked, facts, table

Results = Mapping[str, Any]
_PRICE_HOPS = {
    "feed → log": "realtime_hop feed_log",
    "log → consumer": "realtime_hop log_consumer",
    "consumer → hub": "realtime_hop consumer_hub",
    "hub → socket": "realtime_hop hub_socket",
}
_ORDER_HOPS = {
    "admit": "api_step admit",
    "read": "api_step read",
    "engine, all of it": "api_step engine",
    "… wait": "engine_step wait",
    "… match": "engine_step match",
    "… commit": "engine_step commit",
    "… answer": "engine_step answer",
    "outbox → log": "relay_publish",
}
_ERRORS_FINE = ("200", "302", "ACCEPTED", "FILLED", "CANCELED", "DONE", "PARTIALLY_FILLED")


def write_report(results: Results, path: Path) -> None:
    path.write_text(render(results))


def render(results: Results) -> str:
    """The whole page."""
    title = f"{results['lane']} · {results['started_at']}"
    sections = (
        _top, _verdict, _latency, _hops, _throughput, _errors, _knee, _processes, _database, _event_log, _right, _clients,
    )  # fmt: skip
    body = "".join(section(results) for section in sections)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Load: {escape(title)}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )


def _top(results: Results) -> str:
    machine, figures = results["machine"], results["figures"]
    missed = [each for each in results["verdict"] if not each["met"]]
    if results["met"]:
        banner = f'<div class="banner met">Met: all {len(results["verdict"])} goals of {escape(results["lane"])}.</div>'
    else:
        words = "; ".join(f"{each['figure']} {number_text(each['value'])}" for each in missed)
        early = "It was ended early. " if results["interrupted"] else ""
        count = f"Missed: {len(missed)} of {len(results['verdict'])} goals." if missed else ""
        banner = f'<div class="banner missed">{early}{count}<p>{escape(words)}</p></div>'
    for limit in results["client_limits"]:
        banner += (
            f'<div class="banner warn">The client was the limit: its figures are partly its own.<p>{escape(limit)}</p></div>'
        )
    shown = (
        ("orders offered", f"{number_text(figures.get('orders.offered_per_s'))}/s"),
        ("good within 1 s", _percent(figures.get("orders.good_share"))),
        ("order p99", _ms(figures.get("orders.request.p99_ms"))),
        ("price at client p99", _ms(figures.get("prices.feed_to_client.p99_ms"))),
        ("page p95", _ms(figures.get("pages.page.p95_ms"))),
        ("sockets", number_text(results["sockets"])),
        ("CPU of the stack", f"{number_text(figures.get('cpu.stack'))} cores"),
        ("CPU of the clients", f"{number_text(figures.get('cpu.clients'))} cores"),
    )
    about = (
        f"Started {results['started_at']}, load offered for {number_text(results['offered_s'])} of "
        f"{number_text(results['planned_s'])} s. Commit {machine.get('commit') or 'unknown'}, {machine.get('cores')} cores, "
        f"Python {machine.get('python')}, event log: {results['event_log']}. Load average before {machine['load_before']:.1f}, "
        f"after {machine['load_after']:.1f}. {'A stack of its own.' if results['own_stack'] else 'A stack that was running.'}"
    )
    return (
        f"<h1>{escape(results['lane'])}: {escape(results['about'])}</h1><p class='lead'>{escape(about)}</p>{banner}{facts(shown)}"
    )


def _verdict(results: Results) -> str:
    goals: list[list[Cell]] = [
        [
            Marked.of("met", "good") if each["met"] else Marked.of("missed", "bad"),
            each["figure"],
            "not measured" if each["value"] is None else each["value"],
            f"{'at most' if each['most'] else 'at least'} {number_text(each['bound'])}",
            each["why"],
        ]
        for each in results["verdict"]
    ]
    offers: list[list[Cell]] = [
        [
            each["name"] + (" (all sockets are cut)" if each["cuts_sockets"] else ""),
            *(each[what] for what in ("seconds", "orders", "visits", "log_ins", "cancel_alls")),
        ]
        for each in results["offer"]
    ]
    heads = ("phase", "seconds>", "orders/s>", "visits/s>", "log-ins/s>", "cancel-alls/s>")
    return (
        "<h2>Verdict</h2>"
        + table("Goals", ("", "figure", "value>", "bound", "why"), goals)
        + table(f"What was offered, to {results['sockets']} sockets besides", heads, offers)
    )


def _latency(results: Results) -> str:
    of = results["series"]
    shown = (
        ("Orders, from when they were due", "orders.request"),
        ("Prices, from the feed to the client", "sockets.feed_to_client"),
        ("Account events, from the commit to the client", "sockets.commit_to_client"),
        ("Pages, from when they were wanted", "pages.page"),
        ("Sockets, from the opening to prices", "sockets.to_prices"),
        ("Log-ins, from when they were wanted", "pages.log_in"),
    )
    charts = "".join(line_chart(title, "ms", _shares(of, name)) for title, name in shown)
    rows = []
    for key, label in _KINDS.items():
        found = [results["figures"].get(f"{key}.{share}") for share in ("p50_ms", "p95_ms", "p99_ms", "p99.9_ms", "max_ms")]
        if found[0] is not None:
            rows.append([label, *found])
    kinds = table("All of the run, ms", ("what", "p50>", "p95>", "p99>", "p99.9>", "most>"), rows)
    note = (
        "<p class='why'>As the clients saw it: from the moment when a request was due, whether or not it could be sent then. "
        "A server that stands still shows in all that was due meanwhile.</p>"
    )
    return f"<h2>Latency</h2>{note}<div class='charts'>{charts}</div><h2>Percentiles</h2>{kinds}"


_KINDS = {
    "orders.request": "orders, all requests",
    "orders.place": "… placed",
    "orders.amend": "… amended",
    "orders.cancel": "… canceled",
    "orders.cancel_all": "… all canceled",
    "orders.commit_to_client": "account events, commit to client",
    "prices.feed_to_client": "prices, feed to client",
    "prices.hub_to_client": "prices, hub to client",
    "sockets.to_prices": "sockets, opening to prices",
    "sockets.round_trip": "sockets, heartbeat there and back",
    "sockets.ticket": "sockets, ticket",
    "pages.page": "pages, all",
    "pages.landing": "… landing",
    "pages.markets": "… markets",
    "pages.instrument": "… instrument",
    "pages.bars": "… bars",
    "pages.search": "… search",
    "pages.open orders": "… open orders",
    "pages.orders": "… orders",
    "pages.portfolio": "… portfolio",
    "pages.ledger": "… ledger",
    "pages.status": "… status",
    "pages.log-in form": "… log-in form",
    "pages.log_in": "log-ins",
}


def _hops(results: Results) -> str:
    of = results["series"]
    charts = line_chart(
        "A price on its way, p99 of each hop",
        "ms",
        {label: of.get(f"hop.{hop}.p99_ms", []) for label, hop in _PRICE_HOPS.items()},
    ) + line_chart(
        "An order on its way, p99 of each hop",
        "ms",
        {label: of.get(f"hop.{hop}.p99_ms", []) for label, hop in _ORDER_HOPS.items()},
    )
    rows: list[list[Cell]] = [
        [name, each["count"], each["p50_ms"], each["p95_ms"], each["p99_ms"]] for name, each in results["hops"].items()
    ]
    every = table(
        "Every time that the processes measured themselves, all of the run, ms", ("hop", "count>", "p50>", "p95>", "p99>"), rows
    )
    return f"<h2>Hops</h2><div class='charts'>{charts}</div><p class='why'>From the processes' own histograms.</p>{every}"


def _throughput(results: Results) -> str:
    of = results["series"]
    charts = (
        line_chart(
            "Orders", "a second",
            {"offered": of.get("orders.offered_per_s", []), "good": of.get("orders.good_per_s", []),
             "under way": of.get("orders.in_flight", [])},
        )
        + line_chart("Frames to the sockets", "a second", {"frames": of.get("sockets.frames_per_s", [])})
        + line_chart("Live sockets", "", {"live": of.get("sockets.live", [])})
        + line_chart(
            "Pages", "a second", {"good": of.get("pages.good_per_s", []), "failed": of.get("pages.bad_per_s", []),
                                  "walkers busy": of.get("pages.walking", [])},
        )
    )  # fmt: skip
    return f"<h2>Throughput</h2><div class='charts'>{charts}</div>"


def _errors(results: Results) -> str:
    rows: list[list[Cell]] = []
    for client, outcomes in results["outcomes"].items():
        for what, count in outcomes.items():
            code = what.partition(": ")[2]
            is_fine = code in _ERRORS_FINE
            rows.append([client, what if is_fine else Marked.of(what, "bad"), count])
    return "<h2>What came of everything</h2>" + table("Answers by code", ("client", "what: code", "count>"), rows)


def _knee(results: Results) -> str:
    if not results["knee"]:
        return ""
    knee, steps = results["knee"], results["steps"]
    offered = [step["offered"] for step in steps]
    good = {
        name: list(zip(offered, values, strict=True))
        for name, values in (("good", [s["good"] for s in steps]), ("offered", offered))
    }
    slowest = {"p99": list(zip(offered, (s["p99_ms"] for s in steps), strict=True))}
    charts = line_chart("Goodput", "good answers a second, by what was offered", good, x_unit="/s")
    charts += line_chart("p99", "ms, by what was offered", slowest, x_unit="/s")
    rows: list[list[Cell]] = [
        [s["name"], s["offered"], s["good"], s["good"] / max(s["offered"], 0.001) * 100, s["p99_ms"]] for s in steps
    ]
    carried = knee["carried"]
    words = (
        f"Carried: {number_text(carried['good'])} a second, p99 {number_text(carried['p99_ms'])} ms."
        if carried
        else "None was carried."
    )
    steps_table = table("Steps", ("step", "offered/s>", "good/s>", "good %>", "p99 ms>"), rows)
    why = knee["why"][:1].upper() + knee["why"][1:]
    return f"<h2>The knee</h2><p>{escape(words)} {escape(why)}.</p><div class='charts'>{charts}</div>{steps_table}"


def _processes(results: Results) -> str:
    of = results["series"]
    names = sorted({name.split(".")[1] for name in of if name.startswith("process.")})
    rows: list[list[Cell]] = []
    for name in names:
        cpu, rss, fds = (of.get(f"process.{name}.{what}", []) for what in ("cpu", "rss_mib", "fds"))
        grows = results["slopes"].get(f"process.{name}.rss_mib")
        opens = results["slopes"].get(f"process.{name}.fds")
        rows.append(
            [name, _mean(cpu), max((v for _, v in cpu), default=None), *_ends(rss), _slope(grows), *_ends(fds), _slope(opens),
             results["restarts"].get(name, 0)]
        )  # fmt: skip
    charts = (
        line_chart("CPU", "cores", {n: of.get(f"process.{n}.cpu", []) for n in names})
        + line_chart("Memory", "MiB", {n: of.get(f"process.{n}.rss_mib", []) for n in names})
        + line_chart("Open files", "", {n: of.get(f"process.{n}.fds", []) for n in names})
        + line_chart("Load average of the machine", "", {"load": of.get("machine.load", [])})
    )
    heads = (
        *("process", "CPU mean>", "most>", "MiB first>", "last>", "a minute, 95 %", "files first>", "last>", "a minute, 95 %"),
        "restarts>",
    )
    return f"<h2>Processes</h2><div class='charts'>{charts}</div><h2>By process</h2>" + table("CPU in cores", heads, rows)


def _database(results: Results) -> str:
    of, figures = results["series"], results["figures"]
    charts = line_chart(
        "PostgreSQL", "a second",
        {"commits": of.get("database.commits_per_s", []), "rows inserted": of.get("database.rows_inserted_per_s", [])},
    ) + line_chart("Connections", "", {"connections": of.get("database.connections", [])})  # fmt: skip
    rows: list[list[Cell]] = [
        [name.removeprefix("database."), value] for name, value in figures.items() if name.startswith("database.")
    ]
    statements: list[list[Cell]] = [
        [s["query"], s["calls"], s["total_ms"], s["mean_ms"], s["rows"]] for s in results["statements"]
    ]
    return (
        f"<h2>Database</h2><div class='charts'>{charts}</div><h2>Its figures</h2>"
        + table("All of the run", ("figure", "value>"), rows)
        + table(
            "Dearest statements since the server counts", ("statement", "calls>", "ms>", "ms each>", "rows>"), statements,
            "pg_stat_statements is not installed in this database.",
        )
    )  # fmt: skip


def _event_log(results: Results) -> str:
    of = results["series"]
    rates = ("feed_ticks", "produced", "relayed", "consumed", "engine_quotes")
    charts = (
        line_chart("Event log", "a second", {name.replace("_", " "): of.get(f"log.{name}_per_s", []) for name in rates})
        + line_chart("Behind", "records", {"consumers": of.get("log.lag_records", [])})
        + line_chart("Outbox", "batches", {"waiting": of.get("log.outbox_batches", [])})
        + line_chart(
            "Age",
            "s",
            {"oldest in the outbox": of.get("log.outbox_oldest_s", []), "stalest price": of.get("log.price_age_s", [])},
        )
    )
    return f"<h2>Event log</h2><div class='charts'>{charts}</div>"


def _right(results: Results) -> str:
    journal, invariants, replay = results["journal"], results["invariants"], results["replay"]
    rows: list[list[Cell]] = [[name, value] for name, value in journal.items() if name != "examples"]
    shown = [f"{kind}: {text}" for kind, texts in journal.get("examples", {}).items() for text in texts]
    lines = "".join(f"<p><code>{escape(line)}</code></p>" for line in shown)
    words = _sentences(invariants, replay)
    return f"<h2>Right?</h2>{table('The journal against the database', ('what', 'count>'), rows)}{lines}{words}"


def _sentences(invariants: Mapping[str, Any], replay: Mapping[str, Any]) -> str:
    parts = []
    if "checks" in invariants:
        parts.append(
            f"{invariants['checks']} checks of the books: {invariants['violated']} violations, "
            f"{invariants['unanswered']} unanswered."
        )
    if "batches" in replay:
        parts.append(
            f"{replay['batches']} batches of the engine's journal were lived through again: {replay['differences']} differences."
        )
    for name, each in (("check_invariants", invariants), ("replay_engine", replay)):
        if "error" in each:
            parts.append(f"{name} did not answer: {each['error']}")
        parts.extend(each.get("lines", []))
    return "".join(f"<p>{escape(part)}</p>" for part in parts)


def _clients(results: Results) -> str:
    of = results["series"]
    charts = line_chart(
        "CPU of the clients", "cores", {n: of.get(f"client.{n}.cpu", []) for n in results["clients"]}
    ) + line_chart(
        "Lateness of the clients by themselves, p99", "ms", {n: of.get(f"{n}.late.p99_ms", []) for n in results["clients"]}
    )
    gaps = "".join(f"<p>Not seen {count} times: {escape(name)}.</p>" for name, count in results["not_seen"].items())
    return f"<h2>The clients themselves</h2><div class='charts'>{charts}</div>{gaps}"


# --- small things


def _shares(series: Mapping[str, Points], name: str) -> dict[str, Points]:
    return {share: series.get(f"{name}.{share}_ms", []) for share in ("p50", "p95", "p99")}


def _ends(points: Points) -> tuple[float | None, float | None]:
    return (points[0][1], points[-1][1]) if points else (None, None)


def _mean(points: Points) -> float | None:
    return sum(value for _, value in points) / len(points) if points else None


def _slope(slope: Mapping[str, Any] | None) -> str:
    if slope is None:
        return "–"
    text = f"{slope['per_minute']:+.2f} ({slope['low']:+.2f} to {slope['high']:+.2f})"
    return text if not slope["judged"] else Marked.of(text, "good" if slope["flat"] else "bad")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.4g} %"


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{number_text(value)} ms"
