"""Bad input ends the run with the file, the line, the value and the way out; the output is whole or as it was."""

import os
from pathlib import Path

import pytest
from django.core.management import CommandError

from apps.engine.orderflow import replay
from tests.engine.orderflow.flows import Exchange, Run, row

GOOD = "34200.5,1,1,5,100,1"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("34200.5,1,2,5,100", "must have 6 columns, has 5: '34200.5,1,2,5,100'"),
        ("Time,Type,Order ID,Size,Price,Direction", "time must be seconds after midnight such as 34200.004241176, was 'Time'"),
        ("3.42e4,1,2,5,100,1", "time must be seconds after midnight such as 34200.004241176, was '3.42e4'"),
        ("34200.5,8,2,5,100,1", "type must be from 1 to 7, was '8'"),
        ("34200.5,1,x,5,100,1", "order id must be a whole number of at most 18 digits, was 'x'"),
        ("34200.5,1,2,5.5,100,1", "size must be a whole number from 0 to 999999999, was '5.5'"),
        ("34200.5,1,2,-5,100,1", "size must be a whole number from 0 to 999999999, was '-5'"),
        ("34200.5,1,2,0,100,1", "size must be greater than zero, was 0"),
        ("34200.5,1,2,5,1_0,1", "price must be dollars x 10,000, a whole number of at most 10 digits, was '1_0'"),
        ("34200.5,1,2,5,0,1", "price must be from 1 to 9999999998, was 0"),
        ("34200.5,4,2,5,9999999999,1", "price must be from 1 to 9999999998, was 9999999999"),
        ("34200.5,1,2,5,100,2", "direction must be 1 for a buy order or -1 for a sell order, was '2'"),
        ("34200.5,3,2,5,100,0", "direction must be 1 for a buy order or -1 for a sell order, was 0"),
        ("34200.5,7,0,0,2,-1", "price of a halt must be -1 (halted), 0 (quoting) or 1 (trading), was 2"),
        ("34200.4,1,2,5,100,1", "time must not be before the line above, was 34200400000000 ns"),
        ("34200.5,1,1,5,100,1", "order id 1 is open already, and a new order needs an id of its own"),
        ("34200.5,1,٢,5,100,1", "order id must be a whole number of at most 18 digits"),
        ("x" * 5000, "longer than 200 characters"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(CommandError) as error:
        Run(tmp_path, [GOOD, line], depth=1)
    assert str(error.value).startswith(f"{tmp_path}/messages.csv, line 2: {message}")
    assert str(error.value).endswith((". Nothing was written", "--format? Nothing was written"))
    assert os.listdir(tmp_path) == ["messages.csv"]


def test_blank_lines_are_for_the_end(tmp_path: Path) -> None:
    assert len(Run(tmp_path, [GOOD, "", " "], depth=1).rows) == 1
    with pytest.raises(CommandError, match=r"line 2: blank, and more lines follow\. Remove the blank line"):
        Run(tmp_path, [GOOD, "", GOOD], depth=1)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"messages\.csv is empty"):
        Run(tmp_path, [], depth=1)


@pytest.mark.parametrize(
    ("seed", "message"),
    [
        ("200,5,100", "line 1: must have four columns a level, has 3 columns. Is it the orderbook file"),
        ("200,5,1OO,5", "line 1: must be whole numbers, was '1OO'"),
        ("200,5,100,0", "line 1: bid 100 x 0 must be a price and a size above zero"),
        ("200,5,200,5", "line 1: best ask 200 must be above best bid 200"),
        ("200,5,100,5,190,5,90,5", "line 1: ask levels must come best first, each price once"),
        ("200,5,100,5,210,5,100,5", "line 1: bid levels must come best first, each price once"),
        ("\n", "seed.csv is empty"),
    ],
)
def test_a_seed_that_cannot_rest_is_refused(tmp_path: Path, seed: str, message: str) -> None:
    with pytest.raises(CommandError) as error:
        Run(tmp_path, [GOOD], seed=seed, depth=1)
    assert message in str(error.value)
    assert not (tmp_path / "book.csv").exists()


def test_a_book_to_compare_with_must_fit_the_messages(tmp_path: Path) -> None:
    real = tmp_path / "real.csv"
    real.write_text(f"{row((None, 0, 100, 5))}\n")
    with pytest.raises(CommandError, match=r"real\.csv, line 2: the file ends here, and there are more messages"):
        Run(tmp_path, [GOOD, "34200.5,5,0,1,1,1"], "--compare", real, depth=1)
    with pytest.raises(CommandError, match=r"line 1: has 1 levels, and --depth asks for 2\. Run with --depth 1"):
        Run(tmp_path, [GOOD], "--compare", real, depth=2)
    real.write_text(f"{row((None, 0, 100, 5), (None, 0, None, 0))}\n" * 2)
    with pytest.raises(CommandError, match=r"line 2: there are more rows than messages"):
        Run(tmp_path, [GOOD], "--compare", real, depth=1)
    assert Run(tmp_path, [GOOD], "--compare", real, "--limit", 1, depth=1).says("rows equal to real.csv:") == "1 of 1"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.csv cannot be read: No such file or directory\. Check the path"):
        Run(tmp_path, [GOOD], "--seed-book", tmp_path / "none.csv", depth=1)
    with pytest.raises(
        CommandError, match=r"cannot be written: No such file or directory\. Give --out in a directory that exists"
    ):
        Run(tmp_path, [GOOD], "--out", tmp_path / "none" / "book.csv", depth=1)


def test_the_output_is_no_input(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"--out must not be MESSAGES"):
        Run(tmp_path, [GOOD], "--out", tmp_path / "messages.csv", depth=1)
    assert (tmp_path / "messages.csv").read_text() == f"{GOOD}\n"


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe):
        with pytest.raises(CommandError, match=r"cannot be written: it is there, and is no file\."):
            Run(tmp_path, [GOOD], "--out", path, depth=1)
    assert pipe.is_fifo()


def test_an_output_of_before_stays_when_the_run_fails(tmp_path: Path) -> None:
    before = Run(tmp_path, [GOOD], depth=1).rows
    with pytest.raises(CommandError):
        Run(tmp_path, [GOOD, GOOD, GOOD], depth=1)
    assert (tmp_path / "book.csv").read_text().splitlines() == before
    assert Run(tmp_path, [GOOD.replace("100", "90")], depth=1).rows != before


@pytest.mark.parametrize("option", [("--depth", "0"), ("--depth", "201"), ("--depth", "x"), ("--limit", "0"), ("--limit", "-1")])
def test_an_option_out_of_range_is_refused(tmp_path: Path, option: tuple[str, str]) -> None:
    with pytest.raises(CommandError, match=r"must be (from 1 to 200 levels|a whole number above zero)"):
        Run(tmp_path, [GOOD], *option)


def test_a_long_run_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "PROGRESS_EVERY_S", 0)
    exchange = Exchange(1, depth=5)
    exchange.run(450)
    messages, out = tmp_path / "m.csv", tmp_path / "b.csv"
    messages.write_text("\n".join(exchange.messages))
    said: list[str] = []
    replay.Replay(replay.Plan(messages, out, "lobster", 5), said.append).run()
    assert [line.split(" messages, ")[0] for line in said] == [str(n) for n in range(200, len(exchange.messages) + 1, 200)]


def test_what_ended_is_forgotten(tmp_path: Path) -> None:
    """Memory is that of the open orders: thousands of orders that come and go leave nothing behind."""
    lines = []
    for i in range(3000):
        lines += [f"34200.5,1,{i},5,{100 + i % 50},1", f"34200.5,{3 + i % 2},{i},5,{100 + i % 50},1"]
    messages = tmp_path / "m.csv"
    messages.write_text("\n".join(lines))
    run = replay.Replay(replay.Plan(messages, tmp_path / "b.csv", "lobster", 5), print)
    run.run()
    assert run.tally.matched == run.tally.executions == 1500
    assert len(run.market.venue.orders) <= replay.BATCH
    assert len(run.market.venue.changes.events) <= 4 * replay.BATCH
    assert len(run.market.venue.accounts) < 10
