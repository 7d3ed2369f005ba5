"""One line each five seconds: what was offered, what came of it, what went wrong."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from load.children import Client
    from load.lanes import Lane


def progress_line(lane: "Lane", t: float, clients: "list[Client]") -> str:
    newest: dict[str, dict[str, Any]] = {client.name: client.windows[-1] for client in clients if client.windows}
    parts = [f"{t:6.0f} of {lane.seconds:.0f} s  {_phase(lane, t)}"]
    if window := newest.get("orders"):
        asked, good = (_rate(window, what) for what in ("offered", "good"))
        parts.append(f"orders {asked:.0f}/s, good {good:.0f}/s, p99 {_p99(window, 'request')}")
    if window := newest.get("sockets"):
        live = window["gauges"].get("live", 0)
        parts.append(f"sockets {live:.0f}, {_rate(window, 'frames'):.0f} frames/s, prices p99 {_p99(window, 'feed_to_client')}")
    if window := newest.get("pages"):
        parts.append(f"pages {_rate(window, 'good') + _rate(window, 'bad'):.1f}/s, p99 {_p99(window, 'page')}")
    parts.append(f"errors {errors_so_far(clients)}")
    if slow := [f"{name} {window['cpu']:.0%}" for name, window in newest.items() if window["cpu"] > 0.85]:
        parts.append(f"CLIENT FULL: {', '.join(slow)}")
    return "; ".join(parts)


def errors_so_far(clients: "list[Client]") -> int:
    """Requests without an answer, and pages that failed."""
    return sum(
        int(window["counts"].get(what, 0)) for client in clients for window in client.windows for what in ("unanswered", "bad")
    )


def _phase(lane: "Lane", t: float) -> str:
    at = 0.0
    for phase in lane.phases:
        at += phase.seconds
        if t <= at:
            return phase.name
    return lane.phases[-1].name


def _rate(window: dict[str, Any], what: str) -> float:
    count, seconds = int(window["counts"].get(what, 0)), float(window["seconds"])
    return count / max(seconds, 0.001)


def _p99(window: dict[str, Any], kind: str) -> str:
    found = window["kinds"].get(kind)
    return f"{found['p99_ms']:.0f} ms" if found else "-"
