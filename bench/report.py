"""One figure: its value as the median of the rounds, printed as a line of JSON and kept with its samples."""

import json
import statistics
import time
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def report(
    figure: str,
    samples: list[float],
    unit: str,
    goal: float,
    goal_is: str,
    detail: dict[str, Any],
    raw: dict[str, Any],
    also: bool = True,
) -> None:
    """Print ``figure`` and write it to a file. ``goal_is`` is "at least" or "at most"; ``also``: a second condition, named in the
    detail, holds."""
    value = statistics.median(samples)
    met = also and (value >= goal if goal_is == "at least" else value <= goal)
    line = {
        "figure": figure,
        "value": round(value, 4),
        "unit": unit,
        "goal": goal,
        "goal_is": goal_is,
        "met": met,
        "rounds": len(samples),
        "detail": detail,
    }
    print(json.dumps(line), flush=True)
    RESULTS.mkdir(exist_ok=True)
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    (RESULTS / f"{figure}-{stamp}.json").write_text(json.dumps({**line, "samples": samples, "raw": raw}, indent=1))
