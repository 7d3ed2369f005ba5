"""The ordinary lane tries the same every time, whatever else the process has loaded by then."""

import importlib.util
import sys
from contextlib import nullcontext
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.engine import lanes

CONSTANTS = "\n".join(f"NUMBER_{number} = {number}" for number in range(7001, 7400))


def load_constants(path: Path) -> None:
    """A module of ours that nobody had imported before, and which is full of numbers that fit."""
    path.write_text(CONSTANTS)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    sys.modules[path.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[path.stem])


def drawn(part: int = 0) -> list[int]:
    found: list[int] = []

    class Draws(RuleBasedStateMachine):
        @rule(number=st.integers(0, 10_000))
        def draw(self, number: int) -> None:
            found.append(number)

    lanes.try_ordinary(Draws, 20, 20, part)
    return found


def test_examples_do_not_depend_on_what_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = drawn()
    load_constants(tmp_path / "many_numbers_of_a_test.py")
    try:
        assert drawn() == before
        monkeypatch.setattr(lanes, "whatever_is_imported", nullcontext)
        assert drawn() != before  # so the guard is needed, and this test sees whether it is there
    finally:
        del sys.modules["many_numbers_of_a_test"]


def test_every_part_tries_something_else() -> None:
    assert drawn(0) != drawn(1)

