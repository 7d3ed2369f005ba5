"""How an account trades, as far as its owner chooses."""

from django import forms

from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.enums import SelfTradePrevention

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
