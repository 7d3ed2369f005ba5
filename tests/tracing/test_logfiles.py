"""What logs say of a story: either format, with a supervisor's instant or without, and what they no longer have."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from apps.tracing import logfiles
from apps.tracing.entries import Entry, in_order
from apps.tracing.logfiles import Wanted, read_line, tell, tell_lines
from apps.tracing.management.commands.trace import _on_one_line

TRACE = "0af7651916cd43dd8448eb211c80319c"
AT = datetime(2026, 11, 22, 10, 0, 0, 500, tzinfo=UTC)


def json_line(event: str, at: datetime = AT, **values: Any) -> str:
    return json.dumps({"event": event, "correlation_id": TRACE, **values, "level": "info", "timestamp": f"{at:%FT%T.%fZ}"}) + "\n"


def supervised(line: str, at: datetime = AT) -> str:
    return f"{at + timedelta(milliseconds=3):%FT%T.%fZ} {line}"


def write_all(directory: Path, at: datetime = AT) -> None:
    for name in logfiles.SPEAKERS:
        (directory / f"{name}.log").write_text(supervised(json_line("started", at - timedelta(hours=1)), at - timedelta(hours=1)))


@pytest.mark.parametrize(
    "line",
    [
        json_line("page_request", status=200),
        supervised(json_line("page_request", status=200)),
        f"{AT:%FT%T.%fZ} [info     ] page_request correlation_id={TRACE} status=200\n",
        supervised(f"{AT:%FT%T.%fZ} [info] page_request correlation_id={TRACE} status=200\n"),
    ],
)
def test_a_line_says_when_and_what(line: str) -> None:
    entry = read_line("log:web", line)
    assert entry is not None
    assert entry.at == AT, "its own instant, not the supervisor's"
    assert str(entry.facts["status"]) == "200"
    assert "page_request" in entry.what and "status=200" in entry.what


@pytest.mark.parametrize("line", ["", "no instant\n", "{}", "{broken", '{"event": "x"}', "[1]", '{"event": "x", "timestamp": 5}'])
def test_what_is_no_line_is_left_out(line: str) -> None:
    assert read_line("log", line) is None


def test_a_story_is_found_in_every_file_the_former_ones_too(tmp_path: Path) -> None:
    write_all(tmp_path)
    former = supervised(json_line("started", AT - timedelta(hours=2)), AT - timedelta(hours=2))
    (tmp_path / "web.log.1").write_text(former + supervised(json_line("page_request", status=200)))
    with (tmp_path / "engine.log").open("a") as file:
        file.write(supervised(json_line("command_decided", AT + timedelta(seconds=1), command_id="c1")))
        file.write(supervised(json_line("command_decided", AT + timedelta(seconds=1), command_id="of another order")))
        file.write(supervised(json_line("another story", AT)).replace(TRACE, "f" * 32))
    (tmp_path / "notes.txt").write_text(json_line("no log"))
    told = tell(tmp_path, Wanted((TRACE,), AT, frozenset({"c1"})))
    assert [(entry.source, entry.what.split()[0]) for entry in in_order(told.entries) if entry.what != "started"] == [
        ("log:web", "page_request"),
        ("log:engine", "command_decided"),
    ]
    assert told.notes == ("1 line(s) of the same trace are about other orders, and are left out",)


def test_a_log_that_is_missing_or_was_rotated_away_is_named(tmp_path: Path) -> None:
    write_all(tmp_path)
    (tmp_path / "relay.log").unlink()
    (tmp_path / "engine.log").write_text(supervised(json_line("later", AT + timedelta(hours=1)), AT + timedelta(hours=1)))
    told = tell(tmp_path, Wanted((TRACE,), AT))
    assert told.notes == (
        f"{tmp_path} has no log of relay",
        "the log of engine begins at 2026-11-22 11:00:00 UTC, after the story: what was before was rotated away",
    )
    (note,) = tell(tmp_path / "nowhere", Wanted((TRACE,))).notes
    assert "say with --logs where they are" in note


def test_only_the_end_of_a_long_log_and_so_many_lines_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logfiles, "BYTES_MAX", 2_000)
    monkeypatch.setattr(logfiles, "LINES_MAX", 3)
    write_all(tmp_path)
    (tmp_path / "web.log").write_text("".join(json_line("page_request", number=number) for number in range(200)))
    told = tell(tmp_path, Wanted((TRACE,)))
    assert len(told.entries) == 3
    assert any("web.log is longer than" in note for note in told.notes)
    assert any("more than 3 lines" in note for note in told.notes)


def test_lines_may_be_piped_in() -> None:
    told = tell_lines([json_line("page_request"), "noise\n"], Wanted((TRACE,)))
    assert [entry.source for entry in told.entries] == ["log"]


def test_a_line_cannot_forge_another_one() -> None:
    entry = Entry(AT, "log", "said x\n2026-11-22 forged \x1b[2J\u202e")
    assert _on_one_line(entry) == r"said x\n2026-11-22 forged \x1b[2J\u202e"


def test_at_one_instant_the_cause_comes_first() -> None:
    sources = ["topic:orders.events-0@1", "ledger", "database", "engine", "web", "log:web", "stream", "browser"]
    ordered = in_order(Entry(AT, source, "") for source in sources)
    assert [entry.source for entry in ordered] == [
        "browser", "web", "engine", "database", "ledger", "topic:orders.events-0@1", "log:web", "stream",
    ]  # fmt: skip
