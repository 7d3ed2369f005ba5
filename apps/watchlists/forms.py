"""What may be said about a list."""

import unicodedata

from django import forms

from apps.watchlists.models import NAME_LENGTH_MAX


class NameForm(forms.Form):
    name = forms.CharField(max_length=NAME_LENGTH_MAX, label="Name")

    def clean_name(self) -> str:
        name = unicodedata.normalize("NFC", " ".join(self.cleaned_data["name"].split()))
        if not name or not name.isprintable():
            raise forms.ValidationError("Only letters, digits, spaces and signs that can be seen.")
        return name
