"""The newest price as the server has it, and the quote that a page showed and its ticket carries."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from apps.instruments.models import Instrument
from apps.marketdata.models import LatestPrice
from apps.orders.seen import Seen

EPOCH = 1


def set_price(
    symbol: str, bid: str, ask: str, *, sequence: int = 1, age: timedelta = timedelta(0), epoch: int = EPOCH
) -> LatestPrice:
    """Store ``bid`` and ``ask`` as what the server knows of the symbol, ``age`` old."""
    numbers = {"bid": Decimal(bid), "ask": Decimal(ask), "bid_quantity": Decimal(1), "ask_quantity": Decimal(1)}
    facts = {"source": "test", "epoch": epoch, "sequence": sequence, "quoted_at": timezone.now() - age}
    instrument_id = Instrument.objects.get(symbol=symbol).pk
    return LatestPrice.objects.update_or_create(instrument_id=instrument_id, defaults=numbers | facts)[0]


def seen(
    bid: str, ask: str, *, sequence: int = 1, age: timedelta = timedelta(0), epoch: int = EPOCH, now: datetime | None = None
) -> str:
    """What the ticket of a page carries that shows ``bid`` and ``ask``, ``age`` old."""
    return Seen(epoch, sequence, (now or timezone.now()) - age, Decimal(bid), Decimal(ask)).text
