"""What a client asked and was told, a line of JSON each, written as it happens: what is checked afterwards is this and the
database.

A request has a line when it is sent and one when it is answered; one without a second line ended with the client. Times are
seconds since the beginning. A journal is bounded: the lane says how many requests there will be, and one that would not fit is
refused.
"""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import msgspec

#: Of an answer that is none: nobody knows whether it was done. Asked again with its id until it is known.
UNKNOWN = "UNKNOWN"


class Sent(msgspec.Struct, frozen=True, tag="sent", tag_field="e", omit_defaults=True):
    """``kind``: place, cancel, amend, cancel_all. ``order_id``: which order a cancel or an amendment is of."""

    id: str
    kind: str
    account_id: int
    due_s: float
    sent_s: float
    order_id: int = 0


class Answered(msgspec.Struct, frozen=True, tag="answered", tag_field="e", omit_defaults=True):
    """``status`` is HTTP's, 0 without an answer. ``outcome``: the order's status, a problem's code, or UNKNOWN. ``again``: the
    answer came to a repeat."""

    id: str
    at_s: float
    status: int
    outcome: str
    order_id: int = 0
    again: bool = False


class Pushed(msgspec.Struct, frozen=True, tag="pushed", tag_field="e"):
    """An account's event that a socket was sent."""

    account_id: int
    sequence: int
    type: str
    at_s: float


Line = Sent | Answered | Pushed
_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Line)
_BUFFERED_MAX = 200


class Journal:
    """Appends; what is buffered goes out with :meth:`flush`, which a client calls several times a second."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab")
        self._lines: list[bytes] = []

    def write(self, line: Line) -> None:
        self._lines.append(_encode(line))
        if len(self._lines) >= _BUFFERED_MAX:
            self.flush()

    def flush(self) -> None:
        if self._lines:
            self._file.write(b"\n".join(self._lines) + b"\n")
            self._file.flush()
            self._lines.clear()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.flush()
        self._file.close()


def read_journal(path: Path) -> Iterator[Line]:
    """The lines, oldest first. What a killed client left half written at the end is passed over; half a line elsewhere raises."""
    for line, _ in read_on(path, 0):
        yield line


def read_on(path: Path, begin: int) -> Iterator[tuple[Line, int]]:
    """The lines from the byte ``begin`` on, each with the byte behind it, for who reads while it is written."""
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(begin)
        for raw in file:
            begin += len(raw)
            if raw.endswith(b"\n"):
                yield _decoder.decode(raw), begin
