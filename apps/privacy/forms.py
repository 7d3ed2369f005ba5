"""The words that confirm a deletion."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

#: What may be typed instead of the address.
WORD = "delete"


class DeletionForm(forms.Form):
    """Whoever asks types the own e-mail address, so that no click alone does it."""

    confirmation = forms.CharField(
        label="Your e-mail address, or the word delete",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, *, email: str) -> None:
        super().__init__(data)
        self._email = email

    def clean_confirmation(self) -> str:
        typed = str(self.cleaned_data["confirmation"]).strip().lower()
        if typed not in (self._email.lower(), WORD):
            raise ValidationError(f"Type {self._email}, or {WORD}.")
        return typed
