"""What an order would do, as the ticket tells it. Pure: from the engine's answer."""

from dataclasses import dataclass
from decimal import Decimal

from apps.commands.answers import PreviewAnswer
from apps.commands.cautions import sentence_of as caution_sentence
from apps.commands.reasons import sentence_of
from apps.core.enums import OrderStatus, Side
from apps.instruments.selectors import AssetView, InstrumentView
from apps.orders.results import Tone
from apps.orders.services import Ticket

_HEADINGS = {
    OrderStatus.FILLED: "Would be filled at once",
    OrderStatus.PARTIALLY_FILLED: "Would be filled in part; the rest would stay open",
    OrderStatus.ACCEPTED: "Would rest in the book",
    OrderStatus.WAITING: "Would wait for its trigger",
    OrderStatus.CANCELED: "Would end unfilled",
}


@dataclass(frozen=True, slots=True)
class PreviewResult:
    """Prices, value and fee in the quote currency; ``held`` and ``available_after`` in what pays for the order."""

    instrument: InstrumentView
    side: Side
    status: OrderStatus
    reason: str
    filled_quantity: Decimal
    average_price: Decimal | None
    worst_price: Decimal | None
    notional: Decimal
    fee: Decimal
    held: Decimal
    available_after: Decimal
    cautions: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        return self.status in _HEADINGS

    @property
    def heading(self) -> str:
        if self.status is OrderStatus.CANCELED and self.filled_quantity:
            return "Would be filled in part; the rest would be canceled"
        return _HEADINGS.get(self.status, "Would not be accepted")

    @property
    def tone(self) -> Tone:
        ends_unfilled = self.status is OrderStatus.CANCELED and not self.filled_quantity
        return Tone.NEUTRAL if self.accepted and not ends_unfilled else Tone.BAD

    @property
    def sentence(self) -> str:
        return sentence_of(self.reason)

    @property
    def paid_with(self) -> AssetView:
        return self.instrument.quote if self.side is Side.BUY else self.instrument.base


def preview_of_answer(answer: PreviewAnswer, ticket: Ticket, instrument: InstrumentView) -> PreviewResult:
    return PreviewResult(
        instrument=instrument,
        side=ticket.side,
        status=answer.status,
        reason=answer.reason,
        filled_quantity=Decimal(answer.filled_quantity),
        average_price=None if answer.average_price is None else Decimal(answer.average_price),
        worst_price=None if answer.worst_price is None else Decimal(answer.worst_price),
        notional=Decimal(answer.notional),
        fee=Decimal(answer.fee),
        held=Decimal(answer.held),
        available_after=Decimal(answer.available_after),
        cautions=tuple(map(caution_sentence, answer.warnings)),
    )
