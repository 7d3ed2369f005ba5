"""The pair with everything that time, staff and owners can do to orders; see ``oracle_rules``."""

from typing import Any

from apps.commands import types
from apps.commands.answers import CancelAllAnswer
from apps.core.enums import SelfTradePrevention, TradingState
from tests.engine.matching.kit import ADMIN, SECOND, SYSTEM, actor
from tests.engine.matching.oracle_calendar import Calendar
from tests.engine.matching.pair import AT_ONCE, SYMBOLS, Pair, lots_text, price_text, step

#: More than every order there is could take.
BATCHES_MAX = 500


class WidePair(Pair):
    oracle: Calendar
    oracle_class = Calendar

    def compare(self) -> None:
        super().compare()
        for symbol in SYMBOLS:
            instrument = self.market.venue.instrument_by_symbol(symbol)
            assert instrument is not None and instrument.trading_state == self.oracle.state(symbol), f"I24: state of {symbol}"

    def forget(self) -> None:
        """Another engine looks for boundaries of sessions since the last batch that was written."""
        super().forget()
        for symbol in self.oracle.sessions:
            self.oracle.look_ahead(symbol, self.market.venue.timers.seen_ns)

    def ask(self, kind: type[Any], by: types.Actor = ADMIN, **fields: Any) -> str:
        """The reason of the answer, which is empty when it was done."""
        if "reason" in kind.__struct_fields__:
            fields = {"reason": "as agreed"} | fields
        command = kind(command_id=self.market.next_id(), actor=by, **fields)
        return str(self.market.apply(command).reason)  # type: ignore[union-attr]

    def let_time_do(self) -> None:
        """Batches of nothing: what is due happens. Also what a switch of a moment ago has left to be done."""
        for _ in range(BATCHES_MAX):
            self.market.begin()
            due_ns = self.market.venue.timers.next_ns
            if due_ns is None or due_ns > self.market.now_ns:
                break
        else:
            raise AssertionError("I24: something stays due")
        self.oracle.pass_time(self.market.now_ns)

    @step
    def pass_seconds(self, seconds: int) -> None:
        self.market.pass_seconds(seconds)
        self.let_time_do()
        self.compare()

    @step
    def submit_until(
        self, account: int, symbol: str, side: str, lots: int, ticks: int, tif: str, seconds: int = 0, post_only: bool = False
    ) -> int:
        """GTD ends ``seconds`` from now, which may have passed."""
        until = self.market.now_ns + seconds * SECOND if tif == "GTD" else None
        more: dict[str, Any] = {"post_only": True} if post_only else {}
        answer = self.place(account, side, lots_text(lots), price_text(ticks), tif, symbol=symbol, expires_at_ns=until, **more)
        now = self.market.now_ns
        known = {"until": None if until is None else until - until % 1000, "created": now, "post_only": post_only}
        return self.decided(answer, self.oracle.submit(account, symbol, side, lots, ticks, tif, now, **known))

    @step
    def halt_and_cancel(self, symbol: str) -> None:
        assert not self.ask(types.HaltInstrument, symbol=symbol, cancel_orders=True), "answer: halt"
        self.oracle.halt(symbol, True)
        self.let_time_do()
        self.compare()

    @step
    def halt(self, symbol: str) -> None:
        assert not self.ask(types.HaltInstrument, symbol=symbol), "answer: halt"
        self.oracle.halt(symbol)
        self.compare()

    @step
    def resume(self, symbol: str) -> None:
        reason = self.ask(types.ResumeInstrument, symbol=symbol)
        assert reason == ("INSTRUMENT_CLOSED" if self.oracle.state(symbol) == "CLOSED" else ""), "answer: resume"
        self.oracle.resume(symbol, self.market.now_ns)
        self.compare()

    @step
    def pause(self, symbol: str, seconds: int) -> None:
        assert not self.ask(types.PauseInstrument, SYSTEM, symbol=symbol, seconds=seconds), "answer: pause"
        self.oracle.pause(symbol, seconds, self.market.now_ns)
        self.compare()

    @step
    def set_state(self, symbol: str, state: str) -> None:
        reason = self.ask(types.SetTradingState, symbol=symbol, state=TradingState(state))
        assert reason == self.oracle.set_state(symbol, state), "answer: state"
        self.compare()

    @step
    def set_sessions(self, symbol: str, *ends_in: int) -> None:
        """Sessions around the clock, which end in so many seconds from now."""
        ends = sorted(set(ends_in))
        self._set_sessions(symbol, [(begin, begin, end) for begin, end in zip([-1, *ends], ends, strict=False)], True)

    @step
    def set_calendar(self, symbol: str, *sessions: tuple[int, int, int]) -> None:
        """Sessions of an exchange: pre-open, open and close of each in so many seconds from now."""
        self._set_sessions(symbol, list(sessions), False)

    def _set_sessions(self, symbol: str, offsets: list[tuple[int, int, int]], around_the_clock: bool) -> None:
        now = self.market.now_ns - self.market.now_ns % 1000
        instants = [(now + first * SECOND, now + then * SECOND, now + last * SECOND) for first, then, last in offsets]
        sessions = [types.Session(*each) for each in instants]
        reason = self.ask(types.SetSessions, SYSTEM, symbol=symbol, sessions=sessions, around_the_clock=around_the_clock)
        assert not reason, "answer: sessions"
        self.oracle.set_sessions(symbol, instants, around_the_clock, self.market.now_ns)
        self.compare()

    @step
    def dead_man(self, account: int, seconds: int) -> None:
        assert not self.ask(types.SetDeadMansSwitch, actor(account), account_id=account, seconds=seconds), "answer: switch"
        self.oracle.set_dead_man(account, seconds, self.market.now_ns)
        self.compare()

    @step
    def kill(self) -> None:
        self._kill()
        self.oracle.sweep_away(10**9)
        self.let_time_do()
        self.compare()

    def _kill(self) -> None:
        assert not self.ask(types.KillVenue), "answer: kill"
        self.oracle.killed = True
        self.compare()

    @step
    def restore(self) -> None:
        assert not self.ask(types.RestoreVenue), "answer: restore"
        self.oracle.killed = False
        self.compare()

    @step
    def kill_and_look(self, restarts: bool, account: int, symbol: str, side: str, lots: int, ticks: int) -> None:
        """Each batch begins with a piece of the sweep: in the middle of it come an order, another engine, and an early end."""
        self._kill()
        self.oracle.sweep_away(AT_ONCE)
        answer = self.market.submit(account, side, lots_text(lots), price_text(ticks), symbol=symbol)
        self.decided(answer, self.oracle.submit(account, symbol, side, lots, ticks, "GTC", self.market.now_ns))
        if restarts:
            self.become_another()
            self.compare()
        self.oracle.sweep_away(AT_ONCE)
        is_early = any(order["open"] for order in self.oracle.orders)
        assert self.ask(types.RestoreVenue) == ("OPEN_ORDERS_EXIST" if is_early else ""), "answer: restore"
        self.compare()
        self.oracle.sweep_away(10**9)
        self.let_time_do()
        self.compare()
        assert not self.ask(types.RestoreVenue), "answer: restore"
        self.oracle.killed = False
        self.compare()

    @step
    def suspend_and_cancel(self, account: int) -> None:
        assert not self.ask(types.SuspendAccount, account_id=account, cancel_orders=True), "answer: suspension"
        self.oracle.suspended.add(account)
        self.oracle.end_all("CANCELED_BY_KILL_SWITCH", lambda order: order["account"] == account)
        self.compare()

    # What owners change

    @step
    def cancel_all(self, account: int, symbol: str | None = None, side: str | None = None) -> None:
        answer = self.market.cancel_all(account, symbol, side)

        def named(order: dict[str, Any]) -> bool:
            return order["account"] == account and symbol in (None, order["symbol"]) and side in (None, order["side"])

        expected = sorted(order_id for order_id, order in self.placed.items() if order["open"] and named(order))
        assert isinstance(answer, CancelAllAnswer) and answer.order_ids == expected, "answer: all"
        self.oracle.end_all("CANCELED_BY_CUSTOMER", named)
        self.compare()

    @step
    def prevent(self, account: int, mode: str) -> None:
        """What is to happen when two orders of the account meet."""
        kind = types.SetSelfTradePrevention
        assert not self.ask(kind, actor(account), account_id=account, mode=SelfTradePrevention(mode)), "answer: prevention"
        self.oracle.modes[account] = mode
        self.compare()
