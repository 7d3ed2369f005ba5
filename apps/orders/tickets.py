"""The order ticket, read strictly: every message names the field and the value that was sent."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms

from apps.commands.reasons import Reason
from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.enums import OrderType, Side, TimeInForce
from apps.core.numbers import NumberFormatError, parse_positive, shown
from apps.instruments.selectors import InstrumentNotFoundError, InstrumentView, get_instrument
from apps.instruments.symbols import is_symbol
from apps.orders.display import TYPE_LABELS
from apps.orders.services import Exit, Ticket

#: Longer than any number that the parser takes, shorter than anything that costs time.
TEXT_LENGTH_MAX = 64

TRAIL_UNITS = [("PERCENT", "%"), ("AMOUNT", "amount")]

SIDE_LABELS = [(Side.BUY.value, "Buy"), (Side.SELL.value, "Sell")]
#: Not a type of an order: a limit and a stop that cancel each other.
PAIR = "PAIR"
#: Which types have which number of their own.
PRICED = frozenset({OrderType.LIMIT.value, OrderType.STOP_LIMIT.value, PAIR})
TRIGGERED = frozenset({OrderType.STOP.value, OrderType.STOP_LIMIT.value, OrderType.TAKE_PROFIT.value, PAIR})
TRAILING = frozenset({OrderType.TRAILING_STOP.value})
#: What a bracket's exits and a pair's stop may be, each with what it does in a few words.
TARGET_LABELS = [(OrderType.LIMIT.value, "As a limit"), (OrderType.TAKE_PROFIT.value, "At market")]
STOP_LABELS = [
    (OrderType.STOP.value, "At market"),
    (OrderType.STOP_LIMIT.value, "With a limit"),
    (OrderType.TRAILING_STOP.value, "Trailing"),
]
ORDER_TYPE_LABELS = [*((code.value, label) for code, label in TYPE_LABELS.items()), (PAIR, "Limit + stop")]
TIME_IN_FORCE_LABELS = [
    (TimeInForce.GTC.value, "Until canceled (GTC)"),
    (TimeInForce.DAY.value, "Until the session ends (DAY)"),
    (TimeInForce.GTD.value, "Until a time of your choice (GTD)"),
    (TimeInForce.IOC.value, "At once, cancel the rest (IOC)"),
    (TimeInForce.FOK.value, "All at once or not at all (FOK)"),
]


class CodeField(forms.ChoiceField):
    """One of a few codes; a wrong one is named, and ``empty_value`` stands for none where there is one."""

    def __init__(self, field: str, choices: list[tuple[str, str]], *, empty_value: str = "", **kwargs: Any) -> None:
        self.field = field
        self.empty_value = empty_value
        super().__init__(choices=choices, **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(value) or self.empty_value

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


class _Shared(dict[str, forms.Field]):
    """Fields that belong to every form of a class, because none changes them: copies of fifteen take longer than to read them."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Shared":
        return self


class TicketForm(forms.Form):
    """What the ticket sends. ``ticket`` is there once :meth:`is_valid` was true."""

    symbol = PlainField(widget=forms.HiddenInput)
    client_order_id = PlainField(widget=forms.HiddenInput)
    side = CodeField("side", SIDE_LABELS, required=False)
    order_type = CodeField("order type", ORDER_TYPE_LABELS, required=False, initial=OrderType.LIMIT.value)
    quantity = PlainField()
    price = PlainField()
    time_in_force = CodeField("time in force", TIME_IN_FORCE_LABELS, required=False, initial=TimeInForce.GTC.value)
    trigger_price = PlainField()
    trail_unit = forms.ChoiceField(choices=TRAIL_UNITS, required=False, initial="PERCENT")
    trail = PlainField()
    expires_at = forms.DateTimeField(required=False, error_messages={"invalid": "good until must be a day and a time"})
    post_only = forms.BooleanField(required=False)
    reduce_only = forms.BooleanField(required=False)
    target_type = CodeField("target", TARGET_LABELS, required=False, initial=OrderType.LIMIT.value, empty_value="LIMIT")
    target_price = PlainField()
    stop_type = CodeField("stop", STOP_LABELS, required=False, initial=OrderType.STOP.value, empty_value="STOP")
    stop_price = PlainField()
    stop_limit_price = PlainField()
    stop_trail = PlainField()
    stop_trail_unit = forms.ChoiceField(choices=TRAIL_UNITS, required=False, initial="PERCENT")
    pair_stop = CodeField("stop", STOP_LABELS, required=False, initial=OrderType.STOP.value, empty_value="STOP")
    pair_limit_price = PlainField()
    seen = PlainField(widget=forms.HiddenInput)  # the quote that the page showed
    confirms = PlainField(widget=forms.HiddenInput)  # the one that a question showed, sent by its button

    instrument: InstrumentView | None = None
    order_type_choices = ORDER_TYPE_LABELS

    @property
    def has_more(self) -> bool:
        """Whether something was given that is folded away at first."""
        names = ("post_only", "reduce_only", "target_price", "stop_price", "stop_limit_price", "stop_trail")
        return any(self[name].value() for name in names)

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

    # A type takes its own numbers; what was typed before the type was changed is not an error.

    def clean_price(self) -> Decimal | None:
        return self._number("price") if self._is_of(PRICED) else None

    def clean_trigger_price(self) -> Decimal | None:
        if self._is_of(frozenset({PAIR})) and self.data.get("pair_stop") in TRAILING:
            return None
        return self._number("trigger_price") if self._is_of(TRIGGERED) else None

    def clean_trail(self) -> Decimal | None:
        trails = self._is_of(TRAILING) or (self._is_of(frozenset({PAIR})) and self.data.get("pair_stop") in TRAILING)
        return self._distance("trail", "trail_unit") if trails else None

    def clean_pair_limit_price(self) -> Decimal | None:
        has_one = self._is_of(frozenset({PAIR})) and self.data.get("pair_stop") == OrderType.STOP_LIMIT.value
        return self._number("pair_limit_price") if has_one else None

    def clean_expires_at(self) -> datetime | None:
        if self.data.get("time_in_force") != TimeInForce.GTD.value:
            return None
        expires_at: datetime | None = self.cleaned_data["expires_at"]
        if expires_at is None:
            raise forms.ValidationError("good until must be a day and a time")
        return expires_at

    # A stop's numbers are asked for once one of them is there: an order to buy needs no exits.

    def clean_target_price(self) -> Decimal | None:
        return self._number("target_price") if self._is_bracket and self.data.get("target_price") else None

    def clean_stop_price(self) -> Decimal | None:
        kind, given = self.data.get("stop_type"), self.data.get("stop_price")
        if kind == OrderType.STOP_LIMIT.value:
            given = given or self.data.get("stop_limit_price")
        return self._number("stop_price") if self._is_bracket and kind not in TRAILING and given else None

    def clean_stop_limit_price(self) -> Decimal | None:
        is_asked = self.data.get("stop_type") == OrderType.STOP_LIMIT.value
        given = self.data.get("stop_limit_price") or self.data.get("stop_price")
        return self._number("stop_limit_price") if self._is_bracket and is_asked and given else None

    def clean_stop_trail(self) -> Decimal | None:
        is_asked = self._is_bracket and self.data.get("stop_type") in TRAILING and self.data.get("stop_trail")
        return self._distance("stop_trail", "stop_trail_unit") if is_asked else None

    @property
    def _is_bracket(self) -> bool:
        return self.data.get("side") == Side.BUY.value and self.data.get("order_type") != PAIR

    def _distance(self, field: str, unit: str) -> Decimal:
        """A trailing stop's distance, in percent or as an amount of the quote currency."""
        if self.data.get(unit) == "AMOUNT":
            return self._number(field)
        try:
            percent = parse_positive(self.cleaned_data[field], "distance")
        except NumberFormatError as error:
            raise forms.ValidationError(str(error), code=Reason.INVALID_NUMBER) from error
        if percent >= 100 or percent * 100 % 1:
            given = shown(self.cleaned_data[field])
            raise forms.ValidationError(f"distance must be less than 100 % in steps of 0.01, was {given}")
        return percent

    def _is_of(self, types: frozenset[str]) -> bool:
        return self.data.get("order_type") in types

    def _number(self, field: str) -> Decimal:
        """The field's number on the instrument's grid. The engine checks it again; here the answer is quick."""
        try:
            number = parse_positive(self.cleaned_data[field], field)
            if self.instrument is not None:
                grid = self.instrument.grid
                _ = grid.lots(number, field) if field == "quantity" else grid.ticks(number, field)
        except NumberFormatError as error:
            raise forms.ValidationError(str(error), code=Reason.INVALID_NUMBER) from error
        return number

    @property
    def ticket(self) -> Ticket:
        data = self.cleaned_data
        is_pair = data["order_type"] == PAIR
        sells = data["side"] == Side.SELL.value
        trail_amount, trail_bps = (None, None) if is_pair else _trail(data["trail"], data["trail_unit"])
        return Ticket(
            client_order_id=data["client_order_id"],
            symbol=data["symbol"],
            side=Side(data["side"]),
            order_type=OrderType.LIMIT if is_pair else OrderType(data["order_type"]),
            quantity=data["quantity"],
            price=data["price"],
            time_in_force=TimeInForce(data["time_in_force"]),
            trigger_price=None if is_pair else data["trigger_price"],
            trail_amount=trail_amount,
            trail_bps=trail_bps,
            expires_at=data["expires_at"],
            post_only=data["post_only"],
            reduce_only=data["reduce_only"] and sells and not is_pair,
            target=self._target,
            stop=self._pair_stop if is_pair else self._stop,
            is_pair=is_pair,
        )

    @property
    def _target(self) -> Exit | None:
        price, kind = self.cleaned_data["target_price"], OrderType(self.cleaned_data["target_type"])
        if price is None:
            return None
        return Exit(kind, price=price) if kind is OrderType.LIMIT else Exit(kind, trigger_price=price)

    @property
    def _stop(self) -> Exit | None:
        data = self.cleaned_data
        trigger, limit, trail = data["stop_price"], data["stop_limit_price"], data["stop_trail"]
        if trigger is None and trail is None:
            return None
        return Exit(OrderType(data["stop_type"]), limit, trigger, *_trail(trail, data["stop_trail_unit"]))

    @property
    def _pair_stop(self) -> Exit:
        data = self.cleaned_data
        trail = _trail(data["trail"], data["trail_unit"])
        return Exit(OrderType(data["pair_stop"]), data["pair_limit_price"], data["trigger_price"], *trail)


def _trail(distance: Decimal | None, unit: str) -> tuple[Decimal | None, int | None]:
    """(amount, basis points) of a distance, which is one of them; neither of none."""
    if distance is None:
        return None, None
    return (distance, None) if unit == "AMOUNT" else (None, int(distance * 100))


TicketForm.base_fields = _Shared(TicketForm.base_fields)


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
