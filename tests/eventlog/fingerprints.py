"""Fingerprints of every message on the topics, kept in ``schemas.json``.

Run ``python -m tests.eventlog.fingerprints`` after adding a message or raising a version: it adds what is new and never changes
what is there. A message whose fields changed under the same version cannot be saved; it needs a new version.
"""

import json
from pathlib import Path
from typing import Any, get_args

import msgspec

FILE = Path(__file__).with_name("schemas.json")


def members(schema: Any) -> list[type[msgspec.Struct]]:
    """The message types in ``schema``: itself, or the members of a union."""
    return list(get_args(schema)) or [schema]


def fingerprint(message: type[msgspec.Struct]) -> tuple[str, list[str]]:
    """Return ``("TAG vN", ["field: type = default", ...])``, nested structs spelled out, in the order of the fields."""
    version = next(field.default for field in msgspec.structs.fields(message) if field.name == "version")
    return f"{message.__struct_config__.tag} v{version}", _fields(message)


def _fields(message: type[msgspec.Struct]) -> list[str]:
    lines = []
    for field in msgspec.structs.fields(message):
        default = "" if field.required else f" = {field.default!r}"
        lines.append(f"{field.encode_name}: {_type(field.type)}{default}")
    return lines


def _type(annotation: Any) -> str:
    arguments = get_args(annotation)
    if arguments:
        origin = getattr(annotation, "__origin__", None)
        inner = " | " if origin is None else ", "
        name = "" if origin is None else origin.__name__
        return f"{name}({inner.join(_type(each) for each in arguments)})"
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        shape = "array" if annotation.__struct_config__.array_like else "object"
        return f"{shape}[{'; '.join(_fields(annotation))}]"
    if isinstance(annotation, type) and issubclass(annotation, str) and annotation is not str:
        return f"one of {'/'.join(annotation.__members__)}"  # type: ignore[attr-defined]
    return getattr(annotation, "__name__", str(annotation))


def current() -> dict[str, dict[str, list[str]]]:
    """Topic -> message and version -> fields, as the code has them."""
    from apps.eventlog.codec import all_schemas

    return {
        topic: dict(sorted(fingerprint(message) for message in members(schema)))
        for topic, schema in sorted(all_schemas().items())
    }


def saved() -> dict[str, dict[str, list[str]]]:
    return json.loads(FILE.read_text()) if FILE.exists() else {}


def save() -> None:
    merged = saved()
    for topic, messages in current().items():
        for name, fields in messages.items():
            known = merged.setdefault(topic, {}).setdefault(name, fields)
            if known != fields:
                raise SystemExit(f"{name} on {topic} changed: raise its version instead")
    FILE.write_text(json.dumps(merged, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    import django

    django.setup()
    save()
