"""Everything that happened to one order, read and put together: what the customer's page and the staff's console both show."""

from dataclasses import dataclass

from apps.ledger import selectors as ledger
from apps.orders import selectors, timeline
from apps.orders.display import Stage, stages
from apps.orders.results import sentence_of
from apps.orders.selectors import OrderView

STEPS_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Story:
    """A page of an order's steps. ``next_after`` is the sequence after which the next page starts; None on the last page."""

    order: OrderView
    stages: tuple[Stage, ...]
    reason_sentence: str
    steps: tuple[timeline.Step, ...]
    next_after: int | None
    related: tuple[OrderView, ...]


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
    )
    return Story(
        order=order,
        stages=stages(
            order.status,
            has_fills=bool(order.filled_quantity),
            was_set_off=not order.waits_first or selectors.was_set_off(order),
            waits=order.waits_first,
        ),
        reason_sentence=sentence_of(order.reason),
        steps=steps,
        next_after=shown[-1].sequence if len(events) > STEPS_PER_PAGE else None,
        related=selectors.list_related(order),
    )
