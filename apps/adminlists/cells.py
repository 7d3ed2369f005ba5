"""What stands in a cell of a list or a detail page: a value with the way it is written, decided once for every page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, Model
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page of the admin, or of the product."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Cell:
    """``kind`` says how a template writes ``value``; ``places`` are the decimals that show a number exactly.

    ``numeric`` cells stand at the right of a table, with whatever is in their column.
    """

    label: str
    kind: str
    value: Any
    address: str = ""
    places: int = 0
    help: str = ""
    numeric: bool = False


def admin_address(model: str, key: object) -> str:
    """The detail page of ``model`` ("orders.order"), or nothing where the model is not shown."""
    try:
        return reverse(f"admin:{model.replace('.', '_').lower()}_change", args=[key])
    except NoReverseMatch:
        return ""


def admin_link(model: str, key: object, text: object = None) -> Link | str:
    """A link to the detail page of a row of ``model`` by its key; the bare text where there is nothing to lead to."""
    if key is None:
        return ""
    words = str(key if text is None else text)
    address = admin_address(model, key)
    return Link(words, address) if address else words


def list_address(model: str, query: str = "") -> str:
    """The list of ``model``, narrowed by ``query``."""
    return reverse(f"admin:{model.replace('.', '_').lower()}_changelist") + (f"?{query}" if query else "")


def places_of(value: Decimal) -> int:
    """Decimals that show ``value`` exactly, and no needless zeros."""
    return max(0, -int(value.normalize().as_tuple().exponent))


def make_cell(label: str, value: Any, *, help_text: str = "", address: str = "") -> Cell:
    """``value`` as a cell, its kind by its type."""
    if isinstance(value, Link):
        return Cell(label, _kind_of_text(value.text), value.text, value.address, help=help_text)
    if value is None or value == "":
        return Cell(label, "nothing", None, help=help_text)
    if isinstance(value, bool):
        return Cell(label, "bool", value, address, help=help_text)
    if isinstance(value, Decimal):
        return Cell(label, "number", value, address, places_of(value), help_text)
    if isinstance(value, int):
        return Cell(label, "integer", value, address, help=help_text)
    if isinstance(value, datetime):
        return Cell(label, "instant", value, address, help=help_text)
    if isinstance(value, date):
        return Cell(label, "text", value.isoformat(), address, help=help_text)
    if isinstance(value, dict):
        return Cell(label, "document", value, address, help=help_text)
    return Cell(label, "text", str(value), address, help=help_text)


def _kind_of_text(text: str) -> str:
    return "integer" if text.isdecimal() else "text"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table that is not a list of its own: how it is called and what stands in it."""

    label: str
    value: Callable[[Any], Any]

    @classmethod
    def of(cls, name: str, label: str = "") -> "Column":
        return cls(label or name.replace("_", " ").capitalize(), lambda row: getattr(row, name))


@dataclass(frozen=True, slots=True)
class Heading:
    """``numeric`` columns stand at the right, heading and all."""

    label: str
    numeric: bool


NUMERIC = ("number", "integer")


def aligned(rows: Iterable[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """The same rows, their columns in line: numbers at the right, with as many decimals as the longest of the column needs."""
    columns = [_align(column) for column in zip(*rows, strict=True)]
    return tuple(zip(*columns, strict=True))


def _align(column: tuple[Cell, ...]) -> tuple[Cell, ...]:
    if not any(cell.kind in NUMERIC for cell in column):
        return column
    places = max(cell.places for cell in column)
    return tuple(replace(cell, numeric=True, places=places) for cell in column)


def make_headings(labels: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> tuple[Heading, ...]:
    """Headings over rows that are aligned."""
    return tuple(Heading(label, bool(rows) and rows[0][place].numeric) for place, label in enumerate(labels))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows on a page, already read and bounded. ``note`` says what they are, or that there are more; ``more`` leads to them."""

    title: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    more: Link | None = None


def make_table(title: str, columns: tuple[Column, ...], rows: Any, *, note: str = "", more: Link | None = None) -> Table:
    """``rows`` is anything that can be walked; it must be bounded by the caller, in its query."""
    cells = aligned(tuple(make_cell(column.label, column.value(row)) for column in columns) for row in rows)
    return Table(title, make_headings([column.label for column in columns], cells), cells, note, more)


def cell_of_field(name: str, row: Model, model_admin: Any) -> Cell:
    """The cell of a field of ``row``, or of a method of ``model_admin`` or the row, named as Django's admin names them."""
    label, field = label_of_field(name, type(row), model_admin), _field_of(type(row), name)
    # Not Django's look-up for a key: it reads the row behind it, once for every row of the list.
    value = _link_to_related(field, row) if isinstance(field, ForeignKey) else lookup_field(name, row, model_admin)[2]
    return make_cell(label, value, help_text=str(getattr(field, "help_text", "")))


def label_of_field(name: str, model: type[Model], model_admin: Any) -> str:
    label = str(label_for_field(name, model, model_admin))
    return label[:1].upper() + label[1:]


def _field_of(model: type[Model], name: str) -> Any:
    """The column of this name; None for what a method answers."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _link_to_related(field: Any, row: Model) -> Any:
    """A key is a link to its row's page. The row itself is read only if the list asked for it, by ``list_select_related``."""
    key = getattr(row, field.attname)
    if key is None:
        return ""
    text = str(getattr(row, field.name)) if field.is_cached(row) else str(key)
    return admin_link(field.related_model._meta.label_lower, key, text)
