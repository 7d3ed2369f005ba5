"""What ``make faults`` asks of pytest: only the rows that are wanted, and a line of JSON for each test that ended.

Loaded with ``-p tests.faults.plugin``, and told where by ``FAULT_RESULTS`` and which rows by ``FAULT_ROWS``; without the first it
does nothing.
"""

import json
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import figures

RESULTS, WANTED = "FAULT_RESULTS", "FAULT_ROWS"
_reports: list[pytest.TestReport] = []  #: of the test that runs


def rows_of(item: pytest.Item) -> list[str]:
    return sorted({row for mark in item.iter_markers("fault") for row in mark.args})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = set(os.environ.get(WANTED, "").split())
    if not wanted:
        return
    left = [item for item in items if not wanted & set(rows_of(item))]
    items[:] = [item for item in items if wanted & set(rows_of(item))]
    config.hook.pytest_deselected(items=left)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _reports.append(report)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    figures.taken()
    _reports.clear()
    result = yield
    if path := os.environ.get(RESULTS):
        with Path(path).open("a") as file:
            file.write(json.dumps(ended(item, figures.taken())) + "\n")
    return result


def ended(item: pytest.Item, told: figures.Told) -> dict[str, Any]:
    """The test's outcome and what it told, by row."""
    outcomes = {report.outcome for report in _reports}
    outcome = next(each for each in ("failed", "skipped", "passed") if each in outcomes)
    return {
        "test": item.nodeid,
        "outcome": outcome,
        "laws": sorted(told.laws),
        "rows": {row: {"lines": told.lines_of(row), "seconds": told.seconds_of(row)} for row in rows_of(item)},
    }
