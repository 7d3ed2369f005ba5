"""The form that changes an open order, read as strictly as the ticket, and what became of it in words."""

import re
from decimal import Decimal

from django import forms

from apps.commands.answers import AmendAnswer, AnyAnswer, ConflictAnswer, RefusedAnswer
from apps.commands.reasons import Reason, sentence_of
from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.enums import OrderStatus, OrderType
from apps.core.numbers import NumberFormatError, parse_positive, plain, shown
from apps.orders.selectors import OrderView
from apps.orders.services import Amendment
from apps.orders.tickets import PlainField


class AmendForm(forms.Form):
    """Every number of the order that may be changed, as it is to be. ``amendment`` is there once :meth:`is_valid` was true.

    Each goes with what it was when the form was shown, and is asked for only when somebody changed it: what a fill has made of a
    linked order's quantity since is not undone by whoever changes its price.
    """

    command_id = PlainField(widget=forms.HiddenInput)
    quantity = PlainField(show_hidden_initial=True)
    price = PlainField(label="Limit price", show_hidden_initial=True)
    trigger_price = PlainField(label="Trigger price", show_hidden_initial=True)

    def __init__(self, order: OrderView, data: object = None, command_id: str = "") -> None:
        trails = order.order_type is OrderType.TRAILING_STOP
        present = {
            "quantity": order.quantity,
            "price": order.price,
            # A trailing stop's follows the market.
            "trigger_price": order.trigger_price if order.is_waiting and not trails else None,
        }
        shown_now = {name: plain(number) for name, number in present.items() if number is not None}
        super().__init__(data, initial={"command_id": command_id, **shown_now})  # type: ignore[arg-type]
        self.order = order
        for name in present:
            if name not in shown_now:
                del self.fields[name]
                continue
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "maxlength": "21", "required": True}
            self.fields[name].help_text = self._help(name)

    def _help(self, name: str) -> str:
        instrument = self.order.instrument
        if name != "quantity":
            return f"{instrument.quote.code} in steps of {plain(instrument.tick_size)}."
        words = [
            f"{instrument.base.code} in steps of {plain(instrument.lot_size)}, what is filled already included.",
            "A smaller quantity alone keeps the order's place in the queue.",
        ]
        if self.order.terms is not None and self.order.terms.link_id:
            words.append("The order that it is linked to changes by as much.")
        return " ".join(words)

    def clean_command_id(self) -> str:
        value: str = self.cleaned_data["command_id"]
        if not re.fullmatch(COMMAND_ID_PATTERN, value, re.ASCII):
            raise forms.ValidationError(f"command id must be 1 to 48 letters, digits, - or _, was {shown(value)}")
        return value

    def clean_quantity(self) -> Decimal:
        return self._number("quantity")

    def clean_price(self) -> Decimal:
        return self._number("price")

    def clean_trigger_price(self) -> Decimal:
        return self._number("trigger_price")

    def _number(self, field: str) -> Decimal:
        try:
            number = parse_positive(self.cleaned_data[field], field)
            grid = self.order.instrument.grid
            _ = grid.lots(number, field) if field == "quantity" else grid.ticks(number, field)
        except NumberFormatError as error:
            raise forms.ValidationError(str(error), code=Reason.INVALID_NUMBER) from error
        return number

    @property
    def amendment(self) -> Amendment:
        data, changed = self.cleaned_data, self.changed_data
        wanted = {name: data[name] for name in ("quantity", "price", "trigger_price") if name in changed}
        return Amendment(self.order.id, data["command_id"], **wanted)


def why_not(answer: AnyAnswer) -> tuple[str, str]:
    """(reason, sentence) of an amendment that was not done; both empty when it was."""
    if isinstance(answer, AmendAnswer):
        if answer.reason == Reason.ORDER_NOT_OPEN:
            return answer.reason, f"{sentence_of(answer.reason)} It was {answer.status.replace('_', ' ').lower()}."
        return answer.reason, sentence_of(answer.reason)
    if isinstance(answer, ConflictAnswer):
        return answer.reason, "This form was sent before with other values. Look at the order, then send it again."
    if isinstance(answer, RefusedAnswer):
        return answer.reason, answer.message or sentence_of(answer.reason)
    return Reason.UNAVAILABLE.value, sentence_of(Reason.UNAVAILABLE)


def told(answer: AmendAnswer) -> str:
    """What became of an amendment that was done, in plain sentences."""
    words = ["The order was amended."]
    if answer.fills:
        words.append(f"It traded at once: {answer.filled_quantity} of {answer.quantity} are filled.")
    if answer.status is OrderStatus.CANCELED:
        words.append("It was canceled at once; its history says why.")
    elif answer.status is not OrderStatus.FILLED:
        place = "It kept its place in the queue." if answer.kept_priority else "It took a new place at the end of the queue."
        words.append(place)
    return " ".join(words)
