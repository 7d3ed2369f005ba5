"""The paper money form, read with the one strict parser."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.http import QueryDict

from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.keyset import read_cursor
from apps.core.numbers import NumberFormatError, parse_positive, shown
from apps.instruments.selectors import AssetView

_COMMAND_ID = re.compile(COMMAND_ID_PATTERN, re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(slots=True)
class MoneyForm:
    """What was typed, what it means, and what is wrong with it by field name."""

    asset: str
    amount_text: str
    command_id: str
    amount: Decimal = Decimal(0)
    errors: dict[str, str] = field(default_factory=dict)


def read_money_form(data: QueryDict, assets: list[AssetView]) -> MoneyForm:
    """Read ``data``; ``errors`` is empty when the form can be sent to the engine."""
    form = MoneyForm(data.get("asset", ""), data.get("amount", "").strip(), data.get("command_id", ""))
    asset = next((view for view in assets if view.code == form.asset), None)
    if asset is None:
        form.errors["asset"] = f"asset must be one of {', '.join(view.code for view in assets)}, was {shown(form.asset)}"
    if not _COMMAND_ID.fullmatch(form.command_id):
        form.errors["form"] = "This form is not complete. Open it anew."
    try:
        form.amount = parse_positive(form.amount_text, "amount")
    except NumberFormatError as error:
        form.errors["amount"] = str(error)
        return form
    if asset is not None and form.amount != round(form.amount, asset.display_decimals):
        form.errors["amount"] = f"amount must have at most {asset.display_decimals} decimals, was {shown(form.amount_text)}"
    return form


def read_statement_query(query: QueryDict, assets: list[AssetView]) -> tuple[str, int | None]:
    """The asset to filter by and the transfer id to start below; unknown values are ignored, so that an old link opens."""
    asset = query.get("asset", "").upper()
    known = any(view.code == asset for view in assets)
    return asset if known else "", read_cursor(query)


def read_day(text: str) -> date | None:
    """A day as addresses name it, ``2026-11-20``; None for what is no day."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def read_after(query: QueryDict) -> int:
    """The transfer id after which a page starts; 0 without one, or with one that is no id."""
    return read_cursor(query, "after") or 0
