"""The job that carries out what is due. It writes no money: the books stay, and what it overwrites has doors of its own.

Two steps for each person, seconds apart. The log-in is closed first: pages refuse from the next request on, programs and sockets
within two seconds. Then it is asked once more whether something is in the way, and everything is overwritten in one transaction.
"""

import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import structlog
from django.conf import settings
from django.db.models.functions import Now

from apps.accounts.log_ins import end_sessions_that_name
from apps.accounts.selectors_people import CustomerView, get_customers
from apps.jobs.registry import Progress
from apps.privacy.again import ask_again
from apps.privacy.erasing import PutOffError, look_again, shut
from apps.privacy.mails import tell
from apps.privacy.models import Deletion
from apps.privacy.obstacles import Obstacle
from apps.privacy.selectors import DeletionView, list_due

log = structlog.get_logger(__name__)

#: After the log-in was closed: what was under way then has ended, orders and notes of where the person was seen among it.
SETTLES_S = 15.0
_STEP_S = 1.0


def carry_out(day: date, progress: Progress) -> dict[str, object]:
    """Carry out every deletion that is due now, whatever ``day`` it is for: a repeat finds nothing, or what was put off.

    Whoever is on the list beside the backups and not deleted in these books is due: a backup was restored.
    """
    again = ask_again(Path(settings.BACKUP_DIR)) if settings.BACKUP_DIR else 0
    done, put_off = _carry_out(list_due(), progress)
    return {"done": done, "put_off": put_off, "again": again}


def carry_out_again(shelves: Iterable[Path], progress: Progress) -> int:
    """After a restoration: delete again whoever is on a list in one of ``shelves``, and nobody else; returns how many."""
    for shelf in shelves:
        ask_again(shelf)
    done, _ = _carry_out((each for each in list_due() if each.done_before_at is not None), progress)
    return done


def _carry_out(deletions: Iterable[DeletionView], progress: Progress) -> tuple[int, int]:
    """Returns how many were done, and put off."""
    done = put_off = 0
    closed: list[tuple[DeletionView, CustomerView]] = []
    for deletion in deletions:
        progress(f"closing the log-in of account {deletion.account_id}")
        try:
            person = shut(deletion)
        except PutOffError as error:
            put_off += 1
            _tell_put_off(deletion, error.obstacles)
        else:
            closed += [(deletion, person)] if person is not None else []
    if closed:
        _wait(progress)
        end_sessions_that_name({person.user_id: person.email for _, person in closed})
    for deletion, person in closed:
        progress(f"deleting the data of account {deletion.account_id}")
        try:
            if look_again(deletion, person):
                if deletion.done_before_at is None:
                    # Told before, while the address is known: who dies in between tells it twice, and never not at all.
                    tell("done", person.email, user_id=person.user_id, deletion=deletion)
                done += look_again(deletion, person, then_erase=True)
        except PutOffError as error:
            put_off += 1
            _tell_put_off(deletion, error.obstacles)
    return done, put_off


def _wait(progress: Progress) -> None:
    ends_s = time.monotonic() + SETTLES_S
    while (left_s := ends_s - time.monotonic()) > 0:
        progress("waiting until what was under way has ended")
        time.sleep(min(left_s, _STEP_S))


def _tell_put_off(deletion: DeletionView, obstacles: tuple[Obstacle, ...]) -> None:
    """Once: the first time that something is in the way."""
    log.info("deletion_put_off", account=deletion.account_id, why=[obstacle.what for obstacle in obstacles])
    person = get_customers([deletion.account_id]).get(deletion.account_id)
    if deletion.put_off_at is None and person is not None:
        tell("put_off", person.email, user_id=person.user_id, obstacles=obstacles)
        Deletion.objects.filter(pk=deletion.id, put_off_at=None).update(put_off_at=Now())
