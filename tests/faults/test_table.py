"""The table of faults and the tests that show its rows belong together, and what they saw is told as it was."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import figures
from tests.faults.__main__ import DOCUMENT
from tests.faults.report import document, gathered, laws_text, printed
from tests.faults.table import ROWS

ROOT = Path(__file__).resolve().parents[2]


def marks() -> Iterator[tuple[str, str]]:
    """Every row that a mark names, and where."""
    for folder in ("tests", "apps"):
        for path in sorted((ROOT / folder).rglob("test_*.py")):
            text = path.read_text()
            if "mark.fault(" not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.fault":
                    assert node.args, f"{path}:{node.lineno} names no row"
                    for argument in node.args:
                        yield ast.literal_eval(argument), f"{path.relative_to(ROOT)}:{node.lineno}"


def test_the_rows_are_numbered_without_a_gap() -> None:
    assert list(ROWS) == [f"F{number}" for number in range(1, 39)]


def test_every_row_is_shown_by_a_test_and_every_mark_names_a_row() -> None:
    shown = dict(marks())
    assert {row: where for row, where in shown.items() if row not in ROWS} == {}
    assert set(ROWS) - set(shown) == set()


def test_every_row_says_everything() -> None:
    for name, row in ROWS.items():
        assert all((row.fault, row.behaviour, row.user, row.holds, row.promise)), name
        assert not any("|" in text or "\n" in text for text in row), name


@pytest.mark.parametrize(
    ("laws", "text"),
    [({"I1", "I2", "I3", "I7"}, "I1–I3, I7"), ({"replay", "I9", "I10"}, "I9–I10, replay"), (set(), "–")],
)
def test_laws_are_told_in_spans(laws: set[str], text: str) -> None:
    assert laws_text(laws) == text


def result(row: str, outcome: str, *, lines: tuple[str, ...] = (), seconds: tuple[float, ...] = ()) -> dict[str, object]:
    told = {"lines": list(lines), "seconds": list(seconds)}
    return {"test": f"tests/x.py::test_{row}", "outcome": outcome, "laws": ["I1"], "rows": {row: told}}


def test_what_was_seen_is_told_and_a_row_that_was_left_out_keeps_what_it_had() -> None:
    before = gathered([result("F4", "passed", lines=("seed 7",), seconds=(1.0, 3.2)), result("F5", "passed")])
    first = document("", before, "day one")
    assert "| F4 | 1 passed; seed 7 | 3.2 s, the longest of 2 | I1 | day one |" in first
    assert "| F6 | not run | – | – | – |" in first
    second = document(first, gathered([result("F5", "passed"), result("F5", "failed")]), "day two")
    assert "| F4 | 1 passed; seed 7 | 3.2 s, the longest of 2 | I1 | day one |" in second
    assert "| F5 | 1 passed, 1 failed; FAILED tests/x.py::test_F5 | – | I1 | day two |" in second
    assert document(second, {}, "day three") == second


def test_the_document_says_what_the_table_says() -> None:
    """``python -m tests.faults --write`` writes it anew, with what was seen before."""
    text = DOCUMENT.read_text()
    assert document(text, {}, "") == text


def test_the_table_has_a_line_for_each_row_that_was_asked_for() -> None:
    text = printed(gathered([result("F4", "passed")]), ["F4", "F18"])
    assert "1 passed" in text
    assert "not run. One machine cannot show" in " ".join(text.split())


def test_what_a_test_tells_goes_to_its_rows() -> None:
    kept = figures.taken()
    try:
        figures.note("F1", "one")
        figures.note("a flood", "two")
        figures.recovered(1.5)
        figures.recovered(2.5, "F2")
        told = figures.taken()
        assert told.lines_of("F1") == ["one", "a flood: two"]
        assert told.lines_of("F2") == ["a flood: two"]
        assert (told.seconds_of("F1"), told.seconds_of("F2")) == ([1.5], [1.5, 2.5])
        assert figures.taken() == figures.Told()
    finally:
        figures._told = kept
