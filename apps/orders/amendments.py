"""The form that changes an open order, read as strictly as the ticket, and what became of it in words."""

import re
from decimal import Decimal

from django import forms

from apps.commands.answers import AmendAnswer, AnyAnswer, ConflictAnswer, RefusedAnswer
from apps.commands.reasons import Reason
from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.enums import OrderStatus, OrderType
from apps.core.numbers import NumberFormatError, parse_positive, plain, shown
from apps.orders.results import sentence_of
from apps.orders.selectors import OrderView
from apps.orders.services import Amendment
from apps.orders.tickets import PlainField


class AmendForm(forms.Form):
    """Every number of the order that may be changed, as it is to be. ``amendment`` is there once :meth:`is_valid` was true."""

    command_id = PlainField(widget=forms.HiddenInput)
    quantity = PlainField()
    price = PlainField(label="Limit price")
    trigger_price = PlainField(label="Trigger price")

    def __init__(self, order: OrderView, data: object = None, command_id: str = "") -> None:
        trails = order.order_type is OrderType.TRAILING_STOP
        present = {
            # A linked order shares its quantity with others, and a trailing stop's trigger follows the market.
            "quantity": None if order.terms is not None and order.terms.link_id else order.quantity,
            "price": order.price,
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
        return (
            f"{instrument.base.code} in steps of {plain(instrument.lot_size)}, what is filled already included. "
            "A smaller quantity alone keeps the order's place in the queue."
        )

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
        data = self.cleaned_data
        wanted = (data.get("quantity"), data.get("price"), data.get("trigger_price"))
        return Amendment(self.order.id, data["command_id"], *wanted)


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
        words.append("It met another order of the same account, and was canceled.")
    elif answer.status is not OrderStatus.FILLED:
        place = "It kept its place in the queue." if answer.kept_priority else "It took a new place at the end of the queue."
        words.append(place)
    return " ".join(words)
