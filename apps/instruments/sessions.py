"""A trading session as a value, and the name of the calendar that never closes. What makes sessions is in ``calendars``."""

from dataclasses import dataclass
from datetime import datetime

#: The calendar of a market that never closes: its sessions are the UTC days, and end nothing but DAY orders.
AROUND_THE_CLOCK = "24x7"


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session, in UTC."""

    pre_open_at: datetime
    opens_at: datetime
    closes_at: datetime
