"""The venue does what the oracle does with orders that wait, trail, and cancel each other."""

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import multiple, rule

from tests.engine.lanes import try_at_length, try_ordinary
from tests.engine.matching.test_oracle import SideBySide, accounts, sides

triggers = st.one_of(st.integers(9_985, 10_015), st.integers(9_960, 10_040))
trails = st.one_of(
    st.fixed_dictionaries({"trail": st.integers(1, 60)}), st.fixed_dictionaries({"bps": st.integers(1, 60)})
)
stops = st.one_of(
    st.fixed_dictionaries({"type": st.just("STOP"), "trigger": triggers}),
    st.fixed_dictionaries({"type": st.just("STOP_LIMIT"), "trigger": triggers, "price": triggers}),
    st.fixed_dictionaries({"type": st.just("TAKE_PROFIT"), "trigger": triggers}),
    trails.map(lambda trail: {"type": "TRAILING_STOP", **trail}),
)
limits = st.fixed_dictionaries({"type": st.just("LIMIT"), "price": triggers})
lasting = st.sampled_from(("GTC", "GTC", "DAY", "GTD"))


class WaitingSideBySide(SideBySide):
    @rule(target=SideBySide.orders, account=accounts, side=sides, lots=st.integers(1, 20), leg=stops, tif=lasting)
    def submit_waiting(self, account: int, side: str, lots: int, leg: dict[str, Any], tif: str) -> int:
        return self.pair.submit_waiting(account, "ACME", side, lots, leg, tif, 4)

    @rule(
        target=SideBySide.orders, account=accounts, side=sides, lots=st.integers(1, 20), first=stops,
        second=st.one_of(stops, limits), turned=st.booleans(),
    )  # fmt: skip
    def submit_pair(
        self, account: int, side: str, lots: int, first: dict[str, Any], second: dict[str, Any], turned: bool
    ) -> Any:
        legs = [second, first] if turned else [first, second]
        return multiple(*self.pair.submit_pair(account, "ACME", side, lots, legs))

    @rule(drift=st.lists(st.integers(-6, 6), min_size=1, max_size=5))
    def market_walks(self, drift: list[int]) -> None:
        """Quotes one after the other, each near the one before: what triggers and trails live on."""
        quote = self.pair.oracle.quotes.get("ACME")
        bid = quote["bid"] if quote else 9_995
        for step in drift:
            bid += step
            self.pair.quote("ACME", bid, bid + 10, 6, 6)


@pytest.mark.parametrize("part", [0, pytest.param(1, marks=pytest.mark.long)])
def test_the_venue_agrees_with_the_oracle_on_waiting_orders(part: int) -> None:
    try_ordinary(WaitingSideBySide, 60, 50, part)


@pytest.mark.long
@pytest.mark.timeout(0)
def test_the_venue_agrees_with_the_oracle_on_waiting_orders_at_length() -> None:
    try_at_length(WaitingSideBySide, 100_000, 200)
