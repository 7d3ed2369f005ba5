"""The messages of docs/stream.md: strict reading of what a browser sends, and the texts of what it gets. Pure."""

import json
from typing import Annotated, Any, Final, Literal

import msgspec

from apps.degraded import Modes
from apps.eventlog.schemas.marketdata import BarInterval
from apps.realtime import limits

POLICY: Final = 1008
RESTART: Final = 1012
TRY_LATER: Final = 1013
LOGGED_OUT: Final = 4001
FORBIDDEN: Final = 4003
TOO_SLOW: Final = 4008
RESYNC: Final = 4009

#: Why a page says that it comes back: the close code of its last socket, or what it saw itself.
AFTER: Final = frozenset(
    {
        *("1000", "1001", "1005", "1006", "1008", "1009", "1011", "1012", "1013", "1015", "4001", "4003", "4008", "4009"),
        *("silent", "hole", "offline", "slept", "hidden", "ticket"),
    }
)

_SEQUENCE_MAX = 2**53 - 1  # what a JavaScript number holds exactly

Symbol = Annotated[str, msgspec.Meta(min_length=1, max_length=16, pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*\Z")]
Count = Annotated[int, msgspec.Meta(ge=0, le=_SEQUENCE_MAX)]


class Hello(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="op", tag="hello"):
    v: Literal[1]
    ticket: Annotated[str, msgspec.Meta(max_length=1024)] = ""
    account_sequence: Count | None = None
    after: Annotated[str, msgspec.Meta(max_length=16, pattern=r"^[a-z0-9-]*\Z")] = ""


class Watch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="op", tag="watch"):
    symbols: Annotated[list[Symbol], msgspec.Meta(max_length=limits.SYMBOLS_MAX)]
    depth: Annotated[list[Symbol], msgspec.Meta(max_length=limits.DEPTHS_MAX)] = []
    bars: Annotated[list[tuple[Symbol, BarInterval]], msgspec.Meta(max_length=limits.BARS_MAX)] = []


class Resync(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="op", tag="resync"):
    depth: Annotated[list[Symbol], msgspec.Meta(max_length=limits.DEPTHS_MAX)]
    why: Literal["checksum", "gap"]


class Ack(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="op", tag="ack"):
    n: Count


Inbound = Hello | Watch | Resync | Ack
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


def welcome(now_ms: int, account_id: int | None, account_sequence: int | None, *, recovered: bool) -> str:
    message: dict[str, Any] = {"t": "welcome", "now": now_ms, "heartbeat_ms": int(limits.HEARTBEAT_EVERY * 1000)}
    if account_id is not None:
        message["account_id"] = account_id
        if account_sequence is not None:
            message["account_sequence"] = account_sequence
        message["recovered"] = recovered
    return _text(message)


def heartbeat(number: int, now_ms: int, quotes: bool, rtt_ms: int | None) -> str:
    rtt = "" if rtt_ms is None else f',"rtt":{rtt_ms}'
    return f'{{"t":"h","n":{number},"now":{now_ms},"quotes":{"true" if quotes else "false"}{rtt}}}'


def gap(account_sequence: int) -> str:
    return f'{{"t":"gap","account_sequence":{account_sequence}}}'


def notices(sequence: int) -> str:
    return f'{{"t":"n","sequence":{sequence}}}'


def modes(found: Modes) -> str:
    return _text({"t": "m", "d": found.wire()})


#: What a page takes for granted when it was told of no mode.
ALL_WELL: Final = _text({"t": "m", "d": None})


def bye() -> str:
    return f'{{"t":"bye","retry_ms":{limits.BYE_RETRY_MS}}}'


def bad_message(text: str) -> str:
    return _text({"t": "err", "code": "BAD_MESSAGE", "text": text})


def frame(kind: str, fragments: list[str]) -> str:
    """One frame of ready JSON fragments: ``kind`` is p, d, dd, b, s or a."""
    return f'{{"t":"{kind}","d":[{",".join(fragments)}]}}'


def quotes_frame(at_ms: int, fragments: list[str], *, full: bool) -> str:
    """Quotes, with the server's time at which they left; ``full`` says that it is all that is known of the watch-set."""
    mark = '"full":true,' if full else ""
    return f'{{"t":"q","at":{at_ms},{mark}"d":[{",".join(fragments)}]}}'
