"""Lists and their entries. A place is a number from 1 on without gaps; a list without one was deleted and can be brought back."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

LISTS_MAX = 20
ENTRIES_MAX = 100
NAME_LENGTH_MAX = 40


class Watchlist(models.Model):
    """The places are what bounds the lists of an account. The newest deleted one is kept until another is deleted."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, db_index=False, related_name="+")
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    place = models.PositiveSmallIntegerField(null=True, help_text="Among the account's lists, from 1; empty: it was deleted.")
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(place__gte=1, place__lte=LISTS_MAX), name="watchlist_has_room"
            ),
            # Deferred, so that one statement may move several of them.
            models.UniqueConstraint(
                fields=["account", "place"], name="watchlist_alone_in_its_place", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["account"], condition=Q(place__isnull=True), name="watchlist_one_deleted"),
            models.CheckConstraint(
                condition=Q(place__isnull=True, deleted_at__isnull=False) | Q(place__isnull=False, deleted_at__isnull=True),
                name="watchlist_deleted_has_no_place",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(name__regex="[[:cntrl:]]"), name="watchlist_name_printable"),
        ]

    def __str__(self) -> str:
        return self.name


class WatchlistEntry(models.Model):
    """One instrument on one list."""

    id = models.BigAutoField(primary_key=True)
    watchlist = models.ForeignKey(Watchlist, on_delete=models.CASCADE, db_index=False, related_name="entries")
    instrument = models.ForeignKey("instruments.Instrument", on_delete=models.PROTECT, db_index=False, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "watchlist entries"
        constraints = [
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=ENTRIES_MAX), name="watchlist_entry_has_room"),
            models.UniqueConstraint(
                fields=["watchlist", "place"], name="watchlist_entry_alone_in_its_place", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["watchlist", "instrument"], name="watchlist_entry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} on {self.watchlist_id}"
