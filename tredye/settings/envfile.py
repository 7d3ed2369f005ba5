"""The file ``.env``, as the product and ``make run`` both read it.

Standard library only, because ``make run`` reads it before anything is installed. Docker Compose reads the same file, so it
holds what all three agree on: ``NAME=value`` lines, comments, optional quotes.
"""

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)=(?P<value>.*)")
#: ``.env.example`` names every setting: those with a value, and, behind a ``#``, those that have a default.
_OFFERED = re.compile(r"^#?\s?(?P<name>[A-Z][A-Z0-9_]*)=", re.MULTILINE)


class EnvFile(NamedTuple):
    """``values`` by name, and ``problems``: one sentence for each line that nobody would understand or use."""

    values: dict[str, str]
    problems: list[str]


def read_env_file(path: Path) -> EnvFile:
    """Read ``path``; a missing file is an empty one. Never raises for what the file says, and no problem quotes a value."""
    try:
        text = path.read_text()
    except FileNotFoundError:
        return EnvFile({}, [])
    except (OSError, UnicodeDecodeError) as error:
        return EnvFile({}, [f"{path.name} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}"])
    values: dict[str, str] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            problems.append(f"{path.name}, line {number}: must be NAME=value")
        else:
            values[match["name"]] = _plain(match["value"])
    problems += unread(values, offered(path.with_name(".env.example")))
    return EnvFile(values, problems)


def offered(example: Path) -> set[str]:
    """Every name that ``example`` offers; none when it is not there."""
    return set(_OFFERED.findall(example.read_text())) if example.is_file() else set()


def unread(names: Iterable[str], known: set[str]) -> list[str]:
    """A sentence for each of ``names`` that is not ``known``: most likely it is misspelt. No list, no judgement."""
    found = []
    for name in names if known else ():
        if name not in known:
            close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.7)
            found.append(f"{name} in .env is read by nobody" + (f": did you mean {close[0]}?" if close else ""))
    return found


def _plain(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return re.split(r"\s#", value, maxsplit=1)[0].rstrip()
