"""The paper money form, read with the one strict parser; and what addresses of the cash pages say."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.keyset import read_cursor
from apps.core.numbers import NumberFormatError, parse_positive, shown
from apps.instruments.selectors import AssetView
from apps.ledger.models import TransferKind
from apps.ledger.selectors_transfers import LedgerFilters

_COMMAND_ID = re.compile(COMMAND_ID_PATTERN, re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)
#: Far from where an instant could leave the calendar in some time zone.
FIRST_YEAR, LAST_YEAR = 2000, 2999


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


def read_ledger_filters(query: QueryDict, assets: list[AssetView]) -> LedgerFilters:
    """What ``query`` filters by; unknown values are ignored. Days are the reader's own, the last included."""
    asset, kind = query.get("asset", "").upper(), query.get("kind", "").upper()
    first, last = _own_day(query.get("from", "")), _own_day(query.get("to", ""))
    return LedgerFilters(
        asset=asset if any(view.code == asset for view in assets) else "",
        kind=TransferKind(kind) if kind in TransferKind.values else None,
        moved_from=_midnight(first) if first else None,
        moved_before=_midnight(last + timedelta(days=1)) if last else None,
    )


def address_of(filters: LedgerFilters, **changes: Any) -> str:
    """The query string that :func:`read_ledger_filters` reads ``filters`` from, changed: what is empty is left out."""
    days = filter_context(filters)
    kind = filters.kind.value.lower() if filters.kind else ""
    values = {"asset": filters.asset, "kind": kind, "from": days["first_day"], "to": days["last_day"], **changes}
    kept = {name: str(value) for name, value in values.items() if value}
    return f"?{urlencode(kept)}" if kept else "?"


def filter_context(filters: LedgerFilters) -> dict[str, Any]:
    """What the filters show."""
    before = filters.moved_before
    return {
        "filters": filters,
        "first_day": timezone.localdate(filters.moved_from) if filters.moved_from else None,
        "last_day": timezone.localdate(before - timedelta(seconds=1)) if before else None,
        "kinds": [(kind.value.lower(), kind.label, kind is filters.kind) for kind in TransferKind],
    }


def _own_day(text: str) -> date | None:
    day = read_day(text)
    return day if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def read_month(text: str) -> date | None:
    """The first day of a month as addresses name it, ``2026-11``; None for what is no month."""
    day = read_day(f"{text}-01") if _MONTH.fullmatch(text) else None
    return day if day is not None and day.year <= LAST_YEAR else None


def read_day(text: str) -> date | None:
    """A day as addresses name it, ``2026-11-20``; None for what is no day."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def read_after(query: QueryDict) -> int:
    """The transfer id after which a page starts; 0 without one, or with one that is no id."""
    return read_cursor(query, "after") or 0
