"""Carrying out a deletion: closing the log-in, and some seconds later the overwriting, all of it in one transaction.

What is done with each table is the catalogue's to say. The transaction carries its own instant in ``privacy_deletion.done_at``,
which opens the doors of the tables that refuse every other change (migration 0001). A process that dies leaves everything or
nothing; whoever comes next goes on from ``shut_at``.
"""

from collections.abc import Iterator, Mapping

from django.contrib.postgres.functions import TransactionNow
from django.db import connection, transaction
from django.db.models.functions import Now

from apps.accounts.log_ins import end_log_ins
from apps.accounts.selectors_people import CustomerView, get_customers
from apps.core.failpoint import failpoint
from apps.privacy import kept_list
from apps.privacy.catalogue import LEFT_OUT, PARTS, Fate, Owner, Part
from apps.privacy.models import Deletion
from apps.privacy.obstacles import Obstacle, list_obstacles
from apps.privacy.selectors import DeletionView

#: What is overwritten and not removed, by table. Through the doors goes this one word and nothing else.
OVERWRITE: dict[str, str] = {
    "accounts_user": "SELECT privacy_overwrite_user(%(user_id)s)",
    # Why staff looked, and searches for the address, or for nothing but the name. An entry about somebody else that has the
    # address in it is overwritten too; the name is its owner's to choose, so nothing is overwritten for having it. With the
    # salt goes what the chain over the trail says of the texts.
    "backoffice_trailentry": """
        WITH gone AS (UPDATE backoffice_trailentry SET reason = '[deleted]',
            subject = CASE WHEN account_id IS NULL THEN '[deleted]' ELSE subject END
        WHERE kind = 'LOOK' AND (account_id = %(account_id)s OR position(%(email)s IN lower(subject || ' ' || reason)) > 0
            OR (action = 'SEARCH' AND account_id IS NULL AND (
                (%(name)s <> '' AND lower(subject) = lower(%(name)s))
                OR (starts_with(%(email)s, lower(subject)) AND length(subject) >= greatest(3, position('@' IN %(email)s) - 1)))))
            RETURNING id)
        UPDATE backoffice_traillink SET salt = NULL
        WHERE salt IS NOT NULL AND NOT of_outcome AND entry_id IN (SELECT id FROM gone)
        """,
    "backoffice_staffrequest": """
        UPDATE backoffice_staffrequest SET reason = '[deleted]', note = CASE WHEN note = '' THEN '' ELSE '[deleted]' END
        WHERE account_id = %(account_id)s OR position(%(email)s IN lower(reason || ' ' || note)) > 0
        """,
}  # fmt: skip
_OWNED_BY = {Owner.USER: "%(user_id)s", Owner.ACCOUNT: "%(account_id)s"}


class PutOffError(RuntimeError):
    """Something stands in the way; nothing was deleted, and the log-in is as it was."""

    def __init__(self, obstacles: tuple[Obstacle, ...]) -> None:
        super().__init__("; ".join(obstacle.what for obstacle in obstacles))
        self.obstacles = obstacles


def shut(deletion: DeletionView) -> CustomerView | None:
    """Close the log-in of a deletion that is due, so that within seconds nobody acts for the person any more.

    Returns the person; None when it was taken back, or done, meanwhile. Raises :class:`PutOffError`.
    """
    with transaction.atomic():
        row = _open_row(deletion.id)
        if row is None:
            return None
        person = get_customers([row.account_id]).get(row.account_id)
        if person is not None and row.shut_at is not None:
            return person  # by a process that died: what came in the way since is found by whoever looks again
        obstacles = _in_the_way(row, person)
        if obstacles or person is None:
            raise PutOffError(obstacles)
        Deletion.objects.filter(pk=row.pk).update(shut_at=Now())
        _ask("SELECT privacy_shut_user(%(user_id)s, true)", {"user_id": row.user_id})
    return person


def look_again(deletion: DeletionView, person: CustomerView, *, then_erase: bool = False) -> bool:
    """Whether nothing is in the way of somebody whose log-in was closed, now that what was under way then has ended.

    With ``then_erase`` everything personal is overwritten and removed in the same transaction. False when that was done
    meanwhile. What came to stand in the way after all opens the log-in again, and raises :class:`PutOffError`.
    """
    with transaction.atomic():
        row = _open_row(deletion.id)
        if row is None or row.shut_at is None:
            return False
        obstacles = _in_the_way(row, person)
        if not obstacles:
            if then_erase:
                _overwrite(row, person)
            return True
        _ask("SELECT privacy_shut_user(%(user_id)s, false)", {"user_id": row.user_id})
        Deletion.objects.filter(pk=row.pk).update(shut_at=None)
    raise PutOffError(obstacles)


def _overwrite(row: Deletion, person: CustomerView) -> None:
    Deletion.objects.filter(pk=row.pk).update(done_at=TransactionNow())  # by which the doors know this transaction
    end_log_ins(row.user_id)
    values = {"user_id": row.user_id, "account_id": row.account_id, "email": person.email.lower(), "name": person.name}
    for statement in statements():
        _ask(statement, values)
        failpoint("privacy.between_tables")
    # The last thing before the commit: who is on the list and was not deleted after all is due, and is so in the next run.
    row.refresh_from_db(fields=["done_at"])
    kept_list.note(row, joined_at=person.joined_at)


def statements() -> Iterator[str]:
    """Everything that a deletion does with the tables of the catalogue, in an order that no key forbids."""
    for part in reversed(PARTS):
        yield from _of_part(part)
    for table, left in LEFT_OUT.items():
        if left.fate is Fate.REMOVED:
            yield f"DELETE FROM {table} WHERE {left.found}"  # noqa: S608 - the catalogue's own words
    yield from OVERWRITE.values()


def _of_part(part: Part) -> Iterator[str]:
    """The names are the catalogue's own; whose rows they are is a parameter."""
    for child in part.children:
        if child.fate is Fate.REMOVED:
            mine = f"SELECT {child.of} FROM {part.table} WHERE {part.owned_by} = {_OWNED_BY[part.owner]}"  # noqa: S608
            yield f"DELETE FROM {child.table} WHERE {child.key} IN ({mine})"  # noqa: S608
    if part.fate is Fate.REMOVED:
        yield f"DELETE FROM {part.table} WHERE {part.owned_by} = {_OWNED_BY[part.owner]}"  # noqa: S608


def _in_the_way(row: Deletion, person: CustomerView | None) -> tuple[Obstacle, ...]:
    """Of who was deleted before, in books that were lost, nothing that a customer could end."""
    if person is not None and row.done_before_at is not None:
        return ()
    found = list_obstacles(row.account_id)
    if person is not None and not person.is_active and row.shut_at is None:
        found = (*found, Obstacle("The log-in was closed by the people who run Tredye.", "Ask them why: they can open it."))
    return found


def _open_row(deletion_id: int) -> Deletion | None:
    return Deletion.objects.select_for_update().filter(pk=deletion_id, undone_at=None, done_at=None).first()


def _ask(statement: str, values: Mapping[str, str | int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
