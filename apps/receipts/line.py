"""From what a process notes to the table: nobody waits, and nothing grows.

A note is put into a bounded queue; a thread writes what has come, half a second later, a batch in a few statements. A note whose
row is not there yet (the browser was faster than another process's batch) waits for some seconds. While Postgres is away the
notes wait; those for which there is no room are left out. A process that ends loses what it has not written, half a second of
receipts.
"""

import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import structlog
from django.db import InterfaceError, OperationalError, connection

from apps.core.clock import instant
from apps.observability import metrics

log = structlog.get_logger(__name__)

WRITE_EVERY_S = 0.5
BATCH_MAX = 250
#: Pages leave this many places in each process; programs, which come in thousands a second, only the first quarter of them.
ROOM = 2_000
ROOM_OF_PROGRAMS = ROOM // 4
#: So long may a browser's note wait for the row that it adds to.
PATIENCE_S = 10.0
PAUSE_S = 2.0

_KEPT = metrics.RECEIPT_NOTES.labels("kept")
_DROPPED = metrics.RECEIPT_NOTES.labels("dropped")
_UNMATCHED = metrics.RECEIPT_NOTES.labels("unmatched")

# The order's row, once: what is known of it stays as it is.
_WRITE = """
INSERT INTO receipts_receipt AS kept (order_id, account_id, door, received_at, pushed_at, noted_at)
SELECT told.*, now() FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[]) AS told
ON CONFLICT (order_id) DO UPDATE
   SET door = CASE WHEN kept.received_at IS NULL THEN EXCLUDED.door ELSE kept.door END,
       received_at = coalesce(kept.received_at, EXCLUDED.received_at),
       pushed_at = coalesce(kept.pushed_at, EXCLUDED.pushed_at)
 WHERE kept.account_id = EXCLUDED.account_id
   AND (kept.received_at IS NULL AND EXCLUDED.received_at IS NOT NULL
        OR kept.pushed_at IS NULL AND EXCLUDED.pushed_at IS NOT NULL)
"""
# A claim adds to a row of the claimant's own account, where it is plausible; the bound is the one of the table's constraints.
_CLAIM = """
UPDATE receipts_receipt AS kept
   SET clicked_at = coalesce(kept.clicked_at, CASE
           WHEN told.clicked_at BETWEEN kept.received_at - interval '60 s' AND kept.received_at THEN told.clicked_at END),
       painted_at = coalesce(kept.painted_at, CASE
           WHEN told.painted_at BETWEEN kept.received_at AND kept.received_at + interval '60 s' THEN told.painted_at END)
  FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
       AS told(order_id, account_id, clicked_at, painted_at)
 WHERE kept.order_id = told.order_id AND kept.account_id = told.account_id AND kept.door = 'PAGE'
RETURNING kept.order_id, kept.account_id
"""
# What an order's page showed, once: the same ticket sent again changes nothing.
_SHOW = """
INSERT INTO receipts_shownquote (order_id, account_id, epoch, sequence, quoted_at, bid, ask, was_asked, noted_at)
SELECT told.*, now() FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::numeric[],
                                 %s::numeric[], %s::boolean[]) AS told
ON CONFLICT (order_id) DO NOTHING
"""


class Known(NamedTuple):
    """What a server knows of an order: its receiving, with the door, or a push, without one. Nanoseconds since 1970, 0 for what
    it does not know: it is made for every order, so nothing is computed yet."""

    order_id: int
    account_id: int
    door: str
    received_ns: int
    pushed_ns: int


class Claim(NamedTuple):
    """What a browser says of an order that the account placed, in nanoseconds since 1970, 0 for what it does not say. ``until_s``
    (monotonic) is how long it waits for its row."""

    order_id: int
    account_id: int
    clicked_ns: int
    painted_ns: int
    until_s: float


class Shown(NamedTuple):
    """The quote that an order's page showed. ``quoted_at`` is the feed's instant; ``was_asked``: a question had it."""

    order_id: int
    account_id: int
    epoch: int
    sequence: int
    quoted_at: datetime
    bid: Decimal
    ask: Decimal
    was_asked: bool


class ReceiptLine:
    """Notes may come from any thread; they are written by one."""

    def __init__(self) -> None:
        self._known: deque[Known] = deque()
        self._claims: deque[Claim] = deque()
        self._shown: deque[Shown] = deque()
        self._news = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Write from now on what is noted. Server processes do; a command that places an order leaves no receipt."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="receipts", daemon=True)
            self._thread.start()

    def note(self, known: Known, *, room: int = ROOM) -> None:
        self._put(self._known, known, room)

    def claim(self, claim: Claim) -> None:
        self._put(self._claims, claim, ROOM)

    def show(self, shown: Shown) -> None:
        self._put(self._shown, shown, ROOM)

    def _put(self, queue: deque[Known] | deque[Claim] | deque[Shown], note: Known | Claim | Shown, room: int) -> None:
        if len(queue) >= room:
            _DROPPED.inc()
            return
        queue.append(note)  # type: ignore[arg-type]
        if not self._news.is_set():
            self._news.set()

    def flush(self) -> None:
        """Write a batch of what waits. Raises OperationalError while Postgres is away; then all of it waits still."""
        known = [self._known.popleft() for _ in range(min(len(self._known), BATCH_MAX))]
        claims = [self._claims.popleft() for _ in range(min(len(self._claims), BATCH_MAX))]
        shown = [self._shown.popleft() for _ in range(min(len(self._shown), BATCH_MAX))]
        try:
            if known:
                _write(known)
            if shown:
                _execute(_SHOW, sorted(shown))
            unmatched = _claim(claims) if claims else []
        except (OperationalError, InterfaceError):
            # Writing twice changes nothing.
            self._known.extendleft(reversed(known))
            self._claims.extendleft(reversed(claims))
            self._shown.extendleft(reversed(shown))
            raise
        now_s = time.monotonic()
        waiting = [claim for claim in unmatched if claim.until_s > now_s]
        self._claims.extend(waiting)
        _KEPT.inc(len(known) + len(shown) + len(claims) - len(unmatched))
        _UNMATCHED.inc(len(unmatched) - len(waiting))

    def _run(self) -> None:
        while True:
            self._news.wait()
            self._news.clear()
            time.sleep(WRITE_EVERY_S)  # what comes meanwhile is written together
            try:
                self.flush()
            except (OperationalError, InterfaceError) as error:
                log.warning("receipts_not_written", error=str(error), waiting=self._waiting())
                time.sleep(PAUSE_S)
            except Exception:
                log.exception("receipts_failed")  # that batch is out of the queue, and the later ones are written
            finally:
                connection.close()  # back to the pool
            if self._waiting():
                self._news.set()

    def _waiting(self) -> int:
        return len(self._known) + len(self._claims) + len(self._shown)


def _write(notes: Sequence[Known]) -> None:
    """Each order once, or the statement would meet its own row."""
    merged: dict[int, Known] = {}
    for note in notes:
        first = merged.get(note.order_id)
        merged[note.order_id] = note if first is None else _merged(first, note)
    # In the order of the ids, so that two processes with the same orders wait for each other, and not both.
    _execute(_WRITE, (_with_instants(note[:3], note[3:]) for note in sorted(merged.values())))


def _merged(first: Known, second: Known) -> Known:
    return first._replace(
        door=first.door or second.door,
        received_ns=first.received_ns or second.received_ns,
        pushed_ns=first.pushed_ns or second.pushed_ns,
    )


def _claim(claims: Sequence[Claim]) -> list[Claim]:
    """Write what is claimed; returns the claims whose order has no row of that account."""
    found = set(_execute(_CLAIM, (_with_instants(claim[:2], claim[2:4]) for claim in claims)))
    return [claim for claim in claims if (claim.order_id, claim.account_id) not in found]


def _with_instants(row: Sequence[object], times_ns: Sequence[int]) -> tuple[object, ...]:
    return (*row, *(instant(at_ns) if at_ns else None for at_ns in times_ns))


def _execute(statement: str, rows: Iterable[Sequence[object]]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
        return cursor.fetchall() if cursor.description else []


_line = ReceiptLine()


def receipt_line() -> ReceiptLine:
    """The one of this process."""
    return _line
