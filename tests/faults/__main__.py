"""``make faults``: every fault of the table, one after another, and one table of what was seen.

``ARGS="F4 F12"`` makes those alone. Other arguments go to pytest as they are. Writes docs/faults.md; with ``--write`` it does
nothing else, after a change of the table.
"""

import datetime as dt
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.faults.lanes import FULL
from tests.faults.plugin import RESULTS, WANTED
from tests.faults.report import document, gathered, printed
from tests.faults.table import ROWS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "faults.md"


def main(arguments: list[str]) -> int:
    former = DOCUMENT.read_text() if DOCUMENT.exists() else ""
    if arguments == ["--write"]:
        DOCUMENT.write_text(document(former, {}, ""))
        return 0
    wanted = [argument for argument in arguments if re.fullmatch(r"F[0-9]+", argument)]
    if unknown := set(wanted) - set(ROWS):
        sys.stderr.write(f"the table of faults has no {', '.join(sorted(unknown))}; it has F1 to F{len(ROWS)}\n")
        return 2
    code, results = run(wanted, [argument for argument in arguments if argument not in wanted])
    found = gathered(results)
    sys.stdout.write("\n" + printed(found, wanted or list(ROWS)))
    DOCUMENT.write_text(document(former, found, when()))
    return code


def run(wanted: list[str], options: list[str]) -> tuple[int, list[dict[str, Any]]]:
    """pytest's exit code, and a result for each test that ended, also of a run that was interrupted."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "results"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tredye.settings.test",
            FULL: "on",
            RESULTS: str(path),
            WANTED: " ".join(wanted),
        }
        argv = [sys.executable, "-m", "pytest", "-p", "tests.faults.plugin", "-m", "fault", "--ignore=tests/e2e", *options]
        with subprocess.Popen(argv, cwd=ROOT, env=environment) as running:
            try:
                code = running.wait()
            except KeyboardInterrupt:  # pytest has it, too, and ends by itself
                code = running.wait()
        lines = path.read_text().splitlines() if path.exists() else []
    return code, [json.loads(line) for line in lines]


def when() -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    today = dt.datetime.now(dt.UTC).date()
    return f"{today}, {commit or 'no commit'}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
