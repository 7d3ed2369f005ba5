"""LOBSTER flows: what each row does to the book, and whom priority chooses."""

from pathlib import Path

import pytest

from tests.engine.orderflow.flows import Exchange, Run, row

T = "34200.5"


@pytest.mark.parametrize("seed", range(5))
def test_the_book_is_the_exchanges_after_every_message(tmp_path: Path, seed: int) -> None:
    exchange = Exchange(seed, depth=40)
    exchange.run(700)
    executions = sum(line.split(",")[1] == "4" for line in exchange.messages)
    run = Run(tmp_path, exchange.messages, depth=40)
    assert run.rows == exchange.books
    assert executions > 50
    assert run.matched == f"{executions} of {executions}"


@pytest.mark.parametrize("seed", range(5))
def test_a_file_that_begins_in_the_middle_of_the_day_goes_on_from_the_seed(tmp_path: Path, seed: int) -> None:
    exchange = Exchange(seed, depth=40)
    exchange.run(300)
    exchange.forget()
    exchange.run(500)
    executions = sum(line.split(",")[1] == "4" for line in exchange.messages[1:])
    run = Run(tmp_path, exchange.messages, seed=exchange.books[0], depth=40)
    assert run.rows == exchange.books
    assert run.matched == f"{executions} of {executions}"
    assert int(run.says("messages took from the seed: orders that were there before the first message:")) > 10


@pytest.mark.parametrize("seed", range(3))
def test_every_difference_from_a_real_book_of_few_levels_is_explained(tmp_path: Path, seed: int) -> None:
    exchange = Exchange(seed, depth=5, view=5)
    exchange.run(300)
    exchange.forget()
    exchange.run(900)
    real = tmp_path / "real.csv"
    real.write_text("\n".join(exchange.books))  # the last line without its end, as LOBSTER has it
    run = Run(tmp_path, exchange.messages, "--compare", real, seed=exchange.books[0], depth=5)
    equal, rows = run.says("rows equal to real.csv:").split(" of ")
    same = sum(ours == theirs for ours, theirs in zip(run.rows, exchange.books, strict=True))
    assert (equal, rows) == (f"{same:,}", f"{len(exchange.books):,}")
    assert 5 < same < len(exchange.books)
    assert "came into view from beyond the levels compared" in run.says("differences began at")
    assert "unexplained" not in run.says("differences began at")


def test_a_difference_that_nothing_explains_is_named_by_its_row(tmp_path: Path) -> None:
    real = tmp_path / "real.csv"
    real.write_text(f"{row((200, 5, 100, 5))}\n{row((200, 5, 100, 6))}\n{row((200, 5, 100, 6))}\n")
    messages = [f"{T},5,0,1,150,1"] * 3
    run = Run(tmp_path, messages, "--compare", real, seed=row((200, 5, 100, 5)), depth=1)
    assert run.says("rows equal to real.csv:") == "1 of 3"
    assert run.says("best bid and ask equal:") == "1 of 3"
    assert run.says("differences began at") == "1 prices, the first in row 2: 1 unexplained"
    assert run.says("unexplained first in rows") == "2"


def test_without_a_seed_the_book_of_before_is_what_differs(tmp_path: Path) -> None:
    real = tmp_path / "real.csv"
    real.write_text(f"{row((200, 5, 100, 9))}\n{row((200, 5, 100, 9))}\n")
    run = Run(tmp_path, [f"{T},1,1,4,100,1", f"{T},5,0,1,150,1"], "--compare", real, depth=1)
    assert run.says("differences began at") == "2 prices, the first in row 1: 2 there before the first message"


def test_an_empty_side_is_written_as_lobster_writes_it(tmp_path: Path) -> None:
    messages = [f"{T},1,1,18,5853300,1", f"{T},1,2,20,5859400,-1", f"{T},3,1,18,5853300,1", f"{T},3,2,20,5859400,-1"]
    assert Run(tmp_path, messages).rows == [
        "9999999999,0,5853300,18,9999999999,0,-9999999999,0",
        "5859400,20,5853300,18,9999999999,0,-9999999999,0",
        "5859400,20,-9999999999,0,9999999999,0,-9999999999,0",
        "9999999999,0,-9999999999,0,9999999999,0,-9999999999,0",
    ]


def test_the_seed_has_empty_levels_and_more_of_them_than_are_asked_for(tmp_path: Path) -> None:
    seed = row((200, 5, 100, 7), (300, 6, None, 0), (400, 1, None, 0))
    run = Run(tmp_path, [f"{T},5,0,1,150,1", f"{T},4,77,5,200,-1", f"{T},4,78,6,300,-1"], seed=seed, depth=2)
    assert run.rows == [
        row((200, 5, 100, 7), (300, 6, None, 0)),
        row((300, 6, 100, 7), (400, 1, None, 0)),
        row((400, 1, 100, 7), (None, 0, None, 0)),
    ]
    assert run.matched == "2 of 2"


def test_the_first_message_is_in_the_seed_already(tmp_path: Path) -> None:
    """Its order is part of the level's one order, and is found there by its price."""
    messages = [f"{T},1,1,18,100,1", f"{T},1,2,5,100,1", f"{T},3,1,18,100,1", f"{T},4,2,5,100,1"]
    run = Run(tmp_path, messages, seed=row((200, 5, 100, 18)), depth=1)
    assert run.rows == [row((200, 5, 100, 18)), row((200, 5, 100, 23)), row((200, 5, 100, 5)), row((200, 5, None, 0))]
    assert run.matched == "1 of 1"


def test_halts_crosses_and_hidden_executions_change_nothing(tmp_path: Path) -> None:
    quiet = [
        f"{T},5,0,100,5853350,-1",
        f"{T},6,-1,62000,5850000,-1",
        f"{T},7,0,0,-1,-1",
        f"{T},7,0,0,0,-1",
        f"{T},7,0,0,1,-1",
        f"{T},1,2,5,5853200,1",
    ]
    run = Run(tmp_path, [f"{T},1,1,18,5853300,1", *quiet], depth=2)
    first = row((None, 0, 5853300, 18), (None, 0, None, 0))
    assert run.rows == [first] * 6 + [row((None, 0, 5853300, 18), (None, 0, 5853200, 5))]
    assert run.says("messages:") == "3 halts, 2 new, 1 hidden executions, 1 crosses"


def test_a_partial_cancel_keeps_the_place_in_the_queue(tmp_path: Path) -> None:
    messages = [
        f"{T},1,1,100,5853300,1",
        f"{T},1,2,100,5853300,1",
        f"{T},2,1,60,5853300,1",
        f"{T},4,1,40,5853300,1",
        f"{T},4,2,100,5853300,1",
    ]
    run = Run(tmp_path, messages, depth=1)
    assert [line.split(",")[3] for line in run.rows] == ["100", "200", "140", "100", "0"]
    assert run.matched == "2 of 2"


def test_an_execution_out_of_turn_is_counted_and_told(tmp_path: Path) -> None:
    messages = [f"{T},1,1,100,5853300,1", f"{T},1,2,100,5853300,1", f"{T},4,2,100,5853300,1"]
    run = Run(tmp_path, messages, depth=1)
    assert run.matched == "0 of 1"
    told = run.says("  priority chose another order:")
    assert told == "line 3 executes 100 at 5853300 of order 2; here it met 100 at 5853300 of the order of line-1"
    assert run.rows[-1] == row((None, 0, 5853300, 100))


def test_an_execution_behind_a_better_price_is_out_of_turn(tmp_path: Path) -> None:
    messages = [f"{T},1,1,100,101,-1", f"{T},1,2,100,102,-1", f"{T},4,2,30,102,-1"]
    run = Run(tmp_path, messages, depth=2)
    assert run.matched == "0 of 1"
    assert run.rows[-1] == row((101, 70, None, 0), (102, 100, None, 0))


def test_an_execution_larger_than_the_order_goes_on_and_is_out_of_turn(tmp_path: Path) -> None:
    messages = [f"{T},1,1,10,101,-1", f"{T},1,2,100,101,-1", f"{T},4,1,30,101,-1"]
    run = Run(tmp_path, messages, depth=1)
    assert run.matched == "0 of 1"
    assert run.rows[-1] == row((101, 80, None, 0))


def test_what_priority_left_behind_stands_in_for_what_it_took(tmp_path: Path) -> None:
    """The file thinks order 1 is there still, the book has order 2: at their price both are the same lots."""
    messages = [
        f"{T},1,1,100,101,-1",
        f"{T},1,2,100,101,-1",
        f"{T},4,2,100,101,-1",
        f"{T},2,1,30,101,-1",
        f"{T},3,1,70,101,-1",
    ]
    run = Run(tmp_path, messages, depth=1)
    assert [line.split(",")[1] for line in run.rows] == ["100", "200", "100", "70", "0"]
    assert run.matched == "0 of 1"


def test_an_unknown_order_takes_from_the_seed_at_its_price(tmp_path: Path) -> None:
    messages = [f"{T},5,0,1,150,1", f"{T},2,71,30,100,1", f"{T},4,72,30,100,1", f"{T},3,73,40,100,1"]
    run = Run(tmp_path, messages, seed=row((None, 0, 100, 100)), depth=1)
    assert [line.split(",")[3] for line in run.rows] == ["100", "70", "40", "0"]
    assert run.matched == "1 of 1"
    assert run.says("messages took from the seed: orders that were there before the first message:") == "3"


def test_an_unknown_order_without_a_seed_is_counted_and_skipped(tmp_path: Path) -> None:
    messages = [f"{T},5,0,1,150,1", f"{T},4,71,30,99,1", f"{T},3,72,30,101,-1", f"{T},2,73,30,100,-1"]
    run = Run(tmp_path, messages, seed=row((None, 0, 100, 100)), depth=1)
    assert run.rows == [row((None, 0, 100, 100))] * 4
    assert run.matched == "0 of 0"
    said = run.says("skipped, order id never seen and no seed order at the price:")
    assert said == "1 executions, 1 deletes, 1 partial cancels"


def test_a_known_order_is_not_unknown_because_it_lies_at_a_seed_price(tmp_path: Path) -> None:
    messages = [f"{T},5,0,1,150,1", f"{T},1,1,20,100,1", f"{T},3,1,20,100,1", f"{T},4,72,100,100,1"]
    run = Run(tmp_path, messages, seed=row((None, 0, 100, 100)), depth=1)
    assert [line.split(",")[3] for line in run.rows] == ["100", "120", "100", "0"]
    assert run.matched == "1 of 1"


def test_more_than_is_left_is_taken_as_far_as_it_goes_and_counted(tmp_path: Path) -> None:
    messages = [f"{T},5,0,1,150,1", f"{T},3,71,130,100,1", f"{T},1,2,5,99,1", f"{T},2,2,9,99,1"]
    run = Run(tmp_path, messages, seed=row((None, 0, 100, 100)), depth=1)
    assert run.rows[1:] == [row((None, 0, None, 0)), row((None, 0, 99, 5)), row((None, 0, None, 0))]
    assert run.says("messages asked for more than was left:") == "2"


def test_a_new_order_that_crosses_trades_and_is_counted(tmp_path: Path) -> None:
    messages = [f"{T},1,1,10,101,-1", f"{T},1,2,15,102,1", f"{T},3,2,15,102,1"]
    run = Run(tmp_path, messages, depth=1)
    assert run.rows == [row((101, 10, None, 0)), row((None, 0, 102, 5)), row((None, 0, None, 0))]
    assert run.says("new orders traded at once, with what rested here:") == "1"


def test_what_the_venue_refuses_is_counted_by_its_reason(tmp_path: Path) -> None:
    run = Run(tmp_path, [f"{T},1,1,999999999,9999999998,1", f"{T},1,2,5,100,1"], depth=1)
    assert run.rows == [row((None, 0, None, 0)), row((None, 0, 100, 5))]
    assert run.says("refused by the venue:") == "1 MAX_NOTIONAL"


def test_prices_from_a_hundredth_of_a_cent_to_the_largest_rest_together(tmp_path: Path) -> None:
    """The collar around a reference would refuse most of them: the reference goes with the order."""
    prices = [(1, 1), (2, 1), (100, 1), (5_853_300, 1), (5_860_000, -1), (1_999_999_900, -1)]
    messages = [f"{34200 + 40 * i},1,{i},5,{price},{side}" for i, (price, side) in enumerate(prices)]
    run = Run(tmp_path, messages, depth=4)
    assert run.says("refused by the venue:") == ""
    assert run.rows[-1] == row((5860000, 5, 5853300, 5), (1999999900, 5, 100, 5), (None, 0, 2, 5), (None, 0, 1, 5))


def test_more_orders_than_one_account_may_have_rest(tmp_path: Path) -> None:
    messages = [f"{T},1,{i},1,{5_000_000 - i % 7},1" for i in range(650)]
    messages += [f"{T},3,{i},1,{5_000_000 - i % 7},1" for i in range(0, 650, 2)]
    messages += [f"{T},1,{1000 + i},1,{5_000_000 - i % 7},1" for i in range(650)]
    run = Run(tmp_path, messages, depth=7)
    assert run.says("refused by the venue:") == ""
    assert sum(map(int, run.rows[-1].split(",")[3::4])) == 650 // 2 + 650


def test_the_limit_stops_after_so_many_messages(tmp_path: Path) -> None:
    messages = [f"{T},1,{i},5,{100 + i},1" for i in range(5)]
    run = Run(tmp_path, messages, "--limit", 3, depth=1)
    assert run.rows == [row((None, 0, 100 + i, 5)) for i in range(3)]
    assert run.said[0].startswith("3 rows written to ")
    assert run.said[-1].split()[1:4] == ["messages", "a", "second,"]


def test_a_seventh_column_and_carriage_returns_are_not_read(tmp_path: Path) -> None:
    run = Run(tmp_path, [f"{T},1,1,5,100,1,null\r", "34201,3,1,5,100,1\r"], depth=1)
    assert run.rows == [row((None, 0, 100, 5)), row((None, 0, None, 0))]


def test_what_priority_left_behind_is_withdrawn_when_it_is_in_the_way(tmp_path: Path) -> None:
    """Order 1 was gone without a word, so order 2 is left over here: the next execution shows it, and is not out of turn."""
    messages = [
        f"{T},1,1,100,101,-1",
        f"{T},1,2,100,101,-1",
        f"{T},4,2,100,101,-1",
        f"{T},1,3,50,101,-1",
        f"{T},4,3,50,101,-1",
    ]
    run = Run(tmp_path, messages, depth=1)
    assert [line.split(",")[1] for line in run.rows] == ["100", "200", "100", "150", "0"]
    assert run.matched == "1 of 2"
    assert run.says("orders that priority left behind were withdrawn later, when they were in the way:") == "1"


def test_a_new_order_rests_where_the_file_has_nobody_in_its_way(tmp_path: Path) -> None:
    messages = [f"{T},1,1,100,101,-1", f"{T},1,2,100,101,-1", f"{T},4,2,100,101,-1", f"{T},1,3,50,101,1"]
    run = Run(tmp_path, messages, depth=1)
    assert run.rows[-1] == row((None, 0, 101, 50))
    assert run.says("new orders traded at once, with what rested here:") == ""


def test_an_order_that_traded_in_anothers_place_does_not_trade_twice(tmp_path: Path) -> None:
    messages = [f"{T},1,1,100,101,-1", f"{T},1,2,100,102,-1", f"{T},4,2,100,102,-1", f"{T},1,3,100,103,-1", f"{T},4,1,100,101,-1"]
    run = Run(tmp_path, messages, depth=2)
    assert run.matched == "0 of 2"
    assert run.rows[-1] == row((102, 100, None, 0), (103, 100, None, 0))
    assert any(line.endswith("executes 100 at 101 of order 1; here it met nobody") for line in run.said)


def test_orders_may_be_worth_more_than_an_account_begins_with(tmp_path: Path) -> None:
    messages = [f"{T},1,{i},999999999,{5_000_000 - i},1" for i in range(5)] + [
        f"{T},4,{i},999999999,{5_000_000 - i},1" for i in range(5)
    ]
    run = Run(tmp_path, messages, depth=5)
    assert run.says("refused by the venue:") == ""
    assert run.matched == "5 of 5"
    assert run.rows[4] == row(*((None, 0, 5_000_000 - i, 999_999_999) for i in range(5)))
