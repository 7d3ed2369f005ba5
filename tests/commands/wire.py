"""``python -m tests.commands.wire`` saves what crosses the engine's socket today, to which later versions are held."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import msgspec

from apps.commands.answers import AnyAnswer
from apps.commands.types import AnyCommand

FILE = Path(__file__).with_name("wire.json")
#: type: field: its type, with :data:`DEFAULT` after it where it may be left out
Types = dict[str, dict[str, str]]
DEFAULT = ", or nothing"


def described(types: Iterable[Any]) -> Types:
    return {
        str(each.__struct_config__.tag): {
            field.encode_name: _name(field.type) + ("" if field.required else DEFAULT) for field in msgspec.structs.fields(each)
        }
        for each in types
    }


def _name(kind: Any) -> str:
    return getattr(kind, "__name__", str(kind)) if not get_args(kind) else str(kind)


def current() -> dict[str, Types]:
    return {"commands": described(get_args(AnyCommand)), "answers": described(get_args(AnyAnswer))}


def saved() -> dict[str, Types]:
    return json.loads(FILE.read_text())  # type: ignore[no-any-return]


def changes(former: dict[str, Types], now: dict[str, Types]) -> list[str]:
    """What one of two neighbouring versions could not read of the other."""
    found = []
    for kind, types in former.items():
        says = "sends" if kind == "commands" else "reads"
        for name, fields in types.items():
            today = now[kind].get(name, {})
            for field, type_ in fields.items():
                if today.get(field, "").removesuffix(DEFAULT) != type_.removesuffix(DEFAULT):
                    found.append(f"{name}.{field} is gone or has another type: the former version {says} it")
            for field in today.keys() - fields.keys():
                if kind == "commands" and not today[field].endswith(DEFAULT):
                    found.append(f"{name}.{field} is new and has no default: the former version sends none")
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(current(), indent=1, sort_keys=True) + "\n")
