"""Orders that cancel each other, while they live: what fills one takes the same lots off the others, and they share one hold.

At most one open order of a link rests in the book; the others wait for their triggers. So nothing here touches a book while an
order is being matched with it.
"""

from apps.commands.reasons import Reason
from apps.core.enums import OrderStatus
from apps.engine.matching.ending import end_each, end_open
from apps.engine.matching.memory import Cause, Memory
from apps.engine.matching.placing import shrink
from apps.engine.matching.state import Order, Terms

FILLED = OrderStatus.FILLED


def after_fill(memory: Memory, order: Order, terms: Terms, lots: int, cause: Cause) -> None:
    """What a fill of ``lots`` of an order with terms means for others: its siblings shrink or end, its exits are to be made."""
    if terms.target is not None or terms.stop is not None:
        memory.follow_ups[order.order_id] = memory.follow_ups.get(order.order_id, 0) + lots
        memory.bought[order.order_id] = memory.bought.get(order.order_id, 0) + lots
    if not terms.link_id:
        return
    if terms.parent_id:
        memory.bought[terms.parent_id] -= lots
    siblings = memory.siblings(order)
    if order.status is FILLED:
        memory.leave_link(order, terms)
        end_each(memory, siblings, Reason.LINKED_ORDER_FILLED, cause)
        return
    for sibling in siblings:
        if sibling.leaves_lots <= lots:
            end_open(memory, sibling, Reason.LINKED_ORDER_FILLED, cause, alone=True)
        else:
            shrink(memory, sibling, lots, Reason.LINKED_ORDER_FILLED.value, cause, rests=False)
