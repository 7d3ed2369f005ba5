"""How long an answer that was lost is looked for before it is found out for certain: the instants that pages name. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

#: How long what has no answer is only looked for.
CHECK_S = 15
#: With an engine that is still away then, it is tried again for so long, and so on.
AGAIN_S = 15
#: Older than this it is nothing that somebody waits for.
ASKED_AGE_MAX = timedelta(days=1)
_ASKED_MS_MAX = 32_503_680_000_000  # the year 3000


def read_asked_at(text: str, now: datetime) -> datetime:
    """When it was sent, as an address says it in ms; just now where that is missing or makes no sense."""
    asked_at = now
    if text.isascii() and text.isdigit() and int(text[:15]) < _ASKED_MS_MAX:
        asked_at = datetime.fromtimestamp(int(text[:15]) // 1000, UTC)
    return max(min(asked_at, now), now - ASKED_AGE_MAX)


def write_asked_at(asked_at: datetime) -> str:
    return str(int(asked_at.timestamp() * 1000))


def first_until(asked_at: datetime) -> datetime:
    """Until when it is only looked for: to the whole second above, as it is shown."""
    return (asked_at + timedelta(seconds=CHECK_S + 1)).replace(microsecond=0)


def next_until(asked_at: datetime, now: datetime) -> datetime:
    """The time to name: the first, or, when that has passed, the end of the present try."""
    first = first_until(asked_at)
    steps = (now - first) // timedelta(seconds=AGAIN_S) + 1 if now >= first else 0
    return first + steps * timedelta(seconds=AGAIN_S)


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that was sent ``asked_at`` and not answered, as far as the page that looks for it knows: it goes along in its
    address. ``back`` is the page of the form, where it can be wanted again; empty when there is none."""

    command_id: str
    asked_at: datetime
    back: str = ""

    def is_late(self, now: datetime) -> bool:
        return now >= first_until(self.asked_at)

    def until(self, now: datetime) -> datetime:
        return next_until(self.asked_at, now)

    @property
    def query(self) -> str:
        return urlencode({"asked": write_asked_at(self.asked_at)} | ({"next": self.back} if self.back else {}))
