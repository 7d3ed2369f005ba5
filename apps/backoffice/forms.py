"""What a button's form asks for, read with the one strict parser."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from apps.backoffice.services import ReasonError, read_reason
from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.numbers import NumberFormatError, parse_decimal, parse_positive

_COMMAND_ID = re.compile(COMMAND_ID_PATTERN, re.ASCII)


def positive(text: str, label: str) -> Decimal:
    return parse_positive(text, label)


def signed(text: str, label: str) -> Decimal:
    """A number that is not zero; a minus sign takes away."""
    number = parse_positive(text.removeprefix("-"), label)
    return -number if text.startswith("-") else number


def whole(text: str, label: str) -> int:
    number = parse_decimal(text, label)
    if number != number.to_integral_value():
        raise NumberFormatError(label, text, "must be a whole number")
    return int(number)


def one_of(*choices: str) -> Callable[[str, str], str]:
    """Reads one of ``choices``."""

    def read(text: str, label: str) -> str:
        if text not in choices:
            raise NumberFormatError(label, text, f"must be one of {', '.join(choices)}")
        return text

    return read


@dataclass(frozen=True)
class Ask:
    """One field of the form, most often a number. ``now`` is what it is at the moment, as text; ``optional`` makes an empty field
    None. One with ``choices`` is chosen from them; a ``hidden`` one comes back as it was given."""

    name: str
    label: str
    read: Callable[[str, str], Any]
    now: Callable[[Any], str] = lambda row: ""
    optional: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(slots=True)
class CommandForm:
    """What was typed, what it means, and what is wrong with it by field name."""

    command_id: str
    reason: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_command_form(data: Mapping[str, str], asks: tuple[Ask, ...]) -> CommandForm:
    """Read ``data``; ``errors`` is empty when the command can be sent."""
    form = CommandForm(data.get("command_id", ""), data.get("reason", ""))
    if not _COMMAND_ID.fullmatch(form.command_id):
        form.errors["form"] = "This form is not complete. Open it anew."
    try:
        form.reason = read_reason(form.reason)
    except ReasonError as error:
        form.errors["reason"] = str(error)
    form.texts = {ask.name: data.get(ask.name, "").strip() for ask in asks}
    form.values, errors = read_asks(form.texts, asks)
    form.errors |= errors
    return form


def read_asks(texts: Mapping[str, str], asks: tuple[Ask, ...]) -> tuple[dict[str, Any], dict[str, str]]:
    """What the fields mean, and what is wrong with them, both by name."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for ask in asks:
        text = texts.get(ask.name, "")
        if not text and ask.optional:
            values[ask.name] = None
            continue
        try:
            values[ask.name] = ask.read(text, ask.label.lower())
        except NumberFormatError as error:
            errors[ask.name] = str(error)
    return values, errors
