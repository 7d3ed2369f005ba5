"""The pair with everything that there is: also what is changed in place; see ``oracle_amending``."""

from apps.commands.answers import AmendAnswer, RefusedAnswer
from tests.engine.matching.oracle_amending import Amending
from tests.engine.matching.pair import MARKET, lots_text, price_text, step, units_of
from tests.engine.matching.pair_brackets import BracketPair


class WholePair(BracketPair):
    oracle: Amending
    oracle_class = Amending

    @step
    def amend(self, order_id: int, lots: int | None, ticks: int | None, trigger: int | None = None) -> None:
        expected = self.placed[order_id]
        wanted = {
            "quantity": lots and lots_text(lots), "price": ticks and price_text(ticks),
            "trigger_price": trigger and price_text(trigger),
        }  # fmt: skip
        answer = self.market.amend(expected["account"], order_id, **{name: text for name, text in wanted.items() if text})
        if not expected["open"]:
            assert answer.reason in ("UNKNOWN_ORDER", "ORDER_NOT_OPEN"), "answer: amend"  # type: ignore[union-attr]
            self.compare()
            return
        before = expected["lots"] - expected["left"]
        done = self.oracle.amend(expected, lots, ticks, trigger, self.market.now_ns)
        if done is None:
            assert isinstance(answer, RefusedAnswer) and answer.reason == "INVALID_FIELD", f"answer: amend: {answer}"
            self.compare()
            return
        assert isinstance(answer, AmendAnswer), f"answer: amend: {answer}"
        assert (answer.reason, answer.kept_priority) == done, f"answer: amend: {answer.reason}, and should be {done}"
        said = expected if done[1] else expected | expected["said"]
        assert (answer.status, units_of(answer.quantity)) == (said["status"], said["lots"] * MARKET["lot"]), "answer: amend"
        traded = sum(units_of(fill.quantity) for fill in answer.fills)
        assert traded == (said["lots"] - said["left"] - before) * MARKET["lot"], "answer: amend"
        self.compare()
