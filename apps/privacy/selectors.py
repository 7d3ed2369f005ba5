"""Who asked for a deletion, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Now

from apps.privacy.models import Deletion


@dataclass(frozen=True, slots=True)
class DeletionView:
    """A request that was not undone. ``due_at`` is the first instant at which it may be carried out."""

    id: int
    user_id: int
    account_id: int
    asked_at: datetime
    due_at: datetime
    put_off_at: datetime | None
    done_before_at: datetime | None
    done_at: datetime | None

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


def find_open(user_id: int) -> DeletionView | None:
    """What the person has asked for and may still take back."""
    row = Deletion.objects.filter(user_id=user_id, undone_at=None, done_at=None).first()
    return _view(row) if row else None


def find_of_account(account_id: int) -> DeletionView | None:
    """The newest request of an account that was not undone: open, or done."""
    row = Deletion.objects.filter(account_id=account_id, undone_at=None).order_by("-id").first()
    return _view(row) if row else None


def list_due() -> tuple[DeletionView, ...]:
    """Every open one whose time has come, by the database's clock, the longest due first."""
    rows = Deletion.objects.filter(undone_at=None, done_at=None, due_at__lte=Now()).order_by("due_at", "id")
    return tuple(_view(row) for row in rows)


def _view(row: Deletion) -> DeletionView:
    return DeletionView(
        row.pk, row.user_id, row.account_id, row.asked_at, row.due_at, row.put_off_at, row.done_before_at, row.done_at
    )
