"""The pair with everything that time, staff and owners can do to orders; see ``oracle_rules``."""

from typing import Any

from apps.commands import types
from apps.commands.answers import AmendAnswer, CancelAllAnswer
from apps.core.enums import SelfTradePrevention, TradingState
from tests.engine.matching.kit import ADMIN, SECOND, SYSTEM, actor
from tests.engine.matching.oracle_rules import Rules
from tests.engine.matching.pair import MARKET, Pair, lots_text, price_text, step, units_of


class WidePair(Pair):
    oracle: Rules
    oracle_class = Rules

    def ask(self, kind: type[Any], by: types.Actor = ADMIN, **fields: Any) -> str:
        """The reason of the answer, which is empty when it was done."""
        if "reason" in kind.__struct_fields__:
            fields = {"reason": "as agreed"} | fields
        command = kind(command_id=self.market.next_id(), actor=by, **fields)
        return str(self.market.apply(command).reason)  # type: ignore[union-attr]

    def let_time_do(self) -> None:
        """A batch of nothing: what is due happens. Also what a switch of a moment ago has left to be done."""
        self.market.begin()
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
        answer = self.market.submit(
            account, side, lots_text(lots), price_text(ticks), tif, symbol=symbol, expires_at_ns=until, **more
        )
        now = self.market.now_ns
        stored = None if until is None else until - until % 1000
        known = {"until": stored, "created": now, "post_only": post_only}
        expected = self.oracle.submit(account, symbol, side, lots, ticks, tif, now, **known)
        self.placed[answer.order_id] = expected
        self.check_answer(answer, expected)
        self.compare()
        return answer.order_id

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
        self.oracle.resume(symbol)
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
        now = self.market.now_ns - self.market.now_ns % 1000
        ends = [now + seconds * SECOND for seconds in sorted(set(ends_in))]
        begins = [now - SECOND, *ends]
        sessions = [types.Session(begin, begin, end) for begin, end in zip(begins, ends, strict=False)]
        reason = self.ask(types.SetSessions, SYSTEM, symbol=symbol, sessions=sessions, around_the_clock=True)
        assert not reason, "answer: sessions"
        self.oracle.closes[symbol] = ends
        self.compare()

    @step
    def dead_man(self, account: int, seconds: int) -> None:
        assert not self.ask(types.SetDeadMansSwitch, actor(account), account_id=account, seconds=seconds), "answer: switch"
        self.oracle.set_dead_man(account, seconds, self.market.now_ns)
        self.compare()

    @step
    def kill(self) -> None:
        assert not self.ask(types.KillVenue), "answer: kill"
        self.oracle.kill()
        self.let_time_do()
        self.compare()

    @step
    def restore(self) -> None:
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
    def amend(self, order_id: int, lots: int | None, ticks: int | None) -> None:
        expected = self.placed[order_id]
        wanted = {"quantity": lots and lots_text(lots), "price": ticks and price_text(ticks)}
        answer = self.market.amend(expected["account"], order_id, **{name: text for name, text in wanted.items() if text})
        if expected["open"]:
            before = expected["lots"] - expected["left"]
            reason, keeps = self.oracle.amend(expected, lots, ticks, self.market.now_ns)
            assert isinstance(answer, AmendAnswer) and (answer.reason, answer.kept_priority) == (reason, keeps), "answer: amend"
            stands = (expected["status"], expected["lots"] * MARKET["lot"])
            assert (answer.status, units_of(answer.quantity)) == stands, "answer: amend"
            traded = sum(units_of(fill.quantity) for fill in answer.fills)
            assert traded == (expected["lots"] - expected["left"] - before) * MARKET["lot"], "answer: amend"
        else:
            assert answer.reason in ("UNKNOWN_ORDER", "ORDER_NOT_OPEN"), "answer: amend"  # type: ignore[union-attr]
        self.compare()

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
