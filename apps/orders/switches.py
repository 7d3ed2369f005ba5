"""The dead man's switch as a person's pages show it.

The engine keeps one instant for the account and nothing of how it was chosen. For how long this log-in chose it, and whether its
pages may renew it by themselves, is in the session: what a program or another log-in has set is not this one's to put off.
"""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import HttpRequest

from apps.accounts.selectors import AccountView
from apps.orders.selectors_switch import SwitchFired, find_switch_fired

MINUTES = (1, 2, 5, 10, 15, 30, 60)
_KEY = "dead_mans_switch"


class SwitchForm(forms.Form):
    minutes = forms.TypedChoiceField(
        choices=[(minutes, "1 minute" if minutes == 1 else f"{minutes} minutes") for minutes in MINUTES],
        coerce=int,
        label="Cancel all my orders unless I renew within",
        initial=5,
    )
    by_itself = forms.BooleanField(required=False, label="Let my pages renew it by themselves")


@dataclass(frozen=True, slots=True)
class SwitchView:
    """``minutes`` is what this log-in chose, 0 when it chose nothing; ``fired`` what became of that, until it is put away."""

    fires_at: datetime | None
    minutes: int = 0
    by_itself: bool = False
    fired: SwitchFired | None = None

    @property
    def is_on(self) -> bool:
        return self.fires_at is not None

    @property
    def is_shown(self) -> bool:
        return self.is_on or self.fired is not None

    @property
    def fires_ms(self) -> int:
        """Milliseconds since 1970, for the countdown."""
        return 0 if self.fires_at is None else int(self.fires_at.timestamp() * 1000)

    @property
    def renewed_every_s(self) -> int:
        """A page renews it when half of its time is over; 0 when it may not."""
        return self.minutes * 30 if self.by_itself else 0


def switch_of(request: HttpRequest, account: AccountView) -> SwitchView:
    chosen = request.session.get(_KEY, {})
    minutes = chosen.get("minutes", 0)
    if account.dead_man_at is not None:
        return SwitchView(account.dead_man_at, minutes, bool(minutes and chosen.get("by_itself")))
    fired = find_switch_fired(account.id) if minutes else None
    if fired is None or fired.sequence <= chosen["known"]:
        return SwitchView(None)
    return SwitchView(None, minutes, fired=fired)


def remember(request: HttpRequest, account: AccountView, minutes: int, *, by_itself: bool) -> None:
    """This log-in sets it; if it fires after this, that is told."""
    before = find_switch_fired(account.id)
    request.session[_KEY] = {"minutes": minutes, "by_itself": by_itself, "known": before.sequence if before else 0}


def forget(request: HttpRequest) -> None:
    """This log-in has switched it off, or has read that it fired."""
    request.session.pop(_KEY, None)
