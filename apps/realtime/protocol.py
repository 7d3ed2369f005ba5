"""The messages of docs/stream.md: strict reading of what a browser sends, and the texts of what it gets. Pure."""

import json
from typing import Annotated, Any, Final, Literal

import msgspec

from apps.realtime import limits

POLICY: Final = 1008
RESTART: Final = 1012
TRY_LATER: Final = 1013
LOGGED_OUT: Final = 4001
FORBIDDEN: Final = 4003
TOO_SLOW: Final = 4008
RESYNC: Final = 4009

_SEQUENCE_MAX = 2**53 - 1  # what a JavaScript number holds exactly

Symbol = Annotated[str, msgspec.Meta(min_length=1, max_length=16, pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*\Z")]
Count = Annotated[int, msgspec.Meta(ge=0, le=_SEQUENCE_MAX)]


class Hello(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="op", tag="hello"):
    v: Literal[1]
    ticket: Annotated[str, msgspec.Meta(max_length=1024)] = ""
    account_sequence: Count | None = None


class Watch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="op", tag="watch"):
    symbols: Annotated[list[Symbol], msgspec.Meta(max_length=limits.SYMBOLS_MAX)]
    depth: Annotated[list[Symbol], msgspec.Meta(max_length=limits.DEPTHS_MAX)] = []


class Ack(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="op", tag="ack"):
    n: Count


Inbound = Hello | Watch | Ack
_decoder = msgspec.json.Decoder(Inbound)


class BadMessageError(ValueError):
    """What the browser sent is not a message of the protocol; the text says why, without echoing it."""


def read_message(text: str) -> Inbound:
    """Return the message that ``text`` spells; raises :class:`BadMessageError` and nothing else, whatever was sent."""
    try:
        return _decoder.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        # Only a validation error's text is ours; the others may quote what was sent.
        reason = str(error) if isinstance(error, msgspec.ValidationError) else "not a JSON message"
        raise BadMessageError(reason.encode("ascii", "replace").decode()[:200]) from None


def _text(message: dict[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"))


def welcome(now_ms: int, account_id: int | None, account_sequence: int | None) -> str:
    message: dict[str, Any] = {"t": "welcome", "now": now_ms, "heartbeat_ms": int(limits.HEARTBEAT_EVERY * 1000)}
    if account_id is not None:
        message["account_id"] = account_id
        if account_sequence is not None:
            message["account_sequence"] = account_sequence
    return _text(message)


def heartbeat(number: int, now_ms: int, quotes: bool) -> str:
    return f'{{"t":"h","n":{number},"now":{now_ms},"quotes":{"true" if quotes else "false"}}}'


def gap(account_sequence: int) -> str:
    return f'{{"t":"gap","account_sequence":{account_sequence}}}'


def bye() -> str:
    return f'{{"t":"bye","retry_ms":{limits.BYE_RETRY_MS}}}'


def bad_message(text: str) -> str:
    return _text({"t": "err", "code": "BAD_MESSAGE", "text": text})


def frame(kind: str, fragments: list[str]) -> str:
    """One frame of ready JSON fragments: ``kind`` is q, p, d or a."""
    return f'{{"t":"{kind}","d":[{",".join(fragments)}]}}'
