"""What became of a change that is no single order: a level, plain sentences, and the page that shows it."""

from dataclasses import dataclass

from django.contrib import messages
from django.urls import reverse

from apps.commands.answers import AmendAnswer, AnyAnswer, CancelAllAnswer, CancelAnswer, OrderAnswer, PairAnswer
from apps.commands.reasons import Reason, sentence_of
from apps.core.enums import OrderStatus
from apps.instruments.selectors import get_instrument
from apps.orders.amendments import told, why_not
from apps.orders.results import Tone, result_of_answer


@dataclass(frozen=True, slots=True)
class Ending:
    """``level`` is one of Django's messages, ``address`` where the reader sees the rest."""

    level: int
    text: str
    address: str
    is_to_do_again: bool = False  # nothing was done, and the form may be sent anew


def ending_of(answer: AnyAnswer) -> Ending:
    if isinstance(answer, PairAnswer):
        return _of_order(answer.orders[0])
    if isinstance(answer, OrderAnswer):
        return _of_order(answer)
    if isinstance(answer, CancelAllAnswer):
        return Ending(messages.SUCCESS, _canceled(len(answer.order_ids)), f"{reverse('orders:history')}?status=open")
    if isinstance(answer, CancelAnswer):
        return _of_cancel(answer)
    if isinstance(answer, AmendAnswer):
        reason, sentence = why_not(answer)
        address = reverse("orders:order", args=[answer.order_id])
        return Ending(messages.ERROR, sentence, address) if reason else Ending(messages.SUCCESS, told(answer), address)
    reason = getattr(answer, "reason", "")
    level = messages.ERROR if reason else messages.SUCCESS
    text = getattr(answer, "message", "") or sentence_of(reason) or "It was done."
    return Ending(level, text, reverse("orders:history"), is_to_do_again=reason == Reason.NEVER_RECEIVED)


def _of_cancel(answer: CancelAnswer) -> Ending:
    address = reverse("orders:order", args=[answer.order_id])
    if answer.reason and answer.status is not OrderStatus.CANCELED:
        text = f"{sentence_of(answer.reason)} It was {answer.status.replace('_', ' ').lower()}."
        return Ending(messages.WARNING, text, address)
    filled = "" if answer.filled_quantity in ("", "0") else f" {answer.filled_quantity} had been filled before."
    return Ending(messages.SUCCESS, f"The order was canceled.{filled}", address)


def _of_order(answer: OrderAnswer) -> Ending:
    result = result_of_answer(answer, get_instrument(answer.symbol))
    level = messages.ERROR if result.tone is Tone.BAD else messages.SUCCESS
    text = " ".join(filter(None, [f"{result.heading}.", result.sentence]))
    return Ending(level, text, reverse("orders:order", args=[answer.order_id]))


def _canceled(count: int) -> str:
    if not count:
        return "There was no open order to cancel."
    return "One order was canceled." if count == 1 else f"{count} orders were canceled."
