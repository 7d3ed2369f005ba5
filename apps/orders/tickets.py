"""The order ticket, read strictly: every message names the field and the value that was sent."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from apps.commands.reasons import Reason
from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.enums import OrderType, Side, TimeInForce
from apps.core.numbers import NumberFormatError, parse_positive, shown
from apps.instruments.selectors import InstrumentNotFoundError, InstrumentView, get_instrument
from apps.instruments.symbols import is_symbol
from apps.orders.services import Ticket

#: Longer than any number that the parser takes, shorter than anything that costs time.
TEXT_LENGTH_MAX = 64

SIDE_LABELS = [(Side.BUY.value, "Buy"), (Side.SELL.value, "Sell")]
ORDER_TYPE_LABELS = [(OrderType.MARKET.value, "Market"), (OrderType.LIMIT.value, "Limit")]
TIME_IN_FORCE_LABELS = [
    (TimeInForce.GTC.value, "Until canceled (GTC)"),
    (TimeInForce.IOC.value, "At once, cancel the rest (IOC)"),
    (TimeInForce.FOK.value, "All at once or not at all (FOK)"),
]


class CodeField(forms.ChoiceField):
    """One of a few codes; a wrong one is named."""

    def __init__(self, field: str, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        self.field = field
        super().__init__(choices=choices, **kwargs)

    def validate(self, value: Any) -> None:
        if value not in {code for code, _ in self.choices}:  # type: ignore[misc, union-attr]
            codes = ", ".join(code for code, _ in self.choices)  # type: ignore[misc, union-attr]
            raise forms.ValidationError(f"{self.field} must be one of {codes}, was {shown(value)}")


class PlainField(forms.CharField):
    """Text as it was sent: not stripped, for a number with a space in it is not a number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, required=False, **kwargs)
        self.validators = []  # the strict parsers name the field and the value; Django's own message would not

    def to_python(self, value: Any) -> str:
        return value if isinstance(value, str) else ""


class TicketForm(forms.Form):
    """What the ticket sends. ``ticket`` is there once :meth:`is_valid` was true."""

    symbol = PlainField(widget=forms.HiddenInput)
    client_order_id = PlainField(widget=forms.HiddenInput)
    side = CodeField("side", SIDE_LABELS, required=False)
    order_type = CodeField("order type", ORDER_TYPE_LABELS, required=False, initial=OrderType.LIMIT.value)
    quantity = PlainField()
    price = PlainField()
    time_in_force = CodeField("time in force", TIME_IN_FORCE_LABELS, required=False, initial=TimeInForce.GTC.value)

    instrument: InstrumentView | None = None

    def clean_symbol(self) -> str:
        symbol: str = self.cleaned_data["symbol"]
        try:
            if not is_symbol(symbol):
                raise InstrumentNotFoundError(symbol)
            self.instrument = get_instrument(symbol)
        except InstrumentNotFoundError as error:
            raise forms.ValidationError(
                f"symbol must be one of the instruments, was {shown(symbol)}", code=Reason.UNKNOWN_SYMBOL
            ) from error
        return symbol

    def clean_client_order_id(self) -> str:
        value: str = self.cleaned_data["client_order_id"]
        if not re.fullmatch(COMMAND_ID_PATTERN, value, re.ASCII):
            raise forms.ValidationError(f"client order id must be 1 to 48 letters, digits, - or _, was {shown(value)}")
        return value

    def clean_quantity(self) -> Decimal:
        return self._number("quantity")

    def clean_price(self) -> Decimal | None:
        # A market order has no price; what was typed before the type was changed is not an error.
        if self.data.get("order_type") == OrderType.MARKET.value:
            return None
        return self._number("price")

    def _number(self, field: str) -> Decimal:
        """The field's number on the instrument's grid. The engine checks it again; here the answer is quick."""
        try:
            number = parse_positive(self.cleaned_data[field], field)
            if self.instrument is not None:
                grid = self.instrument.grid
                _ = grid.ticks(number, field) if field == "price" else grid.lots(number, field)
        except NumberFormatError as error:
            raise forms.ValidationError(str(error), code=Reason.INVALID_NUMBER) from error
        return number

    @property
    def ticket(self) -> Ticket:
        data = self.cleaned_data
        return Ticket(
            client_order_id=data["client_order_id"],
            symbol=data["symbol"],
            side=Side(data["side"]),
            order_type=OrderType(data["order_type"]),
            quantity=data["quantity"],
            price=data["price"],
            time_in_force=TimeInForce(data["time_in_force"]),
        )


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one field: a sentence for a person, and a stable code for a program."""

    field: str
    text: str
    code: str


def complaints_of(form: TicketForm) -> list[Complaint]:
    """Every complaint about ``form``, in the order of its fields; a complaint without a reason of its own is INVALID_FIELD."""
    known = Reason.__members__
    return [
        Complaint(name, error.messages[0], str(error.code) if error.code in known else Reason.INVALID_FIELD.value)
        for name, errors in form.errors.as_data().items()
        for error in errors
    ]
