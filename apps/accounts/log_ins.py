"""Log-ins of a person: where they are logged in, since when, and the end of it.

A log-in is a session (``django_session``) and what allauth notes about it. Ending it removes both: the next request is a
visitor's, and the stream closes its sockets at its next look.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

#: Where a person is logged in more often than this, the oldest log-in ends.
LOG_INS_MAX = 30
#: "Last seen" is this exact, and costs no write more often.
SEEN_EVERY_S = 300.0
_KEYS_MAX = 10_000
_CHUNK = 1_000
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class LogInView:
    """One place where a person is logged in. ``is_current``: the one that asks."""

    id: int
    device: str
    ip: str
    began_at: datetime
    seen_at: datetime
    is_current: bool


def list_log_ins(user_id: int, current_key: str | None) -> list[LogInView]:
    """Return the log-ins that still hold, the current one first, then the one seen last."""
    rows = _living(user_id).order_by("-last_seen_at", "-pk")[:LOG_INS_MAX]
    views = [
        LogInView(row.pk, device_of(row.user_agent), row.ip, row.created_at, row.last_seen_at, row.session_key == current_key)
        for row in rows
    ]
    return sorted(views, key=lambda view: not view.is_current)


def device_of(user_agent: str) -> str:
    """Return what a person would call it: "Firefox on Linux"."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " on ".join(part for part in (browser, system) if part) or "Unknown device"


def end_log_in(user_id: int, log_in_id: int) -> bool:
    """End one log-in of the user; False when the user has no such log-in."""
    return _end(UserSession.objects.filter(user_id=user_id, pk=log_in_id)) > 0


def end_log_ins(user_id: int, *, except_key: str | None = None) -> int:
    """End every log-in of the user, but the one whose session key is ``except_key``; return how many there were."""
    rows = UserSession.objects.filter(user_id=user_id)
    return _end(rows.exclude(session_key=except_key) if except_key else rows)


def end_oldest_log_ins(user_id: int) -> None:
    """Keep the newest :data:`LOG_INS_MAX`."""
    oldest = list(UserSession.objects.filter(user_id=user_id).order_by("-pk").values_list("pk", flat=True)[LOG_INS_MAX:])
    if oldest:
        _end(UserSession.objects.filter(pk__in=oldest))


def end_sessions_that_name(people: Mapping[int, str]) -> int:
    """End every session that is of one of ``people``, by id, or has the address in it; return how many there were.

    A log-in that was never finished, and a case of the staff that searched for the address, are noted nowhere: all are read.
    """
    ids, addresses = {str(user_id) for user_id in people}, tuple(address.lower() for address in people.values())
    last, ended = "", 0
    while rows := list(Session.objects.filter(pk__gt=last).order_by("pk")[:_CHUNK]):
        last = rows[-1].pk
        told = ((row.pk, row.get_decoded()) for row in rows)
        keys = [key for key, data in told if data.get(SESSION_KEY) in ids or _names(json.dumps(data, default=str), addresses)]
        if keys:
            ended += _end_sessions(keys)
    return ended


def _names(text: str, addresses: tuple[str, ...]) -> bool:
    lowered = text.lower()
    return any(address in lowered for address in addresses)


def forget_log_in(session_key: str) -> None:
    """The session has ended by itself."""
    UserSession.objects.filter(session_key=session_key).delete()


def _living(user_id: int) -> QuerySet[UserSession]:
    sessions = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return UserSession.objects.filter(user_id=user_id, session_key__in=sessions)


def _end(rows: QuerySet[UserSession]) -> int:
    with transaction.atomic():
        keys = list(rows.values_list("session_key", flat=True))
        _end_sessions(keys)
    return len(keys)


def _end_sessions(keys: list[str]) -> int:
    with transaction.atomic():
        ended, _ = Session.objects.filter(session_key__in=keys).delete()
        UserSession.objects.filter(session_key__in=keys).delete()
    return ended


class SeenNotes:
    """Notes when a log-in was last seen, at most once in :data:`SEEN_EVERY_S` a process. Bounded; lost at a restart."""

    def __init__(self) -> None:
        self._noted_s: OrderedDict[str, float] = OrderedDict()

    def is_due(self, session_key: str, now_s: float) -> bool:
        return now_s - self._noted_s.get(session_key, float("-inf")) >= SEEN_EVERY_S

    def note(self, session_key: str, user_id: int, *, ip: str, user_agent: str, now_s: float) -> None:
        """Write it down when it is due."""
        if not self.is_due(session_key, now_s):
            return
        self._noted_s.pop(session_key, None)
        self._noted_s[session_key] = now_s
        if len(self._noted_s) > _KEYS_MAX:
            self._noted_s.popitem(last=False)
        row = UserSession(session_key=session_key, user_id=user_id, ip=ip, user_agent=user_agent, last_seen_at=timezone.now())
        UserSession.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["session_key"],
            update_fields=["user_id", "ip", "user_agent", "last_seen_at"],
        )
