"""Messages to bytes and back: msgspec JSON by the schema that the table of topics names.

Reading is strict. A field nobody declared, a tag nobody knows, a version from the future: each is refused, because a guess
about money is worse than a stop. A newer version of a message may only add fields that have a default, and members to its
codes, so what an older one wrote is read as it is.
"""

from functools import cache
from importlib import import_module
from typing import Any

import msgspec

from apps.eventlog.topics import TOPICS, get_topic

_encoder = msgspec.json.Encoder()


class UnreadableMessageError(ValueError):
    """The bytes are not a message that the topic's schema allows."""

    def __init__(self, topic: str, reason: str) -> None:
        self.topic = topic
        super().__init__(f"message on {topic} must follow its schema: {reason}")


def schema_of(topic: str) -> Any:
    """Return the type (a Struct, or a union of Structs) of the messages on ``topic``."""
    module, name = get_topic(topic).schema.rsplit(".", 1)
    return getattr(import_module(f"apps.eventlog.schemas.{module}"), name)


@cache
def _decoder(topic: str) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(schema_of(topic))


_versions: dict[Any, int] = {}


def _version_of(schema: Any) -> int:
    """The version that this code writes and reads: the default of the schema's own ``version`` field."""
    if schema not in _versions:
        _versions[schema] = next(int(field.default) for field in msgspec.structs.fields(schema) if field.name == "version")
    return _versions[schema]


def encode(event: msgspec.Struct) -> bytes:
    """Return ``event`` as it travels."""
    return _encoder.encode(event)


def decode(topic: str, value: bytes) -> Any:
    """Return the message in ``value``; raises :class:`UnreadableMessageError`."""
    try:
        message = _decoder(topic).decode(value)
    except msgspec.MsgspecError as error:
        raise UnreadableMessageError(topic, str(error)) from None
    except (UnicodeDecodeError, RecursionError) as error:
        raise UnreadableMessageError(topic, type(error).__name__) from None
    if not 1 <= message.version <= _version_of(type(message)):
        raise UnreadableMessageError(topic, f"version must be 1 to {_version_of(type(message))}, was {message.version}")
    return message


def all_schemas() -> dict[str, Any]:
    """Topic -> type, for what walks over every schema."""
    return {name: schema_of(name) for name in TOPICS}
