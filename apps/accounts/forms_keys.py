"""What a person says about a new API key."""

import re
import uuid
from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from apps.accounts.api_keys import LIVES_DAYS, NetworksError, read_networks
from apps.accounts.models import KEY_NAME_LENGTH_MAX, KeyScope

SCOPE_LABELS = [
    (KeyScope.READ.value, "Read: look orders up"),
    (KeyScope.TRADE.value, "Trade: read, and place, change and cancel orders"),
]
_FORM_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


def _lives() -> list[tuple[str, str]]:
    return [*((str(days), f"In {days} days") for days in LIVES_DAYS), ("", "Never")]


class NewKeyForm(forms.Form):
    name = forms.CharField(max_length=KEY_NAME_LENGTH_MAX, help_text="What it is for, such as: rebalancing, home server.")
    scope = forms.ChoiceField(label="What it may do", choices=SCOPE_LABELS, initial=KeyScope.READ.value)
    life = forms.ChoiceField(label="Expires", choices=_lives, required=False, initial=str(LIVES_DAYS[1]))
    networks = forms.CharField(
        label="Only from these addresses",
        max_length=500,
        required=False,
        help_text="IP addresses or networks, separated by commas; may stay empty: then from anywhere.",
    )
    form_id = forms.CharField(widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["form_id"].initial = uuid.uuid4().hex
        self.fields["name"].widget.attrs |= {"autocomplete": "off"}
        self.fields["networks"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not name.isprintable():
            raise forms.ValidationError("Only letters, digits, spaces and signs that can be seen.")
        return name

    def clean_networks(self) -> tuple[str, ...]:
        try:
            return read_networks(self.cleaned_data["networks"])
        except NetworksError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_form_id(self) -> str:
        form_id: str = self.cleaned_data["form_id"]
        if not _FORM_ID.fullmatch(form_id):
            raise forms.ValidationError("This form is not complete. Open it anew.")
        return form_id

    @property
    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["life"]
        return timezone.now() + timedelta(days=int(days)) if days else None
