"""The venue does what the oracle does with entries and their exits, and with what makes a position smaller."""

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import multiple, rule

from tests.engine.lanes import try_at_length, try_ordinary
from tests.engine.matching.pair import SYMBOLS
from tests.engine.matching.test_oracle import SideBySide, accounts, sides
from tests.engine.matching.test_oracle_waiting import WaitingSideBySide, limits, stops, trails, triggers

markets = st.just({"type": "MARKET"})
entries = st.one_of(limits, limits, markets, stops)
targets = st.one_of(
    st.fixed_dictionaries({"type": st.just("LIMIT"), "price": st.integers(9_999, 10_025)}),
    st.fixed_dictionaries({"type": st.just("TAKE_PROFIT"), "trigger": st.integers(9_999, 10_025)}),
)
protections = st.one_of(
    st.fixed_dictionaries({"type": st.just("STOP"), "trigger": st.integers(9_975, 10_001)}),
    st.fixed_dictionaries({"type": st.just("STOP_LIMIT"), "trigger": st.integers(9_975, 10_001), "price": triggers}),
    trails.map(lambda trail: {"type": "TRAILING_STOP", **trail}),
)
exits = st.one_of(st.tuples(targets, protections), st.tuples(targets), st.tuples(protections)).map(list)


class BracketsSideBySide(WaitingSideBySide):
    @rule(
        target=SideBySide.orders, account=accounts, lots=st.integers(1, 24), leg=entries, exits=exits,
        tif=st.sampled_from(("GTC", "GTC", "DAY", "GTD")),
    )  # fmt: skip
    def submit_bracket(self, account: int, lots: int, leg: dict[str, Any], exits: list[dict[str, Any]], tif: str) -> Any:
        lasts = tif if leg["type"] != "MARKET" else "IOC"
        order_id = self.pair.submit_with(account, "ACME", "BUY", lots, leg, lasts, 4, exits)
        return multiple(*([] if order_id is None else [order_id]))

    @rule(account=accounts, lots=st.integers(1, 9), below=st.integers(-3, 6))
    def somebody_sells(self, account: int, lots: int, below: int) -> None:
        """A piece of what an entry wants."""
        self.pair.submit(account, "ACME", "SELL", lots, 10_000 - below, "IOC")

    @rule(target=SideBySide.orders)
    def an_exit(self) -> Any:
        """Exits are canceled and amended as any order is."""
        return multiple(*self.pair.exit_ids[-2:])

    @rule(
        target=SideBySide.orders, account=accounts, side=st.sampled_from(("SELL", "SELL", "SELL", "BUY")),
        lots=st.integers(1, 60), leg=st.one_of(limits, markets, stops),
    )  # fmt: skip
    def submit_reduce_only(self, account: int, side: str, lots: int, leg: dict[str, Any]) -> Any:
        order_id = self.pair.submit_with(account, "ACME", side, lots, leg, reduce_only=True)
        return multiple(*([] if order_id is None else [order_id]))

    @rule(account=accounts, symbol=st.sampled_from(SYMBOLS))
    def close_position(self, account: int, symbol: str) -> None:
        self.pair.close(account, symbol)

    @rule(account=accounts, side=sides, trail=st.integers(1, 9), jump=st.integers(60, 140))
    def market_jumps(self, account: int, side: str, trail: int, jump: int) -> None:
        """Over the trigger, and over all that whoever waits for it may pay; and back."""
        self.pair.submit_waiting(account, "ACME", side, 3, {"type": "TRAILING_STOP", "trail": trail})
        for middle in (10_000 + (jump if side == "BUY" else -jump), 10_000):
            self.pair.quote("ACME", middle - 5, middle + 5, 8, 8)


@pytest.mark.parametrize("part", [0, 1, pytest.param(2, marks=pytest.mark.long)])
def test_the_venue_agrees_with_the_oracle_on_brackets(part: int) -> None:
    try_ordinary(BracketsSideBySide, 50, 50, part)


@pytest.mark.long
@pytest.mark.timeout(0)
def test_the_venue_agrees_with_the_oracle_on_brackets_at_length() -> None:
    try_at_length(BracketsSideBySide, 100_000, 200)
