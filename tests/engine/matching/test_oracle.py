"""The venue does what the oracle does, whatever is asked of it in whatever order."""

from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule

from tests.engine.lanes import try_at_length, try_ordinary
from tests.engine.matching.pair import CUSTOMERS, SYMBOLS
from tests.engine.matching.pair_whole import WholePair

ORACLE_LINES_MAX = 200
accounts = st.sampled_from(CUSTOMERS)
symbols = st.sampled_from((*SYMBOLS[:1] * 4, SYMBOLS[1]))
sides = st.sampled_from(("BUY", "SELL"))
prices = st.one_of(st.integers(9_970, 10_030), st.integers(9_985, 10_015), st.integers(9_880, 10_120))
sizes = st.integers(0, 12)


class SideBySide(RuleBasedStateMachine):
    orders = Bundle("orders")

    def make_pair(self) -> WholePair:
        return WholePair()

    @initialize(money=st.integers(0, 3 * 10**8), shares=st.integers(0, 2 * 10**8))
    def start(self, money: int, shares: int) -> None:
        self.pair = self.make_pair()
        for account in CUSTOMERS:
            for asset, units in (("USD", money), *((symbol, shares) for symbol in SYMBOLS)):
                if units:
                    self.pair.fund(account, asset, units)
        for symbol in SYMBOLS:
            self.pair.quote(symbol, 9_995, 10_005, 8, 8)

    @rule(target=orders, account=accounts, symbol=symbols, side=sides, lots=st.integers(1, 70), ticks=prices)
    def submit_limit(self, account: int, symbol: str, side: str, lots: int, ticks: int) -> int:
        return self.pair.submit(account, symbol, side, lots, ticks, "GTC")

    @rule(target=orders, account=accounts, side=sides, lots=st.integers(1, 12), offset=st.integers(-4, 4))
    def submit_small_limit(self, account: int, side: str, lots: int, offset: int) -> int:
        return self.pair.submit(account, "ACME", side, lots, 10_000 + offset, "GTC")

    @rule(account=accounts, side=sides, lots=st.integers(1, 60), ticks=prices, tif=st.sampled_from(("IOC", "FOK")))
    def submit_limit_now(self, account: int, side: str, lots: int, ticks: int, tif: str) -> None:
        self.pair.submit(account, "ACME", side, lots, ticks, tif)

    @rule(account=accounts, symbol=symbols, side=sides, lots=st.integers(1, 60), tif=st.sampled_from(("GTC", "IOC", "FOK")))
    def submit_market(self, account: int, symbol: str, side: str, lots: int, tif: str) -> None:
        self.pair.submit(account, symbol, side, lots, None, tif)

    @rule(order_id=orders)
    def cancel(self, order_id: int) -> None:
        self.pair.cancel(order_id)

    @rule(
        symbol=symbols, bid=st.integers(9_970, 10_025), spread=st.integers(-1, 9), bid_lots=sizes, ask_lots=sizes,
        step=st.sampled_from((1, 1, 1, 1, 2, 0, -1)),
    )  # fmt: skip
    def quote(self, symbol: str, bid: int, spread: int, bid_lots: int, ask_lots: int, step: int) -> None:
        self.pair.quote(symbol, bid, bid + spread, bid_lots, ask_lots, step)

    @rule(seconds=st.sampled_from((1, 2, 3, 4, 31)), symbol=symbols)
    def wait(self, seconds: int, symbol: str) -> None:
        self.pair.pass_seconds(seconds)

    @rule(symbol=symbols)
    def halt_and_look(self, symbol: str) -> None:
        self.pair.halt(symbol)

    @rule(symbol=symbols)
    def resume(self, symbol: str) -> None:
        self.pair.resume(symbol)

    @rule(account=accounts, asset=st.sampled_from(("USD", *SYMBOLS)), units=st.integers(1, 10**8))
    def deposit(self, account: int, asset: str, units: int) -> None:
        self.pair.fund(account, asset, units)

    @rule(account=accounts, asset=st.sampled_from(("USD", *SYMBOLS)), units=st.integers(1, 10**8))
    def withdraw(self, account: int, asset: str, units: int) -> None:
        self.pair.withdraw(account, asset, units)

    @rule(account=accounts, asset=st.sampled_from(("USD", *SYMBOLS)), units=st.integers(1, 10**8), below=st.booleans())
    def adjust(self, account: int, asset: str, units: int, below: bool) -> None:
        self.pair.adjust(account, asset, -units if below else units)

    @rule(order_id=orders)
    def force_cancel(self, order_id: int) -> None:
        self.pair.force_cancel(order_id)

    @rule(account=accounts, most=st.one_of(st.none(), st.integers(0, 4)), units=st.one_of(st.none(), st.integers(1, 2 * 10**7)))
    def limit(self, account: int, most: int | None, units: int | None) -> None:
        self.pair.limit(account, most, units)

    @rule(account=accounts, units=st.integers(1, 12), offset=st.integers(-3, 3))
    def limit_to_the_value_of_an_order(self, account: int, units: int, offset: int) -> None:
        """The largest order of that value is taken, one unit less is not."""
        self.pair.limit(account, None, 10_000 * units * 100 + offset)
        self.pair.submit(account, "ACME", "BUY", units, 10_000, "IOC")
        self.pair.limit(account, None, None)

    @rule(account=accounts)
    def suspend_and_look(self, account: int) -> None:
        self.pair.suspend(account)
        self.pair.submit(account, "ACME", "BUY", 1, 10_000, "GTC")

    @rule()
    def reinstate(self) -> None:
        for account in CUSTOMERS:
            self.pair.reinstate(account)

    @rule(symbol=symbols, lots=st.integers(1, 70), units=st.integers(10**6, 6 * 10**7), bps=st.integers(10, 300))
    def limit_instrument(self, symbol: str, lots: int, units: int, bps: int) -> None:
        self.pair.limit_instrument(symbol, lots, units, bps)

    @rule(
        target=orders, account=accounts, side=sides, lots=st.integers(1, 12), offset=st.integers(-6, 6),
        tif=st.sampled_from(("GTC", "DAY", "GTD", "GTD")), seconds=st.sampled_from((-1, 0, 1, 2, 5)),
    )  # fmt: skip
    def submit_that_ends(self, account: int, side: str, lots: int, offset: int, tif: str, seconds: int) -> int:
        return self.pair.submit_until(account, "ACME", side, lots, 10_000 + offset, tif, seconds)

    @rule(
        target=orders, account=accounts, side=sides, lots=st.integers(1, 12), offset=st.integers(-6, 6),
        tif=st.sampled_from(("GTC", "GTD")),
    )  # fmt: skip
    def submit_post_only(self, account: int, side: str, lots: int, offset: int, tif: str) -> int:
        return self.pair.submit_until(account, "ACME", side, lots, 10_000 + offset, tif, 4, True)

    @rule(order_id=orders, lots=st.one_of(st.none(), st.integers(1, 64)), ticks=st.one_of(st.none(), prices))
    def amend(self, order_id: int, lots: int | None, ticks: int | None) -> None:
        self.pair.amend(order_id, lots, ticks)

    @rule(order_id=orders, more=st.sampled_from((-3, -1, 0, 1, 3)), away=st.integers(-3, 3))
    def amend_a_little(self, order_id: int, more: int, away: int) -> None:
        """In what it has: its price, its trigger or neither."""
        order = self.pair.placed[order_id]
        waits = not order["resting"] and order["type"] != "TRAILING_STOP"
        trigger = order["trigger"] + away if waits and order["price"] is None else None
        self.pair.amend(order_id, max(1, order["lots"] + more), order["price"] and order["price"] + away, trigger)

    @rule(account=accounts, symbol=st.one_of(st.none(), symbols), side=st.one_of(st.none(), sides))
    def cancel_all(self, account: int, symbol: str | None, side: str | None) -> None:
        self.pair.cancel_all(account, symbol, side)

    @rule(account=accounts, mode=st.sampled_from(("CANCEL_NEWEST", "CANCEL_OLDEST", "CANCEL_BOTH", "DECREMENT")))
    def prevent_self_trades(self, account: int, mode: str) -> None:
        self.pair.prevent(account, mode)

    @rule(symbol=symbols, ends=st.lists(st.integers(1, 9), min_size=1, max_size=3))
    def sessions(self, symbol: str, ends: list[int]) -> None:
        self.pair.set_sessions(symbol, *ends)

    @rule(symbol=symbols, gaps=st.lists(st.integers(0, 3), min_size=3, max_size=6), begin=st.integers(-1, 2))
    def calendar(self, symbol: str, gaps: list[int], begin: int) -> None:
        """Pre-open, open and close of one session or two."""
        sessions = []
        for opens, closes in zip(gaps[::3], gaps[1::3], strict=False):
            sessions.append((begin, begin + opens, begin + opens + closes + 1))
            begin = sessions[-1][2] + gaps[2]
        if sessions[-1][2] > 0:
            self.pair.set_calendar(symbol, *sessions)

    @rule(account=accounts, seconds=st.sampled_from((0, 2, 3, 5)))
    def dead_mans_switch(self, account: int, seconds: int) -> None:
        self.pair.dead_man(account, seconds)

    @rule(symbol=symbols, seconds=st.integers(1, 4))
    def pause(self, symbol: str, seconds: int) -> None:
        self.pair.pause(symbol, seconds)

    @rule(symbol=symbols, state=st.sampled_from(("PRE_OPEN", "OPEN", "OPEN", "CLOSED")))
    def trading_state(self, symbol: str, state: str) -> None:
        self.pair.set_state(symbol, state)

    @rule(symbol=symbols)
    def open_again(self, symbol: str) -> None:
        self.pair.resume(symbol)
        self.pair.set_state(symbol, "OPEN")

    @rule(symbol=symbols)
    def kill_an_instrument(self, symbol: str) -> None:
        self.pair.halt_and_cancel(symbol)

    @rule(account=accounts, lots=st.integers(1, 9), restarts=st.booleans())
    def kill_and_restore(self, account: int, lots: int, restarts: bool) -> None:
        self.pair.kill_and_look(restarts, account, "ACME", "BUY", lots, 10_000)

    @rule(account=accounts, lots=st.integers(1, 9), restarts=st.booleans())
    def kill_restart_and_restore(self, account: int, lots: int, restarts: bool) -> None:
        self.pair.kill()
        if restarts:
            self.pair.take_over()
        self.pair.submit(account, "ACME", "BUY", lots, 10_000, "GTC")
        self.pair.restore()

    @rule(account=accounts)
    def kill_an_account(self, account: int) -> None:
        self.pair.suspend_and_cancel(account)

    @rule(back=st.sampled_from((0, 0, 1, 61, 3_600)))
    def epoch_takeover(self, back: int) -> None:
        self.pair.take_over(back)

    @rule(account=accounts, side=sides, lots=st.integers(1, 30), ticks=prices, tif=st.sampled_from(("GTC", "IOC")))
    def crash_before_the_commit(self, account: int, side: str, lots: int, ticks: int, tif: str) -> None:
        self.pair.lose(account, "ACME", side, lots, ticks, tif)

    @rule(seconds=st.sampled_from((61, 3_600, 86_400)))
    def clock_jump(self, seconds: int) -> None:
        self.pair.pass_seconds(seconds)

    @rule()
    def replay_log(self) -> None:
        self.pair.replay_log()

    def teardown(self) -> None:
        if hasattr(self, "pair") and not self.pair.is_broken:
            self.pair.replay_log()


@pytest.mark.parametrize("part", [0, pytest.param(1, marks=pytest.mark.long)])
def test_the_venue_agrees_with_the_oracle(part: int) -> None:
    try_ordinary(SideBySide, 60, 50, part)


@pytest.mark.long
@pytest.mark.timeout(0)
def test_the_venue_agrees_with_the_oracle_at_length() -> None:
    try_at_length(SideBySide, 100_000, 200)


def test_the_oracles_stay_short_enough_to_be_read() -> None:
    for path in Path(__file__).parent.glob("oracle*.py"):
        assert len(path.read_text().splitlines()) <= ORACLE_LINES_MAX, path.name
