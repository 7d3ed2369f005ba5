"""When the dead man's switch of an account last fired."""

from dataclasses import dataclass
from datetime import datetime

from apps.orders.models import AccountEvent

#: So many of the account's newest events are looked at: no index is kept of what hardly ever happens.
LOOKED_AT_MAX = 500


@dataclass(frozen=True, slots=True)
class SwitchFired:
    """``canceled`` open orders were canceled ``at`` that instant. ``sequence`` is the engine's, of the event."""

    sequence: int
    at: datetime
    canceled: int


def find_switch_fired(account_id: int) -> SwitchFired | None:
    """The last time, if that is among the newest events of the account."""
    newest = AccountEvent.objects.filter(account_id=account_id).order_by("-account_sequence").values_list("type", "id")
    found = next((event_id for kind, event_id in newest[:LOOKED_AT_MAX] if kind == "DEAD_MANS_SWITCH_FIRED"), None)
    if found is None:
        return None
    event = AccountEvent.objects.get(pk=found)
    return SwitchFired(sequence=event.pk, at=event.at, canceled=int(event.data["canceled"]))
