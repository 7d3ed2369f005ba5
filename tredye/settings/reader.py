"""A loud reader of the environment: each setting is declared once, and a wrong value stops the start with its name.

A setting's declaration is the call that reads it: name, default, meaning, and what its value must be. Wrong values are gathered
and told together, one line each, by :meth:`Reader.stop_if_wrong`, which every settings module calls last. Until then a wrong one
is stood in for by its default, so that the rest can be read. An empty value counts as none. Standard library only.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tredye.settings import parsing
from tredye.settings.parsing import Secret

T = TypeVar("T")
_SHOWN_CHARACTERS_MAX = 100


@dataclass(frozen=True)
class Setting:
    """One declaration. ``must_be`` completes "NAME must be"; ``default`` is text as the environment would give it, None when
    there is none and the setting must be given. An ``internal`` one is told by whoever starts the process, not by a person."""

    name: str
    default: str | None
    meaning: str
    must_be: str
    secret: bool = False
    internal: bool = False


class Reader:
    """``declared`` has every setting that was read, by name, in the order of reading; ``hidden`` what no line may ever show."""

    def __init__(self, values: Mapping[str, str], problems: Sequence[str] = ()) -> None:
        self._values = values
        self._problems = list(problems)
        self.declared: dict[str, Setting] = {}
        self.hidden: set[Secret] = set()

    # --- kinds -------------------------------------------------------------------------------------------------------------

    def text(
        self,
        name: str,
        default: str | None,
        meaning: str,
        *,
        must_be: str = "text",
        pattern: str = r"\S(.*\S)?",
        check: Callable[[str], str] | None = None,
        internal: bool = False,
    ) -> str:
        """Text of one ``pattern``, or what ``check`` lets pass."""

        def parse(text: str) -> str:
            if not text:
                return ""
            return check(text) if check else parsing.matching(pattern, text)

        return self._read(Setting(name, default, meaning, must_be, internal=internal), parse, "")

    def secret(self, name: str, default: str | None, meaning: str, *, least: int) -> Secret:
        """Text of at least ``least`` characters, which no message, page or ``repr`` shows."""

        def parse(text: str) -> Secret:
            return Secret(parsing.matching(rf".{{{least},}}", text) if text else "")

        setting = Setting(name, default, meaning, f"at least {least} characters", secret=True)
        return self._read(setting, parse, Secret(""))

    def whole(self, name: str, default: int, meaning: str, *, least: int, most: int, internal: bool = False) -> int:
        must_be = f"a whole number from {least} to {most}"
        setting = Setting(name, str(default), meaning, must_be, internal=internal)
        return self._read(setting, lambda text: parsing.whole(text, least, most), default)

    def whole_or_none(self, name: str, meaning: str, *, least: int, most: int) -> int | None:
        setting = Setting(name, "", meaning, f"a whole number from {least} to {most}")
        return self._read(setting, lambda text: parsing.whole(text, least, most) if text else None, None)

    def seconds(self, name: str, default: str, meaning: str, *, least: float, most: float) -> float:
        setting = Setting(name, default, meaning, f"a number of seconds from {least:g} to {most:g}")
        return self._read(setting, lambda text: parsing.seconds(text, least, most), least)

    def switch(self, name: str, default: bool, meaning: str) -> bool:
        return self._read(Setting(name, "on" if default else "off", meaning, "on or off"), parsing.switch, default)

    def choice(self, name: str, default: str, meaning: str, choices: Sequence[str], *, internal: bool = False) -> str:
        """One of ``choices``; the default may be empty, which then is none of them."""

        def parse(text: str) -> str:
            if text and text not in choices:
                raise ValueError(text)
            return text

        return self._read(Setting(name, default, meaning, " or ".join(choices), internal=internal), parse, default)

    def words(
        self,
        name: str,
        default: str | None,
        meaning: str,
        *,
        must_be: str,
        each: Callable[[str], str],
        secret: bool = False,
        internal: bool = False,
    ) -> list[str]:
        """A list separated by commas, of what ``each`` lets pass."""

        def parse(text: str) -> list[str]:
            found = [each(word.strip()) for word in text.split(",")] if text else []
            if secret:
                self.hidden |= set(map(Secret, found))
                found = list(map(Secret, found))
            return found

        return self._read(Setting(name, default, meaning, must_be, secret=secret, internal=internal), parse, [])

    def path(self, name: str, default: Path, meaning: str) -> Path:
        """An absolute path; a relative one is taken from where the process was started. The default is told in ``meaning``."""
        setting = Setting(name, "", meaning, "a path")
        return self._read(setting, lambda text: Path(text).expanduser().absolute() if text else default, default)

    def database(self, name: str, meaning: str) -> dict[str, Any]:
        """An entry of Django's DATABASES without its engine."""
        return self._read(Setting(name, None, meaning, parsing.DATABASE_URL, secret=True), parsing.database, {})

    def server_url(self, name: str, meaning: str, *, must_be: str, schemes: Sequence[str]) -> Secret:
        """A server's URL, which may hold its password and is not shown for that."""
        setting = Setting(name, None, meaning, must_be, secret=True)
        return self._read(setting, lambda text: parsing.server_url(text, schemes), Secret(""))

    def mail(self, name: str, meaning: str) -> parsing.Mail:
        return self._read(Setting(name, "", meaning, parsing.MAIL_URL, secret=True), parsing.mail, parsing.mail(""))

    # --- laws and the end --------------------------------------------------------------------------------------------------

    def is_given(self, name: str) -> bool:
        """Whether somebody said a value, be it the default's."""
        return bool(self._values.get(name, "").strip())

    def require(self, holds: object, name: str, law: str) -> None:
        """A law over several settings: unless it ``holds``, the start stops with "NAME law"."""
        if name not in self.declared:
            raise LookupError(f"{name} was not declared before a law about it")
        if not holds and not any(problem.startswith(f"{name} ") for problem in self._problems):
            self._problems.append(f"{name} {law}")

    def stop_if_wrong(self) -> None:
        """End the process, with one line for each wrong value, when there is any. Exit code 1.

        SystemExit and not an error: whoever imports the settings (manage.py, Daphne, uvicorn, Celery) would print a stack.
        """
        if self._problems:
            raise SystemExit("\n".join(f"settings: {problem}" for problem in self._problems))

    # --- how ---------------------------------------------------------------------------------------------------------------

    def _read(self, setting: Setting, parse: Callable[[str], T], absent: T) -> T:
        self._declare(setting)
        text = self._values.get(setting.name, "").strip()
        if setting.secret:
            self.hidden |= parsing.secrets_in(text)
        try:
            if text:
                return parse(text)
        except ValueError:
            self._problems.append(f"{setting.name} must be {setting.must_be}{_was(setting, text)}")
        else:
            if setting.default is None:
                self._problems.append(f"{setting.name} must be set: {setting.must_be}")
        return absent if setting.default is None else parse(setting.default)

    def _declare(self, setting: Setting) -> None:
        if self.declared.setdefault(setting.name, setting) != setting:
            raise LookupError(f"{setting.name} is declared twice, and differently")


def _was(setting: Setting, text: str) -> str:
    """What the value was, on one line, unless it is a secret or might hold one."""
    if setting.secret or re.search(r"://[^/]*@", text):
        return " (its value is not shown)"
    return f", was {text[:_SHOWN_CHARACTERS_MAX]!r}"
