"""What a person may say about themselves."""

import unicodedata
import zoneinfo
from functools import cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.accounts.models import NAME_LENGTH_MAX


@cache
def time_zones() -> tuple[str, ...]:
    """Every zone of the tz database that is a place, and UTC; the old names without a place are left out."""
    return ("UTC", *sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/")))


@cache
def _option(name: str) -> SafeString:
    return format_html('<option value="{}">{}</option>', name, name)


class ZoneSelect(forms.Select):
    """A list of some five hundred names. Django's widget renders a template for each, which took most of the page's time."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        options = (
            format_html('<option value="{}" selected>{}</option>', zone, zone) if zone == value else _option(zone)
            for zone, _ in self.choices
        )
        look = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return SafeString(f"<select{look}>{''.join(options)}</select>")


class ProfileForm(forms.Form):
    name = forms.CharField(max_length=NAME_LENGTH_MAX, required=False, help_text="As support should address you; may stay empty.")
    time_zone = forms.ChoiceField(label="Time zone", help_text="All times are shown in it.", widget=ZoneSelect)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        zones = time_zones()
        kept = str(self.initial.get("time_zone", "UTC"))  # an old name that the browser gave at sign-up stays possible
        self.fields["time_zone"].choices = [(name, name) for name in (zones if kept in zones else (kept, *zones))]  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean_name(self) -> str:
        name = unicodedata.normalize("NFC", " ".join(self.cleaned_data["name"].split()))
        if not name.isprintable():
            raise forms.ValidationError("Only letters, digits, spaces and signs that can be seen.")
        return name
