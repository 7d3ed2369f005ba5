"""Who asked for the deletion of their data, and what became of it: numbers and instants, no name, kept for ever."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

#: How long a person may change their mind.
GRACE = timedelta(days=14)


class Deletion(models.Model):
    """One request. It ends by being undone, or by being done; until then it is open, and a person has one open one at most.

    ``shut_at`` is when the log-in was closed, some seconds before the deletion itself, so that nothing is under way then.
    ``put_off_at`` is when its owner was first told that something stands in the way of one that is due. ``done_before_at`` is of
    a person who was deleted already, in books that were lost: nothing stands in the way of that one. Plain numbers and no keys:
    what is written here outlives what it is about.
    """

    id = models.BigAutoField(primary_key=True)
    user_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    asked_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(help_text="From then on it is carried out, at night.")
    undone_at = models.DateTimeField(null=True, blank=True)
    shut_at = models.DateTimeField(null=True, blank=True, help_text="When the log-in was closed for it.")
    put_off_at = models.DateTimeField(null=True, blank=True, help_text="When its owner was told that something is in the way.")
    done_before_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When it was carried out in books that were lost; a restored backup had the person again.",
    )
    done_at = models.DateTimeField(null=True, blank=True, help_text="When everything personal was overwritten or removed.")

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "-id"], name="deletion_of_account"),
            models.Index(fields=["user_id", "-id"], name="deletion_of_user"),
            models.Index(fields=["due_at"], condition=Q(undone_at__isnull=True, done_at__isnull=True), name="deletion_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user_id"], condition=Q(undone_at__isnull=True, done_at__isnull=True), name="deletion_open_once"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("asked_at") + GRACE), name="deletion_leaves_time_to_think"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(done_at__isnull=True, shut_at__isnull=True, done_before_at__isnull=True),
                name="deletion_undone_or_done",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(shut_at__isnull=False, done_at__gte=F("due_at")),
                name="deletion_done_when_due",
            ),
        ]

    def __str__(self) -> str:
        return f"deletion {self.pk} of account {self.account_id}"
