"""By what a page that stays open finds out that an instrument's trading state is another one now."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def mark_of(changed_at: datetime, paused_until: datetime | None, *, is_killed: bool) -> str:
    """A short text that is another one whenever what a page says of the state may be: it is compared, and means nothing else."""
    paused = 0 if paused_until is None else _micros(paused_until)
    return f"{_micros(changed_at):x}-{paused:x}{'-killed' if is_killed else ''}"


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)
