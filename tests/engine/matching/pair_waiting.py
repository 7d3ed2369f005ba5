"""The pair with orders that wait for a trigger; see ``oracle_waiting``."""

from typing import Any

from apps.commands.answers import PairAnswer
from apps.commands.types import Leg, SubmitPair
from apps.core.enums import OrderType, Side, TimeInForce
from tests.engine.matching.kit import SECOND, actor
from tests.engine.matching.oracle_waiting import Waiting
from tests.engine.matching.pair import AT_ONCE, lots_text, price_text, step
from tests.engine.matching.pair_rules import WidePair

#: What a leg is given in: the command's field, and how its number is written.
FIELDS = {"price": "price", "trigger": "trigger_price", "trail": "trail_amount"}


def texts(leg: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {FIELDS[name]: price_text(leg[name]) for name in FIELDS if leg.get(name)}
    if leg.get("bps"):
        found["trail_bps"] = leg["bps"]
    return found | {"order_type": OrderType(leg["type"])}


class WaitingPair(WidePair):
    oracle: Waiting
    oracle_class = Waiting

    def __init__(self) -> None:
        super().__init__()
        self.oracle.at_once = AT_ONCE

    def _until(self, tif: str, seconds: int) -> int | None:
        return self.market.now_ns + seconds * SECOND if tif == "GTD" else None

    def _known(self, until: int | None) -> dict[str, Any]:
        return {"until": None if until is None else until - until % 1000, "created": self.market.now_ns}

    @step
    def submit_waiting(
        self, account: int, symbol: str, side: str, lots: int, leg: dict[str, Any], tif: str = "GTC", seconds: int = 0
    ) -> int:
        until, asked = self._until(tif, seconds), texts(leg)
        price = asked.pop("price", None)
        answer = self.place(account, side, lots_text(lots), price, tif, symbol=symbol, expires_at_ns=until, **asked)
        now = self.market.now_ns
        expected = self.oracle.submit_waiting(account, symbol, side, lots, tif, leg, now, **self._known(until))
        return self.decided(answer, expected)

    @step
    def submit_pair(
        self, account: int, symbol: str, side: str, lots: int, legs: list[dict[str, Any]], tif: str = "GTC", seconds: int = 0
    ) -> list[int]:
        until = self._until(tif, seconds)
        first, second = (Leg(**texts(leg)) for leg in legs)
        command = SubmitPair(
            command_id=self.market.next_id(), actor=actor(account), account_id=account, symbol=symbol, side=Side(side),
            quantity=lots_text(lots), first=first, second=second, time_in_force=TimeInForce(tif), expires_at_ns=until,
        )  # fmt: skip
        answer = self.market.apply(command)
        assert isinstance(answer, PairAnswer), f"answer: pair: {answer}"
        pair = self.oracle.submit_pair(account, symbol, side, lots, tif, legs, self.market.now_ns, **self._known(until))
        for one, expected in zip(answer.orders, pair, strict=True):
            self.placed[one.order_id] = expected
            self.check_answer(one, expected)
        self.compare()
        return [one.order_id for one in answer.orders]
