"""The table that ``make faults`` prints, and docs/faults.md, whose rows stay until a later run replaces them."""

import itertools
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.table import CLIENTS, ROWS, Row

NOT_RUN = "not run"
_LAST_RUN = "## What the last runs saw"
_LINE = re.compile(r"^\| (F[0-9]+) \| .*$", re.MULTILINE)
_WIDTHS = (5, 34, 44, 60, 10, 16)
_HEAD = ("", "fault", "expected", "seen", "recovers", "laws")


@dataclass
class Seen:
    """What the tests of one row came to."""

    outcomes: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    laws: set[str] = field(default_factory=set)

    def verdict(self) -> str:
        counts = {outcome: self.outcomes.count(outcome) for outcome in ("passed", "failed", "skipped")}
        return ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)

    def recovers(self) -> str:
        """The longest time, and of how many."""
        if not self.seconds:
            return "–"
        times = f", the longest of {len(self.seconds)}" if len(self.seconds) > 1 else ""
        return f"{max(self.seconds):.1f} s{times}"

    def what(self) -> str:
        return "; ".join([self.verdict(), *self.lines, *(f"FAILED {test}" for test in self.failed)])


def gathered(results: Iterable[Mapping[str, Any]]) -> dict[str, Seen]:
    """What tests of the same row told, together."""
    found: dict[str, Seen] = {}
    for result in results:
        for row, told in result["rows"].items():
            seen = found.setdefault(row, Seen())
            seen.outcomes.append(result["outcome"])
            seen.failed += [result["test"]] if result["outcome"] == "failed" else []
            seen.lines += told["lines"]
            seen.seconds += told["seconds"]
            seen.laws.update(result["laws"])
    return found


def laws_text(laws: Iterable[str]) -> str:
    """ "I1–I4, I7" for I1, I2, I3, I4 and I7; what is no number stands behind them."""
    numbers = sorted({int(law[1:]) for law in laws if re.fullmatch(r"I[0-9]+", law)})
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][-1] == number - 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    texts = [f"I{span[0]}–I{span[-1]}" if len(span) > 1 else f"I{span[0]}" for span in spans]
    return ", ".join([*texts, *sorted(law for law in laws if not re.fullmatch(r"I[0-9]+", law))]) or "–"


def printed(found: Mapping[str, Seen], wanted: Sequence[str]) -> str:
    """One table for a terminal that is wide enough."""
    lines = [_wrapped(_HEAD), "-" * (sum(_WIDTHS) + 2 * len(_WIDTHS))]
    for name in wanted:
        row, seen = ROWS[name], found.get(name)
        what = seen.what() if seen else NOT_RUN
        if row.cannot:
            what += f". One machine cannot show: {row.cannot}"
        laws, recovers = (laws_text(seen.laws), seen.recovers()) if seen else ("–", "–")
        lines.append(_wrapped((name, row.fault, f"{row.behaviour}. {row.promise}", what, recovers, laws)))
        lines.append("")
    return "\n".join(lines) + "\n"


def _wrapped(cells: Sequence[str]) -> str:
    columns = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, _WIDTHS, strict=True)]
    rows = itertools.zip_longest(*columns, fillvalue="")
    return "\n".join("  ".join(map(str.ljust, row, _WIDTHS)).rstrip() for row in rows)


def document(former: str, found: Mapping[str, Seen], when: str) -> str:
    """docs/faults.md anew: what was seen now, and of the other rows what ``former`` says. ``when`` is the date, the commit and
    the machine's load."""
    kept = {match[1]: match[0] for match in _LINE.finditer(former.partition(_LAST_RUN)[2])}
    seen = [_seen_line(name, found[name], when) if name in found else kept.get(name, "") for name in ROWS]
    return "\n".join(
        [
            _INTRODUCTION,
            "| | fault | what happens then | what the user sees | laws | promise |",
            "| --- | --- | --- | --- | --- | --- |",
            *(_promise_line(name, row) for name, row in ROWS.items()),
            "",
            "Laws with a number are asked of the books (`apps/engine/laws.py`). The others are asked of what clients were told:",
            "",
            *(f"- {name}: {meaning}" for name, meaning in CLIENTS.items()),
            "",
            "What one machine cannot show:",
            "",
            *(f"- {name}: {row.cannot}" for name, row in ROWS.items() if row.cannot),
            "",
            _LAST_RUN,
            "",
            _OF_RUNS,
            "| | seen | recovers within | laws asked | run |",
            "| --- | --- | --- | --- | --- |",
            *(line or f"| {name} | {NOT_RUN} | – | – | – |" for name, line in zip(ROWS, seen, strict=True)),
            "",
        ]
    )


_INTRODUCTION = """\
# When something fails

Written by `make faults` out of `tests/faults/table.py` and of what its tests saw; edits are lost.

PostgreSQL decides, one fenced engine writes, Kafka carries outward, Redis whispers. So of every part that can fail it is known
what happens then, what the user is told, and which laws hold afterwards. `make faults` makes every fault on real processes and
servers and prints one table; `make faults ARGS="F4 F12"` makes those alone. A few of each run in `make test`, the rest in `make
prove` too. How a fault is made: [testing.md](testing.md#faults). What to do about a real one: [runbook.md](runbook.md).

## What is promised
"""

_OF_RUNS = """\
Times are promises about a machine that does nothing else: the load beside each line is that of the minute before the run ended.
A row that a run left out keeps its line of an earlier run. What failed is named.
"""


def _promise_line(name: str, row: Row) -> str:
    return _cells(name, row.fault, row.behaviour, row.user, row.holds, row.promise)


def _seen_line(name: str, seen: Seen, when: str) -> str:
    return _cells(name, seen.what(), seen.recovers(), laws_text(seen.laws), when)


def _cells(*texts: str) -> str:
    return "| " + " | ".join(" ".join(text.split()).replace("|", "\\|") for text in texts) + " |"
