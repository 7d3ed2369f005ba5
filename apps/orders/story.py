"""Everything that happened to one order, read and put together: what the customer's page and the staff's console both show."""

from dataclasses import dataclass

from apps.commands.reasons import sentence_of
from apps.ledger import selectors as ledger
from apps.orders import selectors, timeline
from apps.orders.display import NOT_RECEIVED_SENTENCE, Stage, stages
from apps.orders.receipts import Receipt, receipt_of
from apps.orders.selectors import OrderView
from apps.receipts.selectors import find_receipt

STEPS_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Story:
    """A page of an order's steps. ``next_after`` is the sequence after which the next page starts; None on the last page.

    ``receipt`` is on the first page only.
    """

    order: OrderView
    stages: tuple[Stage, ...]
    reason_sentence: str
    steps: tuple[timeline.Step, ...]
    next_after: int | None
    related: tuple[OrderView, ...]
    receipt: Receipt | None


def tell_story(order: OrderView, after: int = 0) -> Story:
    """The steps of ``order`` with a sequence above ``after``, oldest first, in a fixed number of queries."""
    events = selectors.list_events(order.id, after=after, limit=STEPS_PER_PAGE + 1)
    shown = events[:STEPS_PER_PAGE]
    trade_ids = timeline.trade_ids_of(shown)
    steps = timeline.steps(
        shown,
        selectors.list_fills(order.id, trade_ids=trade_ids),
        ledger.list_postings_of_trades(order.account_id, trade_ids),
        selectors.list_log_positions([event.sequence for event in shown]),
        before=selectors.list_terms_events(order.id, up_to=after) if after else (),
    )
    return Story(
        order=order,
        stages=stages(
            order.status,
            has_fills=bool(order.filled_quantity),
            was_set_off=not order.waits_first or selectors.was_set_off(order),
            waits=order.waits_first,
            closed_an_id=order.closed_an_id,
        ),
        reason_sentence=NOT_RECEIVED_SENTENCE if order.closed_an_id else sentence_of(order.reason),
        steps=steps,
        next_after=shown[-1].sequence if len(events) > STEPS_PER_PAGE else None,
        related=selectors.list_related(order),
        receipt=None if after else receipt_of(order.created_at, find_receipt(order.account_id, order.id)),
    )
