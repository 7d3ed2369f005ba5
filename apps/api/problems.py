"""What can go wrong, as one table: a code, the status it comes with, and one plain sentence. docs/api.md shows this table."""

from typing import Any, NamedTuple

import msgspec

from apps.commands.reasons import SENTENCES, Reason
from apps.degraded import CODES

_encode = msgspec.json.Encoder().encode


class Kind(NamedTuple):
    status: int
    sentence: str


#: Codes of this door alone, then those that the engine speaks as well.
PROBLEMS: dict[str, Kind] = {
    "BAD_HOST": Kind(400, "This installation does not answer to that host name."),
    "BAD_JSON": Kind(400, "The body is not strict JSON."),
    "INVALID_FIELD": Kind(400, SENTENCES[Reason.INVALID_FIELD]),
    "INVALID_NUMBER": Kind(400, SENTENCES[Reason.INVALID_NUMBER]),
    "UNKNOWN_SYMBOL": Kind(400, SENTENCES[Reason.UNKNOWN_SYMBOL]),
    "UNKNOWN_ASSET": Kind(400, SENTENCES[Reason.UNKNOWN_ASSET]),
    "NOT_LOGGED_IN": Kind(401, "Send an API key as a bearer token, or the cookie of a log-in."),
    "BAD_CREDENTIALS": Kind(401, "This key or log-in is not known, has ended, or has expired."),
    "CSRF": Kind(403, "A request with the cookie of a log-in must come from our own pages and carry their token."),
    "READ_ONLY_KEY": Kind(403, "This key may read and nothing else."),
    "WRONG_ADDRESS": Kind(403, "This key may not be used from this address."),
    "HTTPS_REQUIRED": Kind(403, "Use https: what was sent could be read on the way. Revoke the key that was in it."),
    "NOT_ALLOWED": Kind(403, SENTENCES[Reason.NOT_ALLOWED]),
    "NOT_FOUND": Kind(404, "There is nothing at this address."),
    "NO_ACCOUNT": Kind(404, "This log-in has no trading account."),
    "UNKNOWN_ORDER": Kind(404, "There is no such order on this account."),
    "UNKNOWN_ACCOUNT": Kind(404, SENTENCES[Reason.UNKNOWN_ACCOUNT]),
    "BAD_METHOD": Kind(405, "This address does not take this method."),
    "TOO_SLOW": Kind(408, "The body did not come in time. Nothing was sent to the engine."),
    "ID_REUSED": Kind(409, "This id was already used for something else. Nothing was done."),
    "TOO_LARGE": Kind(413, "The body is larger than 64 KB."),
    "NOT_JSON": Kind(415, "The content type must be application/json."),
    "TOO_FAST": Kind(429, "Too many requests at once. Nothing was done: send the same again after a moment."),
    "BUSY": Kind(429, "Too much is under way at once. Nothing was done: send the same again after a moment."),
    "TRADING_PAUSED": Kind(503, CODES["TRADING_PAUSED"]),
    "UNAVAILABLE": Kind(503, "No answer came in time, so it is not known whether this was done. Look it up, or send it again."),
    "ORDERS_PAUSED": Kind(503, SENTENCES[Reason.ORDERS_PAUSED]),
    "READ_UNAVAILABLE": Kind(503, "What is stored could not be read. Nothing was sent to the engine."),
    "INTERNAL_ERROR": Kind(500, "Something went wrong here. Look up what was sent before sending it again."),
}


class Problem(Exception):  # noqa: N818 - what RFC 9457 calls it
    """A request, or one item of it, that is not done as asked."""

    def __init__(
        self,
        code: str,
        sentence: str = "",
        *,
        field: str = "",
        value: str = "",
        resolve: str = "",
        retry_after_s: int | None = None,
        headers: tuple[tuple[bytes, bytes], ...] = (),
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = PROBLEMS[code].status
        self.sentence = sentence or PROBLEMS[code].sentence
        self.field = field
        self.value = value
        self.resolve = resolve
        self.retry_after_s = 1 if retry_after_s is None and self.status == 429 else retry_after_s
        self.headers = headers

    def members(self) -> dict[str, Any]:
        """As an item of a batch has it. ``field`` and ``value`` name what was wrong, ``resolve`` where to look for what became of
        it."""
        members: dict[str, Any] = {"code": self.code, "sentence": self.sentence}
        for name in ("field", "value", "resolve"):
            if text := getattr(self, name):
                members[name] = text
        if self.retry_after_s is not None:
            members["retry_after"] = self.retry_after_s
        return members

    def body(self) -> bytes:
        """As ``application/problem+json`` (RFC 9457), with members of our own."""
        return _encode({"type": "about:blank", "title": self.code, "status": self.status, **self.members()})


def bad_field(field: str, must: str, shown: str) -> Problem:
    """``shown`` is the value as ``core.numbers.shown`` makes it safe to repeat."""
    return Problem("INVALID_FIELD", f"{field} must be {must}, was {shown}", field=field, value=shown)


#: How often the engine looks whether there is room again.
_ROOM_AGAIN_S = 5


def refused(reason: str, message: str, field: str = "", value: str = "") -> Problem:
    """The engine's refusal: nothing was stored."""
    code = reason if reason in PROBLEMS else "INVALID_FIELD"
    plain = code in ("INVALID_FIELD", "INVALID_NUMBER")
    retry_after_s = _ROOM_AGAIN_S if code == Reason.ORDERS_PAUSED else None
    return Problem(code, message if plain else "", field=field, value=value, retry_after_s=retry_after_s)
