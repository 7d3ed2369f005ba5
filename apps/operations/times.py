"""How often is sampled, and how long a slot of the history is. Pure."""

from datetime import datetime, timedelta

EVERY = timedelta(seconds=15)
SLOT = timedelta(minutes=15)


def floor(at: datetime, step: timedelta) -> datetime:
    """The beginning of the ``step`` of the day that ``at`` lies in."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (at - midnight) // step * step
