"""Lines that come by the thousand: as cheap as they are, in the form of the others, and no more than a disk holds."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from apps.observability import lines as lines_module
from apps.observability.lines import Lines


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1_000.0]
    monkeypatch.setattr(lines_module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def noted(lines: Lines, count: int) -> None:
    for number in range(count):
        if lines.has_room():
            lines.note(correlation_id="t", number=number)


def test_beyond_its_bound_a_kind_of_line_is_counted(
    clock: list[float], settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.LOG_FORMAT = "json"
    lines = Lines("command_decided", "engine", per_second=3)
    noted(lines, 5)
    clock[0] += 1
    noted(lines, 1)
    assert capsys.readouterr().out == "", "nothing is written while more comes"
    lines.write_soon()
    written = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line.get("number") for line in written] == [0, 1, 2, None, 0]
    assert (written[3]["event"], written[3]["count"]) == ("command_decided_left_out", 2)
    assert {line["level"] for line in written} == {"info"}
    assert written[0]["timestamp"].endswith("Z")


def test_a_line_is_written_when_its_time_has_come(clock: list[float], settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.LOG_FORMAT = "text"
    lines = Lines("event_applied", "consumer")
    lines.note(correlation_id="t")
    lines.write_soon()
    assert capsys.readouterr().out == ""
    assert lines
    clock[0] += 0.3
    lines.write_soon()
    assert "[info] event_applied correlation_id=t" in capsys.readouterr().out
    assert not lines
