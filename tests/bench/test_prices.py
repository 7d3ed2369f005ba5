"""The prices benchmark's own parts: its table, its pace, and its C programs against each other."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from bench.prices import feed, native, scene, table
from bench.prices.processes import child, free_port, sockets
from tests.waiting import wait_until

HEADER = (Path(native.__file__).parent / "table.h").read_text()


def test_both_languages_spell_the_same_table() -> None:
    declared = {name: int(value) for name, value in re.findall(r"#define TABLE_(\w+) (\d+)", HEADER)}
    assert declared == {"SYMBOLS": table.SYMBOLS, "NAME": table.NAME, "STAMPS": table.STAMPS}


def test_a_table_counts_each_symbol_and_is_read_by_who_maps_it(tmp_path: Path) -> None:
    written = table.Table.create(tmp_path / "table", ["A-USD", "B-USD"])
    assert [written.publish(0, 5), written.publish(0, 6), written.publish(1, 7)] == [1, 2, 1]
    read = table.Table(tmp_path / "table")
    assert read.names() == ["A-USD", "B-USD"]
    assert (read.newest(0), read.newest(1)) == (2, 1)
    with pytest.raises(ValueError, match="at most"):
        table.Table.create(tmp_path / "other", ["X" * table.NAME])


def test_watch_sets_cover_every_symbol_equally() -> None:
    sets = scene.watch_sets(8, 25)
    assert len({symbol for each in sets for symbol in each}) == 200 == sum(len(set(each)) for each in sets)
    distinct = scene.watch_sets(200, 25)
    assert len({tuple(each) for each in distinct}) == 200 and all(len(set(each)) == 25 for each in distinct)


def test_a_pace_owes_what_the_clock_says_and_nothing_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    pace = feed.Pace()
    pace.set("1000 p")
    now = 100.25
    assert (pace.due(), pace.due(), pace.kind) == (250, 0, "p")
    now = 110.0
    assert pace.due() == feed.AT_ONCE, "what it was too late for is given up"
    assert pace.due() == 0
    pace.set("0 q")
    now = 120.0
    assert pace.due() == 0 and pace.wait_s() > 1


def newest_of(four: Any) -> list[int]:
    """Of each socket, how far all of its symbols have come at least."""
    return [min(seen.values()) for seen in four.ask("newest")["of"]]


def test_the_sockets_see_what_a_server_sends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    try:
        programs = native.build("wsload", "wsfloor")
    except native.NoCompilerError as error:
        pytest.skip(str(error))
    plan = tmp_path / "plan"
    plan.write_text("A-USD B-USD\nC-USD\n")
    port = free_port()
    with child("wsfloor", [str(programs["wsfloor"]), str(port), "50"], tmp_path, pipe=True) as floor:
        floor.wait_for_port(port)
        with sockets(programs["wsload"], port, "http://test", 4, plan, tmp_path, pace=1000) as four:
            four.begin()
            floor.say("on")
            # The server counts from its first frame, and a socket of which it had not heard by then lacks some.
            first = wait_until(lambda: all(newest := newest_of(four)) and newest, 30, "the first frame of each socket")
            wait_until(lambda: all(now >= then + 5 for now, then in zip(newest_of(four), first, strict=True)), 30, "five more")
            four.end()
            report = four.ask("report")
            assert four.ask("newest")["of"][0].keys() == {"A-USD", "B-USD"}
            assert four.ask("newest")["of"][1].keys() == {"C-USD"}
    assert report["live"] == 4 and report["closed"] == 0 and report["regressions"] == 0
    assert report["frames"] >= 4 * 5 and report["frames"] < report["ticks"] <= 2 * report["frames"]
    assert report["p50_ms"] >= 0


def test_a_compiler_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("CC", "false")
    with pytest.raises(native.NoCompilerError, match="false"):
        native.build("wsfloor")
