"""Reading lists, as plain values. Models stay inside this app; a list is always looked up from the account it belongs to."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.watchlists.models import ENTRIES_MAX, LISTS_MAX, Watchlist

#: So long a deleted list is offered back.
UNDO_WITHIN = timedelta(hours=1)


class WatchlistNotFoundError(LookupError):
    """There is no such list on this account. The same for a list of someone else: its existence is not told."""


@dataclass(frozen=True, slots=True)
class WatchlistView:
    """A list, and the ids of its instruments in its own order."""

    id: int
    name: str
    instrument_ids: tuple[int, ...]

    @property
    def is_full(self) -> bool:
        return len(self.instrument_ids) >= ENTRIES_MAX


@dataclass(frozen=True, slots=True)
class WatchlistsView:
    """All lists of an account in their order. ``deleted`` is the one that can still be brought back, None without one."""

    lists: tuple[WatchlistView, ...] = ()
    deleted: WatchlistView | None = None

    @property
    def is_full(self) -> bool:
        return len(self.lists) >= LISTS_MAX

    @property
    def watched_ids(self) -> frozenset[int]:
        """Of every instrument that is on some list."""
        return frozenset(instrument_id for each in self.lists for instrument_id in each.instrument_ids)

    def find(self, watchlist_id: int) -> WatchlistView | None:
        return next((each for each in self.lists if each.id == watchlist_id), None)

    def with_instrument(self, instrument_id: int) -> frozenset[int]:
        """The ids of the lists that the instrument is on."""
        return frozenset(each.id for each in self.lists if instrument_id in each.instrument_ids)


def list_watchlists(account_id: int, now: datetime | None = None) -> WatchlistsView:
    """Every list of the account with its instruments, in one query. With ``now``, the deleted one that may come back too."""
    found = Watchlist.objects.filter(account_id=account_id).order_by("place", "entries__place")
    entries: dict[tuple[int, str, int | None, datetime | None], list[int]] = defaultdict(list)
    columns = ("pk", "name", "place", "deleted_at", "entries__instrument_id")
    for pk, name, place, deleted_at, instrument_id in found.values_list(*columns):
        entries[pk, name, place, deleted_at] += [] if instrument_id is None else [instrument_id]
    lists, gone = [], None
    for (pk, name, place, deleted_at), instrument_ids in entries.items():
        view = WatchlistView(pk, name, tuple(instrument_ids))
        if place is not None:
            lists.append(view)
        elif now is not None and deleted_at is not None and now - deleted_at < UNDO_WITHIN:
            gone = view
    return WatchlistsView(tuple(lists), gone)
