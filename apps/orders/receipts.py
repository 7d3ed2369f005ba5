"""An order's receipt as its page shows it: the moments from the click to the screen, and why one is missing. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.receipts.selectors import Door, StoredReceipt

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """``since_first`` and ``since_before`` as they are shown, empty for the first. ``claimed``: no server knows it."""

    name: str
    label: str
    meaning: str
    at: datetime
    since_first: str
    since_before: str
    claimed: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """``moments`` in the order of their times, the commit always among them. ``missing`` is a sentence for each that is not."""

    summary: str
    moments: tuple[Moment, ...]
    missing: tuple[str, ...]


_LABELS = {
    "clicked": ("Clicked", "as the browser says, its clock set by the server's"),
    "received": ("Received", "the request reached a server of the exchange"),
    "committed": ("Committed", "the engine decided, and wrote it down for good in the same step"),
    "pushed": ("Pushed", "the stream handed the decision to the first open page of the account"),
    "painted": ("Painted", "as the browser says: the result was on the screen"),
}
_CLAIMS = ("clicked", "painted")


def receipt_of(committed_at: datetime, stored: StoredReceipt | None) -> Receipt:
    """The receipt of an order that was decided at ``committed_at``; ``stored`` is what was kept beside, if anything was."""
    kept = stored or StoredReceipt(None, None, None, None, None)
    times = {
        "clicked": kept.clicked_at,
        "received": kept.received_at,
        "committed": committed_at,
        "pushed": kept.pushed_at,
        "painted": kept.painted_at,
    }
    known = sorted(((at, place, name) for place, (name, at) in enumerate(times.items()) if at is not None))
    moments: list[Moment] = []
    before = known[0][0]
    for at, _, name in known:
        label, meaning = _LABELS[name]
        since = ("", "") if not moments else (span(at - known[0][0]), span(at - before))
        moments.append(Moment(name, label, meaning, at, *since, claimed=name in _CLAIMS))
        before = at
    return Receipt(_summary(kept, committed_at), tuple(moments), _missing(kept))


def span(time: timedelta) -> str:
    """A time as a person reads it: ``0.4 ms``, ``12 ms``, ``1.28 s``. It is never less than 0, though clocks disagree."""
    microseconds = max(0, time // _MICROSECOND)
    if microseconds < 10_000:
        tenths = (microseconds + 50) // 100
        return f"{tenths // 10}.{tenths % 10} ms"
    if microseconds < 1_000_000:
        return f"{(microseconds + 500) // 1_000} ms"
    hundredths = (microseconds + 5_000) // 10_000
    return f"{hundredths // 100}.{hundredths % 100:02d} s"


def _summary(kept: StoredReceipt, committed_at: datetime) -> str:
    """In one sentence; empty when nothing was kept but the decision."""
    parts = []
    if kept.clicked_at and kept.received_at:
        parts.append(f"from the click to the exchange {span(kept.received_at - kept.clicked_at)}")
    if kept.received_at:
        parts.append(f"decided and committed within {span(committed_at - kept.received_at)}")
    if kept.clicked_at and kept.painted_at:
        parts.append(f"on the screen {span(kept.painted_at - kept.clicked_at)} after the click")
    elif kept.pushed_at:
        parts.append(f"pushed {span(kept.pushed_at - committed_at)} later")
    text = ", ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _missing(kept: StoredReceipt) -> tuple[str, ...]:
    """Why something is not known, as fairly as it can be said."""
    if kept.door is None:
        return (
            "When the order was received was not kept: the engine made it itself, it came while very many came, its answer was"
            " lost on the way, or it is more than 90 days old.",
        )
    found = []
    if kept.door is Door.PROGRAM:
        found.append("A program sent the order: there was no click, and no screen.")
    elif kept.clicked_at is None and kept.painted_at is None:
        found.append("The browser told neither the click nor the painting: it runs no scripts, or the page was closed at once.")
    elif kept.clicked_at is None:
        found.append("The browser did not tell a plausible time of the click.")
    elif kept.painted_at is None:
        found.append("The browser did not tell when the result was on the screen: the page was closed or hidden.")
    if kept.pushed_at is None:
        found.append("No page of the account was connected to the stream when it was decided.")
    return tuple(found)
