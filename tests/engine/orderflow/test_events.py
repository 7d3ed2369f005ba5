"""The events format: the product's own commands as JSON lines, held against the second writing of the rules."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError

from tests.engine.matching.oracle import Oracle
from tests.engine.orderflow.flows import Run, row

#: The replay's instrument in the oracle's words: a lot of one share at a tick of 0.0001 is 10,000 units.
MARKET = {
    "value": 10**4,
    "lot": 10**8,
    "max_lots": 10**12,
    "max_notional": 10**20,
    "bps": 9_999,
    "maker": 0,
    "taker": 0,
    "step": 1,
}
ACCOUNTS = (11, 12, 13, 14)
MIDDLE = 1_000_000  # ticks: 100.0000
RICH = 10**20


def price_text(ticks: int) -> str:
    return f"{ticks // 10_000}.{ticks % 10_000:04d}"


def depth_of(oracle: Oracle, depth: int) -> str:
    """The oracle's book as a row."""
    sides = []
    for side in ("SELL", "BUY"):
        sizes: dict[int, int] = {}
        for order in oracle.orders:
            if order["open"] and order["side"] == side:
                sizes[order["price"]] = sizes.get(order["price"], 0) + order["left"]
        best_first = sorted(sizes, reverse=side == "BUY")
        levels: list[tuple[int | None, int]] = [(ticks, sizes[ticks]) for ticks in best_first]
        sides.append((levels + [(None, 0)] * depth)[:depth])
    return row(*((*ask, *bid) for ask, bid in zip(*sides, strict=True)))


class Both:
    """Each step is written as a line, and done in the oracle, whose book is kept."""

    def __init__(self, seed: int, depth: int) -> None:
        self.random = Random(seed)
        self.depth = depth
        self.oracle = Oracle({"FLOW": dict(MARKET)}, 1, 2, 3)
        for account in ACCOUNTS:
            self.oracle.fund(account, "USD", RICH)
            self.oracle.fund(account, "FLOW", RICH)
        self.oracle.quote("FLOW", 1, MIDDLE, MIDDLE + 1, 0, 0, 0)
        self.placed: dict[str, Any] = {}
        self.lines: list[str] = []
        self.books: list[str] = []

    def write(self, **fields: object) -> None:
        self.lines.append(json.dumps(fields))
        self.books.append(depth_of(self.oracle, self.depth))

    def submit(self) -> None:
        account, side = self.random.choice(ACCOUNTS), self.random.choice(("BUY", "SELL"))
        lots = self.random.randint(1, 40)
        tif = self.random.choice(("GTC", "GTC", "GTC", "IOC", "FOK"))
        ticks = None if self.random.random() < 0.1 else MIDDLE + self.random.randint(-12, 12)
        name = f"order-{len(self.lines)}"
        self.placed[name] = self.oracle.submit(account, "FLOW", side, lots, ticks, tif, 0)
        fields = {"order_type": "MARKET"} if ticks is None else {"order_type": "LIMIT", "price": price_text(ticks)}
        self.write(
            type="SUBMIT_ORDER", command_id=name, account_id=account, side=side, quantity=str(lots), time_in_force=tif, **fields
        )

    def cancel(self) -> None:
        name = self.random.choice(list(self.placed))
        order = self.placed[name]
        self.oracle.cancel(order)
        self.write(type="CANCEL_ORDER", account_id=order["account"], order_id=name)

    def make_smaller(self) -> None:
        """In place: what the oracle calls left and lots is all that changes."""
        names = [name for name, order in self.placed.items() if order["open"] and order["left"] > 1]
        if names:
            name = self.random.choice(names)
            order = self.placed[name]
            less = self.random.randrange(1, order["left"])
            order["left"] -= less
            order["lots"] -= less
            self.write(type="AMEND_ORDER", account_id=order["account"], order_id=name, quantity=str(order["lots"]))

    def switch(self, *, on: bool) -> None:
        (self.oracle.halted.discard if on else self.oracle.halted.add)("FLOW")
        self.write(type="RESUME_INSTRUMENT" if on else "HALT_INSTRUMENT", reason="a test of halts")

    def run(self, steps: int) -> None:
        self.submit()
        for _ in range(steps):
            dice = self.random.random()
            if dice < 0.75:
                self.submit()
            elif dice < 0.88:
                self.cancel()
            elif dice < 0.93:
                self.make_smaller()
            else:
                self.switch(on=dice > 0.935)
        self.switch(on=True)


@pytest.mark.parametrize("seed", range(6))
def test_the_book_is_the_oracles_after_every_command(tmp_path: Path, seed: int) -> None:
    both = Both(seed, depth=26)
    both.run(500)
    run = Run(tmp_path, both.lines, "--format", "events", depth=26)
    assert run.rows == both.books
    assert any("AMEND_ORDER" in line for line in both.lines)
    assert int(run.says("fills:")) == len(both.oracle.trades) > 100
    refused = dict(part.split(" ")[::-1] for part in run.says("refused by the venue:").split(", "))
    said = [order["reason"] for order in both.placed.values()]
    for reason in ("INSTRUMENT_HALTED", "FOK_NOT_FILLABLE", "SELF_TRADE", "UNFILLED_REMAINDER"):
        assert int(refused[reason].replace(",", "")) == said.count(reason) > 0, reason


def test_a_line_may_say_everything_that_a_command_says(tmp_path: Path) -> None:
    lines = [
        '{"type": "SUBMIT_ORDER", "at_ns": 34200000000000, "command_id": "a", "actor": [900, "SYSTEM"], "correlation_id": "c",'
        ' "account_id": 11, "symbol": "FLOW", "side": "SELL", "order_type": "LIMIT", "quantity": "5", "price": "585.94"}',
        '{"type": "SUBMIT_ORDER", "account_id": 12, "side": "BUY", "order_type": "MARKET", "quantity": "2"}',
        '{"type": "FORCE_CANCEL_ORDER", "account_id": 11, "order_id": "a", "reason": "enough of it"}',
        '{"type": "CANCEL_ORDER", "account_id": 11, "order_id": "a"}',
        '{"type": "CANCEL_ORDER", "account_id": 11, "order_id": 123456}',
        '{"type": "SUBMIT_ORDER", "account_id": 12, "side": "BUY", "order_type": "LIMIT", "quantity": "1.5", "price": "1"}',
    ]
    run = Run(tmp_path, lines, "--format", "events", depth=1)
    assert run.rows == [row((5859400, 5, None, 0)), row((5859400, 3, None, 0)), *[row((None, 0, None, 0))] * 4]
    assert run.says("refused by the venue:") == "1 ORDER_NOT_OPEN, 1 UNKNOWN_ORDER, 1 INVALID_NUMBER"
    assert run.says("matched by priority:") == ""


def test_what_is_due_happens_before_the_line(tmp_path: Path) -> None:
    until = 1_700_006_400_000_000_000 + 60 * 10**9
    order = '"account_id": 11, "side": "SELL", "order_type": "LIMIT", "quantity": "5", "price": "585.94"'
    lines = [
        f'{{"type": "SUBMIT_ORDER", {order}, "time_in_force": "GTD", "expires_at_ns": {until}}}',
        f'{{"type": "SUBMIT_ORDER", {order}, "at_ns": {59 * 10**9}}}',
        f'{{"type": "SUBMIT_ORDER", {order}, "at_ns": {60 * 10**9}}}',
    ]
    run = Run(tmp_path, lines, "--format", "events", depth=1)
    assert run.rows == [row((5859400, lots, None, 0)) for lots in (5, 10, 10)]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "must be a JSON object, Input data was truncated"),
        ("[1]", "must be a JSON object, was list"),
        ('{"type": "PLACE"}', "type must be one of "),
        ('{"type": "CANCEL_ORDER", "account_id": 11, "order_id": "a", "why": 1}', "Object contains unknown field `why`"),
        ('{"type": "CANCEL_ORDER", "account_id": 11}', "Object missing required field `order_id`"),
        ('{"type": "CANCEL_ORDER", "account_id": "11", "order_id": "a"}', "Expected `int`, got `str`"),
        ('{"type": "CANCEL_ORDER", "at_ns": 4, "account_id": 11, "order_id": "a"}', "at_ns must be whole nanoseconds from 5"),
        ('{"type": "CANCEL_ORDER", "at_ns": 1.5, "account_id": 11, "order_id": "a"}', "at_ns must be whole nanoseconds from 5"),
        ("x" * 3000, "longer than 2000 characters"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    first = '{"type": "CANCEL_ORDER", "at_ns": 5, "account_id": 11, "order_id": 1}'
    with pytest.raises(CommandError) as error:
        Run(tmp_path, [first, line], "--format", "events")
    assert str(error.value).startswith(f"{tmp_path}/messages.csv, line 2: {message}")
    assert not (tmp_path / "book.csv").exists()


def test_a_seed_is_for_lobster(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--seed-book goes with --format lobster, was events"):
        Run(tmp_path, ["{}"], "--format", "events", seed=row((None, 0, 100, 5)))
