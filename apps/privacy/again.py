"""Deleting again who was deleted already, in books that were restored from a backup of before."""

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from apps.accounts.selectors_people import get_customers
from apps.privacy import kept_list
from apps.privacy.kept_list import Kept
from apps.privacy.models import Deletion

_CHUNK = 100


def ask_again(shelf: Path) -> int:
    """Make due whoever is on the list of ``shelf`` and in these books, not deleted; returns how many. Idempotent."""
    done = set(Deletion.objects.filter(done_at__isnull=False).values_list("user_id", flat=True))
    listed = [kept for kept in kept_list.read(shelf) if kept.user_id not in done]
    return sum(_ask_again(listed[at : at + _CHUNK]) for at in range(0, len(listed), _CHUNK))


def _ask_again(listed: Iterable[Kept]) -> int:
    people = get_customers([kept.account_id for kept in listed])
    found = 0
    for kept in listed:
        person = people.get(kept.account_id)
        # The numbers of somebody who was lost with the books may be another's by now.
        if person is not None and (person.user_id, person.joined_at) == (kept.user_id, kept.joined_at):
            _make_due(kept)
            found += 1
    return found


def _make_due(kept: Kept) -> None:
    with transaction.atomic():
        mine = Deletion.objects.filter(user_id=kept.user_id, undone_at=None, done_at=None)
        if not mine.update(done_before_at=kept.done_at):
            Deletion.objects.create(
                user_id=kept.user_id, account_id=kept.account_id, asked_at=kept.asked_at, due_at=kept.due_at,
                done_before_at=kept.done_at,
            )  # fmt: skip
