"""What became of an order, as the ticket tells it. Pure: from the engine's answer, or from what is stored, the same sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from apps.commands.answers import OrderAnswer
from apps.commands.reasons import Reason, sentence_of
from apps.core.enums import LiquiditySide, OrderStatus, Side
from apps.instruments.selectors import InstrumentView
from apps.orders.selectors import FillView, OrderView
from apps.orders.status import OPEN

FILLS_SHOWN_MAX = 8


class Tone(StrEnum):
    GOOD = "good"
    NEUTRAL = "neutral"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class FillLine:
    price: Decimal
    quantity: Decimal
    fee: Decimal
    liquidity_side: LiquiditySide


@dataclass(frozen=True, slots=True)
class OrderResult:
    """Numbers are in the instrument's own units; ``fee`` and the prices in its quote currency."""

    order_id: int
    client_order_id: str
    instrument: InstrumentView
    side: Side
    quantity: Decimal
    price: Decimal | None
    status: OrderStatus
    reason: str
    filled_quantity: Decimal
    average_price: Decimal | None
    fee: Decimal
    fills: tuple[FillLine, ...]
    trigger_price: Decimal | None = None  # where it stands, of an order that is stored

    @property
    def waits(self) -> bool:
        return self.status is OrderStatus.WAITING

    @property
    def tone(self) -> Tone:
        if self.filled_quantity:
            return Tone.GOOD
        wanted = self.status in OPEN or self.reason == Reason.CANCELED_BY_CUSTOMER
        return Tone.NEUTRAL if wanted else Tone.BAD

    @property
    def heading(self) -> str:
        done = "Bought" if self.side is Side.BUY else "Sold"
        if self.status is OrderStatus.FILLED:
            return done
        if self.filled_quantity:
            return f"{done} a part"
        headings = {
            OrderStatus.WAITING: "Order is waiting",
            OrderStatus.ACCEPTED: "Order is open",
            OrderStatus.CANCELED: "Order was canceled",
            OrderStatus.EXPIRED: "Order has expired",
        }
        return headings.get(self.status, "Order was not accepted")

    @property
    def sentence(self) -> str:
        """Why, in one plain sentence; empty when there is nothing to explain."""
        return sentence_of(self.reason)

    @property
    def rests(self) -> bool:
        return self.status in OPEN

    @property
    def shown_fills(self) -> tuple[FillLine, ...]:
        return self.fills[:FILLS_SHOWN_MAX]

    @property
    def more_fills(self) -> int:
        return max(0, len(self.fills) - FILLS_SHOWN_MAX)


def result_of_answer(answer: OrderAnswer, instrument: InstrumentView) -> OrderResult:
    return OrderResult(
        order_id=answer.order_id,
        client_order_id=answer.command_id,
        instrument=instrument,
        side=answer.side,
        quantity=Decimal(answer.quantity),
        price=None if answer.price is None else Decimal(answer.price),
        status=answer.status,
        reason=answer.reason,
        filled_quantity=Decimal(answer.filled_quantity),
        average_price=None if answer.average_price is None else Decimal(answer.average_price),
        fee=Decimal(answer.fee),
        fills=tuple(
            FillLine(Decimal(fill.price), Decimal(fill.quantity), Decimal(fill.fee), fill.liquidity_side) for fill in answer.fills
        ),
    )


def result_of_order(order: OrderView, fills: Sequence[FillView]) -> OrderResult:
    return OrderResult(
        order_id=order.id,
        client_order_id=order.client_order_id,
        instrument=order.instrument,
        side=order.side,
        quantity=order.quantity,
        price=order.price,
        status=order.status,
        reason=order.reason,
        filled_quantity=order.filled_quantity,
        average_price=order.average_price,
        fee=order.fee,
        fills=tuple(FillLine(fill.price, fill.quantity, fill.fee, fill.liquidity_side) for fill in fills),
        trigger_price=order.trigger_price,
    )
