"""Order events become positions."""

from collections.abc import Sequence
from decimal import Decimal

from apps.core.clock import instant
from apps.eventlog.handler import Handler, Record
from apps.eventlog.schemas.accounts import OrderEvent, OrderFilled
from apps.orders import event_positions
from apps.portfolio.services import FillFact, count_fills


class PortfolioHandler(Handler):
    """Counts every fill once. Money: a message that cannot be read stops its partition until a person has looked.

    It also keeps where each order event stands in the log, because it is the consumer that reads all of them.
    """

    name = "portfolio"
    topics = ("orders.events",)
    positions = "database"
    poison = "stop"

    def handle(self, records: Sequence[Record]) -> None:
        """Runs inside the runner's transaction: positions, progress and places in the log are kept or lost together."""
        fills: list[FillFact] = []
        progress: dict[int, int] = {}
        for record in records:
            event: OrderEvent = record.message
            progress[event.account_id] = max(event.account_sequence, progress.get(event.account_id, 0))
            if isinstance(event, OrderFilled):
                fills.append(_fact(event))
        count_fills(fills, progress)
        event_positions.record((record.message.sequence, record.partition, record.offset) for record in records)


def _fact(event: OrderFilled) -> FillFact:
    return FillFact(
        account_id=event.account_id,
        instrument_id=event.instrument_id,
        trade_id=event.trade_id,
        order_id=event.order_id,
        side=event.side,
        price=Decimal(event.price),
        quantity=Decimal(event.quantity),
        fee=Decimal(event.fee),
        at=instant(event.at_ns),
    )
