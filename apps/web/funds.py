"""What a ticket for one instrument can spend and sell."""

from dataclasses import dataclass
from decimal import Decimal

from apps.instruments.selectors import InstrumentView
from apps.ledger.selectors import available_of


@dataclass(frozen=True, slots=True)
class Funds:
    """What is available, holds taken off: of the quote currency to buy with, of the base to sell."""

    quote: Decimal
    base: Decimal


def get_funds(account_id: int, instrument: InstrumentView) -> Funds:
    available = available_of(account_id, (instrument.quote.id, instrument.base.id))
    return Funds(
        quote=available.get(instrument.quote.id, Decimal(0)),
        base=available.get(instrument.base.id, Decimal(0)),
    )
