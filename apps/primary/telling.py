"""The pair as the settings name it, and as a person reads it."""

from pathlib import Path

from django.conf import settings

from apps.primary.generations import Place
from apps.primary.guarding import Pair
from apps.primary.looking import Sight
from apps.primary.witness import Note

_NAMES = {"NAME": "dbname", "USER": "user", "PASSWORD": "password"}


class NotAPairError(Exception):
    """DATABASE_URL names one server."""


def pair_of_settings() -> Pair:
    database = settings.DATABASES["default"]
    hosts, ports = str(database["HOST"]).split(","), str(database["PORT"]).split(",")
    if len(hosts) < 2:
        raise NotAPairError("DATABASE_URL names one server: there is none to take over")
    places = tuple(Place(host, port) for host, port in zip(hosts, ports, strict=True))
    login = {ours: str(database[theirs]) for theirs, ours in _NAMES.items() if database.get(theirs)}
    login |= {key: str(value) for key, value in database["OPTIONS"].items() if key.startswith("ssl")}
    return Pair(
        database=login,
        places=places,
        data=dict(zip(places, map(Path, settings.DATABASE_DATA_DIRS), strict=False)),
        note=settings.DATABASE_PAIR_NOTE,
        fence_command=settings.DATABASE_FENCE_COMMAND,
        wait_s=settings.DATABASE_STANDBY_WAIT_S,
    )


def lines(sights: list[Sight], note: Note | None) -> list[str]:
    """What both servers say of themselves, and what the guard noted."""
    if note is None:
        noted = "The guard has noted nothing: nobody knows whether the standby has all that was acknowledged."
    else:
        says = "every commit waits for the standby" if note.synchronous else "commits do not wait for a standby"
        noted = f"Noted {note.since}: {note.primary} leads on timeline {note.timeline}; {says}."
    return [*(f"{sight.place.host}:{sight.place.port}  {_line(sight)}" for sight in sights), noted]


def _line(sight: Sight) -> str:
    server = sight.server
    if server is None:
        return f"no answer: {sight.why_not}"
    if server.recovering:
        heard = "follows nobody now" if server.heard_s is None else f"heard of the primary {server.heard_s:.1f} s ago"
        return f"standby, {heard}"
    follower = server.follower
    if follower is None or not follower.streams:
        followed = "nobody follows"
    else:
        kind = "synchronous" if follower.synchronous else "not synchronous"
        followed = f"its standby is {kind}, {follower.behind or 0} bytes behind"
    return f"primary on timeline {server.timeline}, {followed}"
