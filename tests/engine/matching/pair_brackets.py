"""The pair with entries and their exits, and with what only makes a position smaller; see ``oracle_brackets``."""

from typing import Any

from apps.commands.answers import DoneAnswer, OrderAnswer, RefusedAnswer
from apps.commands.types import Bracket, ClosePosition, Leg
from apps.engine.matching.changes import Changes
from tests.engine.matching.kit import actor
from tests.engine.matching.oracle_brackets import Brackets, is_target
from tests.engine.matching.pair import lots_text, step
from tests.engine.matching.pair_waiting import WaitingPair, texts


def bracket(exits: list[dict[str, Any]]) -> Bracket | None:
    legs = {"target" if is_target(leg) else "stop": Leg(**texts(leg)) for leg in exits}
    return Bracket(**legs) if legs else None


class BracketPair(WaitingPair):
    oracle: Brackets
    oracle_class = Brackets

    def __init__(self) -> None:
        self.exit_ids: list[int] = []  # in the order in which the engine made them
        self.known_exits: dict[int, dict[str, Any]] = {}  # the same, and what each is to the oracle
        super().__init__()

    @step
    def submit_with(
        self, account: int, symbol: str, side: str, lots: int, leg: dict[str, Any], tif: str = "GTC", seconds: int = 0,
        exits: list[dict[str, Any]] | None = None, reduce_only: bool = False,
    ) -> int | None:  # fmt: skip
        """An order of any type, with exits (the target first) or as reduce-only. None when it is refused."""
        until, asked = self._until(tif, seconds), texts(leg)
        asked |= {"symbol": symbol, "expires_at_ns": until, "reduce_only": reduce_only, "bracket": bracket(exits or [])}
        answer = self.ask_for(self.market.order_command(account, side, lots_text(lots), tif=tif, **asked))
        more = {**self._known(until), "exits": exits or [], "reduce_only": reduce_only}
        expected = self.oracle.submit_with(account, symbol, side, lots, tif, leg, self.market.now_ns, **more)
        if expected is None:
            assert isinstance(answer, RefusedAnswer) and answer.reason == "INVALID_FIELD", f"answer: bracket: {answer}"
            self.compare()
            return None
        assert isinstance(answer, OrderAnswer), f"answer: order: {answer}"
        return self.decided(answer, expected)

    @step
    def close(self, account: int, symbol: str) -> int | None:
        """Sell all that there is; None when that is nothing, or nobody buys."""
        command = ClosePosition(command_id=self.market.next_id(), actor=actor(account), account_id=account, symbol=symbol)
        answer = self.market.apply(command)
        expected = self.oracle.close(account, symbol, self.market.now_ns)
        if isinstance(expected, str):
            assert isinstance(answer, DoneAnswer) and answer.reason == expected, f"answer: close: {answer}"
            self.compare()
            return None
        assert isinstance(answer, OrderAnswer), f"answer: close: {answer}"
        return self.decided(answer, expected)

    def remember(self, changes: Changes) -> None:
        super().remember(changes)
        orders = (order for order in changes.new_orders if order.terms is not None and order.terms.parent_id)
        self.exit_ids += [order.order_id for order in orders]

    def compare(self) -> None:
        """An exit has no answer of its own: the engine's and the oracle's are the same in turn."""
        for changes in self.market.taken():
            self.remember(changes)
        made = self.oracle.made
        assert len(self.exit_ids) == len(made), f"I14: {len(self.exit_ids)} exits, and should be {len(made)}"
        for order_id, order in zip(self.exit_ids[len(self.known_exits) :], made[len(self.known_exits) :], strict=True):
            self.placed[order_id] = self.known_exits[order_id] = order
        super().compare()
