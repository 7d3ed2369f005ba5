"""Changing lists. Whatever changes an account's lists waits for whoever changes them just now; the database holds the bounds.

All of it is the account's own: another account's list raises ``WatchlistNotFoundError``, as one that never was.
"""

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone

from apps.core.checks import check
from apps.watchlists.models import ENTRIES_MAX, LISTS_MAX, Watchlist, WatchlistEntry
from apps.watchlists.selectors import WatchlistNotFoundError

#: What the first star makes.
DEFAULT_NAME = "My list"


class TooManyListsError(Exception):
    """The account has as many lists as it may."""


class WatchlistFullError(Exception):
    """The list has as many instruments as it may."""


def watch(*, account_id: int, instrument_id: int, watchlist_id: int | None = None) -> int:
    """Put the instrument at the end of the list, unless it is there, and return the list's id.

    Without ``watchlist_id`` it is the account's first list, which is made if there is none.
    """
    with transaction.atomic():
        _lock(account_id)
        row = _get(account_id, watchlist_id) if watchlist_id is not None else _first(account_id)
        known = _instrument_ids(row)
        if instrument_id not in known:
            if len(known) >= ENTRIES_MAX:
                raise WatchlistFullError
            WatchlistEntry.objects.create(watchlist=row, instrument_id=instrument_id, place=len(known) + 1)
        return row.pk


def unwatch(*, account_id: int, instrument_id: int, watchlist_id: int | None = None) -> None:
    """Take the instrument off the list, or off every list of the account without ``watchlist_id``."""
    with transaction.atomic():
        _lock(account_id)
        if watchlist_id is not None:
            rows = [_get(account_id, watchlist_id)]
        else:
            rows = list(Watchlist.objects.filter(account_id=account_id, place__isnull=False).order_by("place"))
        for row in rows:
            known = _instrument_ids(row)
            if instrument_id in known:
                WatchlistEntry.objects.filter(watchlist=row, instrument_id=instrument_id).delete()
                _arrange(row, [each for each in known if each != instrument_id])


def move(*, account_id: int, watchlist_id: int, instrument_id: int, before_id: int | None) -> None:
    """Put the instrument before another one of the list; at its end with None. What is not on the list changes nothing."""
    with transaction.atomic():
        _lock(account_id)
        row = _get(account_id, watchlist_id)
        known = _instrument_ids(row)
        if instrument_id not in known or before_id == instrument_id:
            return
        rest = [each for each in known if each != instrument_id]
        at = rest.index(before_id) if before_id in rest else len(rest)
        _arrange(row, [*rest[:at], instrument_id, *rest[at:]])


def step(*, account_id: int, watchlist_id: int, instrument_id: int, up: bool) -> None:
    """Exchange the instrument with its neighbour, if it has one on that side."""
    with transaction.atomic():
        _lock(account_id)
        row = _get(account_id, watchlist_id)
        known = _instrument_ids(row)
        if instrument_id not in known:
            return
        here = known.index(instrument_id)
        there = here - 1 if up else here + 1
        if 0 <= there < len(known):
            known[here], known[there] = known[there], known[here]
            _arrange(row, known)


def create_watchlist(*, account_id: int, name: str) -> int:
    """Make an empty list behind the others and return its id."""
    with transaction.atomic():
        _lock(account_id)
        return _create(account_id, name).pk


def rename_watchlist(*, account_id: int, watchlist_id: int, name: str) -> None:
    with transaction.atomic():
        _lock(account_id)
        _get(account_id, watchlist_id)
        Watchlist.objects.filter(pk=watchlist_id).update(name=name)


def move_watchlist(*, account_id: int, watchlist_id: int, before_id: int | None) -> None:
    """Put the list before another one of the account; behind all with None. One that is not there changes nothing."""
    with transaction.atomic():
        _lock(account_id)
        _get(account_id, watchlist_id)
        if before_id == watchlist_id:
            return
        rest = [each for each in _list_ids(account_id) if each != watchlist_id]
        at = rest.index(before_id) if before_id in rest else len(rest)
        _arrange_lists(account_id, [*rest[:at], watchlist_id, *rest[at:]])


def step_watchlist(*, account_id: int, watchlist_id: int, up: bool) -> None:
    """Exchange the list with its neighbour, if it has one on that side."""
    with transaction.atomic():
        _lock(account_id)
        _get(account_id, watchlist_id)
        known = _list_ids(account_id)
        here = known.index(watchlist_id)
        there = here - 1 if up else here + 1
        if 0 <= there < len(known):
            known[here], known[there] = known[there], known[here]
            _arrange_lists(account_id, known)


def delete_watchlist(*, account_id: int, watchlist_id: int) -> None:
    """Take the list away; until the next one is deleted it can be brought back."""
    with transaction.atomic():
        _lock(account_id)
        row = _get(account_id, watchlist_id)
        Watchlist.objects.filter(account_id=account_id, place__isnull=True).delete()
        Watchlist.objects.filter(pk=row.pk).update(place=None, deleted_at=timezone.now())
        behind = Watchlist.objects.filter(account_id=account_id, place__gt=row.place).order_by("place")
        for place, pk in enumerate(behind.values_list("pk", flat=True), start=row.place or 1):
            Watchlist.objects.filter(pk=pk).update(place=place)


def restore_watchlist(*, account_id: int, watchlist_id: int) -> None:
    """Bring back the list that was deleted last, behind the others; raises :class:`TooManyListsError` when there is no room."""
    with transaction.atomic():
        _lock(account_id)
        row = Watchlist.objects.filter(account_id=account_id, pk=watchlist_id).first()
        if row is None:
            raise WatchlistNotFoundError
        if row.place is None:
            Watchlist.objects.filter(pk=row.pk).update(place=_next_place(account_id), deleted_at=None)


def _lock(account_id: int) -> None:
    """The account's own row is the engine's to lock, so this is a lock of another kind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('watchlists', %s))", [account_id])


def _get(account_id: int, watchlist_id: int) -> Watchlist:
    row = Watchlist.objects.filter(account_id=account_id, pk=watchlist_id, place__isnull=False).first()
    if row is None:
        raise WatchlistNotFoundError
    return row


def _first(account_id: int) -> Watchlist:
    found = Watchlist.objects.filter(account_id=account_id, place__isnull=False).order_by("place").first()
    return found or _create(account_id, DEFAULT_NAME)


def _create(account_id: int, name: str) -> Watchlist:
    return Watchlist.objects.create(account_id=account_id, name=name, place=_next_place(account_id))


def _next_place(account_id: int) -> int:
    count = Watchlist.objects.filter(account_id=account_id, place__isnull=False).count()
    if count >= LISTS_MAX:
        raise TooManyListsError
    return count + 1


def _instrument_ids(row: Watchlist) -> list[int]:
    return list(WatchlistEntry.objects.filter(watchlist=row).order_by("place").values_list("instrument_id", flat=True))


def _list_ids(account_id: int) -> list[int]:
    rows = Watchlist.objects.filter(account_id=account_id, place__isnull=False).order_by("place")
    return list(rows.values_list("pk", flat=True))


def _arrange_lists(account_id: int, watchlist_ids: Sequence[int]) -> None:
    """Number the lists anew, in this order: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE watchlists_watchlist AS list SET place = wanted.place"
            " FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted (id, place)"
            " WHERE list.account_id = %s AND list.id = wanted.id AND list.place <> wanted.place",
            [list(watchlist_ids), account_id],
        )


def _arrange(row: Watchlist, instrument_ids: Sequence[int]) -> None:
    """Number the entries anew, in this order: one statement."""
    check(len(instrument_ids) <= ENTRIES_MAX, f"a list has at most {ENTRIES_MAX} instruments, was {len(instrument_ids)}")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE watchlists_watchlistentry AS entry SET place = wanted.place"
            " FROM unnest(%s::int[]) WITH ORDINALITY AS wanted (instrument_id, place)"
            " WHERE entry.watchlist_id = %s AND entry.instrument_id = wanted.instrument_id AND entry.place <> wanted.place",
            [list(instrument_ids), row.pk],
        )
