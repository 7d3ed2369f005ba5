"""What a list may be narrowed by: a search and filters, each declared, each with a bounded way to its rows.

An address may name these and nothing else: a lookup that nobody declared is a bad request, never a query.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.adminlists.keyset import first_key_at
from apps.core.numbers import shown

TEXT_LENGTH_MAX = 120
#: Rows that a search finds at most; who finds more types more.
FOUND_MAX = 100
PREFIX_LENGTH_MIN = 2

_NUMBER = re.compile(r"[0-9]{1,19}", re.ASCII)
_BIGINT_MAX = 2**63 - 1


class BadInputError(ValueError):
    """What was typed cannot be looked for; the message says why."""


def read_number(text: str, label: str) -> int:
    """A whole number that a bigint column can have; raises :class:`BadInputError`."""
    number = int(text) if _NUMBER.fullmatch(text) else None
    if number is None or number > _BIGINT_MAX:
        raise BadInputError(f"{label} must be a whole number, was {shown(text)}")
    return number


def read_text(text: str, label: str) -> str:
    if len(text) > TEXT_LENGTH_MAX or not text.isprintable():
        raise BadInputError(f"{label} must be at most {TEXT_LENGTH_MAX} printable characters, was {shown(text)}")
    return text


@dataclass(slots=True)
class Narrowed:
    """``rows`` by conditions that an index serves; ``loose`` is what remains, to be looked for in a window of rows."""

    rows: QuerySet[Any]
    loose: Q | None = None

    def also(self, condition: Q) -> None:
        self.loose = condition if self.loose is None else self.loose & condition


# --- searches: text to the keys of rows ---------------------------------------------------------------------------------------

Search = Callable[[QuerySet[Any], str], Iterable[Any]]


def by_number(name: str = "pk") -> Search:
    """Rows whose ``name``, a whole number with an index, is what was typed."""

    def search(rows: QuerySet[Any], text: str) -> Iterable[Any]:
        if not _NUMBER.fullmatch(text) or int(text) > _BIGINT_MAX:
            return []
        return rows.filter(**{name: int(text)}).values_list("pk", flat=True)[: FOUND_MAX + 1]

    return search


def by_text(name: str) -> Search:
    """Rows whose ``name``, text with an index, is what was typed, letter for letter."""
    return lambda rows, text: rows.filter(**{name: text}).values_list("pk", flat=True)[: FOUND_MAX + 1]


def by_prefix(name: str, prepare: Callable[[str], str] = str) -> Search:
    """Rows whose ``name`` begins with what was typed. The column has an index for prefixes, in whose order they are found."""

    def search(rows: QuerySet[Any], text: str) -> Iterable[Any]:
        if len(text) < PREFIX_LENGTH_MIN:
            return []
        return rows.filter(**{f"{name}__startswith": prepare(text)}).order_by(name).values_list("pk", flat=True)[: FOUND_MAX + 1]

    return search


# --- filters ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Input:
    """A field of the form above a list. ``options`` make it a select."""

    name: str
    label: str
    value: str
    type: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    error: str = ""


class Filter(Protocol):
    """``names`` are the words of an address that are its own."""

    @property
    def names(self) -> tuple[str, ...]: ...

    def inputs(self, query: Mapping[str, str]) -> tuple[Input, ...]: ...

    def apply(self, narrowed: Narrowed, query: Mapping[str, str]) -> None:
        """Narrow by what ``query`` says; raises :class:`BadInputError`."""


@dataclass(frozen=True)
class Choice:
    """One of a few values of a column, listed here and not read from the table."""

    name: str
    choices: tuple[tuple[str, str], ...]
    label: str = ""
    #: Whether an index leads from a value to its rows in the list's order.
    indexed: bool = False
    #: Value -> condition, where it is more than the column's being the value.
    conditions: Mapping[str, Q] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, enum: Any, label: str = "") -> "Choice":
        return cls(name, tuple((member.value, member.value.replace("_", " ").capitalize()) for member in enum), label)

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def inputs(self, query: Mapping[str, str]) -> tuple[Input, ...]:
        label = self.label or self.name.replace("_", " ").capitalize()
        return (Input(self.name, label, query.get(self.name, ""), "select", (("", "All"), *self.choices)),)

    def apply(self, narrowed: Narrowed, query: Mapping[str, str]) -> None:
        value = query.get(self.name, "")
        if not value:
            return
        if value not in dict(self.choices):
            raise BadInputError(f"{self.name} must be one of {', '.join(dict(self.choices))}, was {shown(value)}")
        condition = self.conditions.get(value, Q(**{self.name: value}))
        if self.indexed:
            narrowed.rows = narrowed.rows.filter(condition)
        else:
            narrowed.also(condition)


@dataclass(frozen=True)
class Number:
    """The rows that belong to something, by its id: an account, a user. ``column`` has an index that ends in the list's key."""

    name: str
    label: str
    column: str
    indexed: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def inputs(self, query: Mapping[str, str]) -> tuple[Input, ...]:
        return (Input(self.name, self.label, query.get(self.name, ""), "number"),)

    def apply(self, narrowed: Narrowed, query: Mapping[str, str]) -> None:
        text = query.get(self.name, "").strip()
        if not text:
            return
        condition = Q(**{self.column: read_number(text, self.label)})
        if self.indexed:
            narrowed.rows = narrowed.rows.filter(condition)
        else:
            narrowed.also(condition)


@dataclass(frozen=True)
class Day:
    """Rows of one day, by a column that holds days and has an index, or in a window."""

    name: str = "day"
    label: str = "Day"
    indexed: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def inputs(self, query: Mapping[str, str]) -> tuple[Input, ...]:
        return (Input(self.name, self.label, query.get(self.name, ""), "date"),)

    def apply(self, narrowed: Narrowed, query: Mapping[str, str]) -> None:
        text = query.get(self.name, "").strip()
        if not text:
            return
        condition = Q(**{self.name: read_instant(text, "%Y-%m-%d", self.label).date()})
        if self.indexed:
            narrowed.rows = narrowed.rows.filter(condition)
        else:
            narrowed.also(condition)


def read_instant(text: str, layout: str, label: str) -> datetime:
    """An instant in the reader's time zone; raises :class:`BadInputError`."""
    try:
        naive = datetime.strptime(text, layout) if text.isascii() else None  # noqa: DTZ007 - the zone is the reader's, below
    except ValueError:
        naive = None
    if naive is None or not 1970 < naive.year < 3000:
        raise BadInputError(f"{label} must be a day or an instant such as 2026-11-20T14:30, was {shown(text)}")
    return timezone.make_aware(naive)


def as_it_is(instant: datetime) -> datetime:
    return instant


@dataclass(frozen=True)
class Period:
    """Rows from an instant to another, in the reader's time zone. ``time`` rises with ``key``, by which the rows are found."""

    time: str
    key: str = "id"
    #: What the column holds for an instant.
    convert: Callable[[datetime], Any] = as_it_is
    names: tuple[str, ...] = ("since", "until")

    def inputs(self, query: Mapping[str, str]) -> tuple[Input, ...]:
        return (
            Input("since", "From", query.get("since", ""), "datetime-local"),
            Input("until", "Until", query.get("until", ""), "datetime-local"),
        )

    def apply(self, narrowed: Narrowed, query: Mapping[str, str]) -> None:
        everything = narrowed.rows.model._default_manager.all()
        for name, label in (("since", "From"), ("until", "Until")):
            text = query.get(name, "").strip()
            if not text:
                continue
            instant = read_instant(text, "%Y-%m-%dT%H:%M:%S" if text.count(":") == 2 else "%Y-%m-%dT%H:%M", label)
            edge = first_key_at(everything, self.key, self.time, self.convert(instant))
            if name == "since":
                narrowed.rows = narrowed.rows.none() if edge is None else narrowed.rows.filter(**{f"{self.key}__gte": edge})
            elif edge is not None:
                narrowed.rows = narrowed.rows.filter(**{f"{self.key}__lt": edge})
