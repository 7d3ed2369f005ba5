"""Asking for a deletion, and taking it back."""

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from apps.privacy.models import GRACE, Deletion
from apps.privacy.selectors import DeletionView, find_open


def ask_for_deletion(*, user_id: int, account_id: int) -> tuple[DeletionView, bool]:
    """Ask for it, in :data:`GRACE` from now; returns the open request, and whether this made it. Asked twice, it is one."""
    try:
        with transaction.atomic():
            Deletion.objects.create(user_id=user_id, account_id=account_id, asked_at=Now(), due_at=Now() + GRACE)
            is_new = True
    except IntegrityError:
        is_new = False
    found = find_open(user_id)
    if found is None:  # taken back between the two
        return ask_for_deletion(user_id=user_id, account_id=account_id)
    return found, is_new


def undo_deletion(user_id: int) -> bool:
    """Take back what is open; False when nothing is, or it is being carried out."""
    mine = Deletion.objects.filter(user_id=user_id, undone_at=None, done_at=None, shut_at=None, done_before_at=None)
    return mine.update(undone_at=Now()) == 1
