"""How an account trades, as far as its owner chooses."""

from decimal import Decimal

from django import forms

from apps.accounts.preferences import TOLERANCE_BPS_MAX, Preferences
from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.enums import SelfTradePrevention
from apps.core.numbers import NumberFormatError, parse_positive, plain
from apps.instruments.selectors import InstrumentView

MODES = [
    (SelfTradePrevention.CANCEL_NEWEST.value, "Cancel the new order: what is left of it; the one that rests stays"),
    (SelfTradePrevention.CANCEL_OLDEST.value, "Cancel the resting order; the new one goes on"),
    (SelfTradePrevention.CANCEL_BOTH.value, "Cancel both"),
    (SelfTradePrevention.DECREMENT.value, "Make both smaller by what they would have traded; what is then nothing is canceled"),
]


class TradingForm(forms.Form):
    mode = forms.ChoiceField(
        choices=MODES,
        label="When an order of yours would trade with another of yours",
        widget=forms.RadioSelect,
    )
    command_id = forms.RegexField(f"^(?:{COMMAND_ID_PATTERN})$", widget=forms.HiddenInput)


class ToleranceForm(forms.Form):
    tolerance_bps = forms.IntegerField(
        min_value=0,
        max_value=TOLERANCE_BPS_MAX,
        label="Ask again when the price has moved by more than",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3}),
    )


class SizeForm(forms.Form):
    """The quantity that a ticket begins with. ``instrument`` is there once :meth:`is_valid` was true."""

    symbol = forms.ChoiceField(label="Instrument")
    quantity = forms.CharField(max_length=21, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))

    def __init__(self, data: object, *, instruments: tuple[InstrumentView, ...]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self._instruments = {view.symbol: view for view in instruments}
        self.fields["symbol"].choices = [(symbol, symbol) for symbol in self._instruments]  # type: ignore[attr-defined]

    def clean_quantity(self) -> Decimal:
        try:
            quantity = parse_positive(self.cleaned_data["quantity"], "quantity")
            if (view := self._instruments.get(self.cleaned_data.get("symbol", ""))) is not None:
                view.grid.lots(quantity)
                if quantity > view.max_quantity:
                    raise forms.ValidationError(f"one order may be at most {plain(view.max_quantity)}, was {plain(quantity)}")
        except NumberFormatError as error:
            raise forms.ValidationError(str(error)) from error
        return quantity

    @property
    def instrument(self) -> InstrumentView:
        return self._instruments[self.cleaned_data["symbol"]]


def default_size_of(preferences: Preferences, view: InstrumentView) -> Decimal | None:
    """What a ticket of ``view`` begins with; None also where its lot or maximum has changed since and it no longer fits."""
    quantity = preferences.default_sizes.get(view.symbol)
    if quantity is None or quantity > view.max_quantity or quantity % view.lot_size:
        return None
    return quantity
