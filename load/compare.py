"""What changed between two runs: every figure that both have, the largest changes first, and the goals."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from load.report.charts import number_text

#: A change that is smaller is noise, unless the figure was or is nothing.
CHANGE_MIN = 0.1
_RESULTS = "results.json"
#: Endings of figures of which less is better, and of those of which more is. The others are told without a word.
LESS = (
    *("_ms", "_s", "bad_share", "unanswered", "restarts", "not_flat", "older_after_newer", "account_holes", "differences"),
    *("lost", "doubled", "invented", "misreported", "unresolved", "unpushed", "violated", "lag_records_max"),
)
MORE = ("good_share", "good_per_s", "live_share_min", "carried_per_s", "rate_share", "cache_share")


class Change(NamedTuple):
    """``share``: by how much of ``before``, None when that was nothing. ``word``: better, worse or nothing."""

    figure: str
    before: float
    after: float
    share: float | None
    word: str


class NoResultsError(ValueError):
    """What was named is no run; the message says what was looked for."""


def compare_files(arguments: list[str], say: Callable[[str], None]) -> int:
    """``make load-compare A=… B=…``: print what changed, and write it beside B. 1 when a goal that A met is missed in B."""
    if len(arguments) != 2:
        say("load: two runs are compared: make load-compare A=var/load/… B=var/load/…")
        return 2
    try:
        before, after = (_read(Path(argument)) for argument in arguments)
    except NoResultsError as error:
        say(f"load: {error}")
        return 2
    lines = comparison(before, after)
    for line in lines:
        say(line)
    place = Path(arguments[1])
    directory = place if place.is_dir() else place.parent
    path = directory / f"compared-with-{before['run']}.txt"
    path.write_text("\n".join(lines) + "\n")
    say(f"written to {path}")
    return 1 if lost_goals(before, after) else 0


def _read(path: Path) -> dict[str, Any]:
    file = path / _RESULTS if path.is_dir() else path
    try:
        document: dict[str, Any] = json.loads(file.read_text())
        return document | {"figures": dict(document["figures"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoResultsError(f"{path} has no results of a run: {_RESULTS} was looked for ({type(error).__name__})") from None


def comparison(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The lines that are printed and written."""
    lines = [f"A: {_title(before)}", f"B: {_title(after)}"]
    if before["lane"] != after["lane"]:
        lines.append("They are of different lanes: what was offered is not the same.")
    for name in lost_goals(before, after):
        lines.append(f"MISSED NOW: {name}")
    for name in lost_goals(after, before):
        lines.append(f"met now: {name}")
    for label, document in (("A", before), ("B", after)):
        lines += [f"{label}: the client was the limit: {limit}" for limit in document["client_limits"]]
    found = changes(before["figures"], after["figures"])
    lines.append(f"{'figure':<40} {'A':>12} {'B':>12} {'change':>9}")
    for change in found:
        share = "new" if change.share is None else f"{change.share:+.0%}"
        row = f"{change.figure:<40} {number_text(change.before):>12} {number_text(change.after):>12} {share:>9}  {change.word}"
        lines.append(row.rstrip())
    if not found:
        lines.append(f"No figure changed by {CHANGE_MIN:.0%} or more.")
    return lines


def changes(before: Mapping[str, float], after: Mapping[str, float]) -> list[Change]:
    """Figures of both that changed by a tenth or more, worse ones first, then by size."""
    found = []
    for figure in before.keys() & after.keys():
        old, new = before[figure], after[figure]
        share = (new - old) / abs(old) if old else None
        if new == old or (share is not None and abs(share) < CHANGE_MIN):
            continue
        found.append(Change(figure, old, new, share, word_of(figure, new - old)))
    order = {"worse": 0, "better": 1, "": 2}
    found.sort(key=lambda each: (order[each.word], -abs(each.share) if each.share is not None else -1e9, each.figure))
    return found


def word_of(figure: str, change: float) -> str:
    if figure.endswith(MORE):
        return "better" if change > 0 else "worse"
    if figure.endswith("_per_s"):
        return ""
    if figure.endswith(LESS) or figure.startswith("cpu."):
        return "worse" if change > 0 else "better"
    return ""


def lost_goals(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Goals that the first met and the second does not."""
    met = {each["figure"] for each in before["verdict"] if each["met"]}
    return [each["figure"] for each in after["verdict"] if not each["met"] and each["figure"] in met]


def _title(document: Mapping[str, Any]) -> str:
    machine = document["machine"]
    return (
        f"{document['lane']} {document['run']}, {document['started_at']}, commit {machine.get('commit')}, "
        f"{number_text(document['offered_s'])} s, load before {machine['load_before']:.1f}"
    )
