"""What support asks of the admins: raised with a reason, ended once, as done or refused, with a note.

A request does nothing. Each raising and each end is a row of the trail beside it, without the customer's account: what is done
about a customer leaves its own row, and that is the one that the customer reads.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Now

from apps.backoffice.models import OF_ORDERS, RequestKind, RequestOutcome, StaffRequest
from apps.backoffice.services import read_reason, record_command, record_outcome

__all__ = ["OF_ORDERS", "RequestKind", "RequestOutcome", "RequestRefusedError", "RequestView", "end_request", "kinds_of"]

#: Of one person: open at once, and raised within a day.
OPEN_MAX = 20
PER_DAY_MAX = 50
#: Every open one is on a page: there are at most so many of all people, or the newest of them.
LISTED_MAX = 200


class RequestRefusedError(ValueError):
    """It cannot be asked for; the message says why."""


@dataclass(frozen=True, slots=True)
class RequestView:
    """``outcome`` is empty while it is open; then there is no note, and nobody has ended it."""

    id: int
    made_at: datetime
    made_by: str
    kind: RequestKind
    account_id: int
    order_id: int | None
    reason: str
    outcome: str
    note: str
    ended_at: datetime | None
    ended_by: str

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def outcome_label(self) -> str:
        return str(RequestOutcome(self.outcome).label) if self.outcome else "Open"


def kinds_of(order_id: int | None) -> tuple[RequestKind, ...]:
    """What can be asked for about an order, or about an account."""
    about_orders = (*OF_ORDERS, RequestKind.ADJUST_BALANCE.value, RequestKind.OTHER.value)
    if order_id is not None:
        return tuple(kind for kind in RequestKind if kind.value in about_orders)
    return tuple(kind for kind in RequestKind if kind.value not in OF_ORDERS)


def raise_request(*, actor_id: int, kind: str, account_id: int, order_id: int | None, reason: str, form_id: str) -> int:
    """Ask the admins for it; return the request's id. The same ``form_id`` again is the same request.

    Raises :class:`ReasonError` and :class:`RequestRefusedError`. The limits are counted one request of a person at a time.
    """
    text = read_reason(reason)
    if kind not in kinds_of(order_id):
        raise RequestRefusedError("Choose what is asked for.")
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('backoffice.request'), %s)", [actor_id % 2**31])
            known = StaffRequest.objects.filter(form_id=form_id).values_list("id", "made_by_id").first()
            if known is not None:
                if known[1] != actor_id:
                    raise RequestRefusedError("This form was sent by somebody else. Open it anew.")
                return known[0]
            _check_limits(actor_id)
            made = StaffRequest.objects.create(
                made_by_id=actor_id, kind=kind, account_id=account_id, order_id=order_id, reason=text, form_id=form_id
            )
            about = f"order {order_id}" if order_id is not None else f"account {account_id}"
            entry_id = record_command(
                actor_id=actor_id, action=f"ASK_{kind}", subject=about, reason=text, command_id=form_id,
                after=json.dumps({"Request": str(made.pk)}),
            )  # fmt: skip
            record_outcome(entry_id, f"ASKED: request {made.pk}")
            return made.pk
    except IntegrityError as error:
        if "request_open_once" not in str(error):
            raise
        raise RequestRefusedError("The same is asked for already, and is open.") from error


def end_request(*, request_id: int, actor_id: int, outcome: RequestOutcome, note: str) -> bool:
    """End an open request; False when it was ended before. Raises :class:`ReasonError`."""
    ended = StaffRequest.objects.filter(pk=request_id, outcome="").update(
        outcome=outcome.value, note=read_reason(note), ended_at=Now(), ended_by_id=actor_id
    )
    return ended == 1


def _with_people() -> models.QuerySet[StaffRequest]:
    """Without their passwords, which the console's login may not read."""
    people = StaffRequest.objects.select_related("made_by", "ended_by")
    return people.defer("made_by__password", "ended_by__password")


def list_open_requests() -> tuple[RequestView, ...]:
    """Oldest first: who has waited longest."""
    rows = _with_people().filter(outcome="").order_by("id")
    return _views(rows[:LISTED_MAX])


def list_ended_requests(limit: int = 50) -> tuple[RequestView, ...]:
    """Newest first."""
    rows = _with_people().exclude(outcome="").order_by("-id")
    return _views(rows[: min(limit, LISTED_MAX)])


def list_requests_about(account_id: int, limit: int = 20) -> tuple[RequestView, ...]:
    """Of one account, those about its orders among them, newest first."""
    rows = _with_people().filter(account_id=account_id).order_by("-id")
    return _views(rows[: min(limit, LISTED_MAX)])


def _check_limits(actor_id: int) -> None:
    own = StaffRequest.objects.filter(made_by_id=actor_id).order_by("-id")
    if own.filter(outcome="")[:OPEN_MAX].count() >= OPEN_MAX:
        raise RequestRefusedError(f"You have {OPEN_MAX} open requests: wait until one is ended.")
    if own.filter(made_at__gt=Now() - timedelta(days=1))[:PER_DAY_MAX].count() >= PER_DAY_MAX:
        raise RequestRefusedError(f"You have asked {PER_DAY_MAX} times within a day.")


def _views(rows: Iterable[StaffRequest]) -> tuple[RequestView, ...]:
    return tuple(
        RequestView(
            id=row.pk,
            made_at=row.made_at,
            made_by=str(row.made_by),
            kind=RequestKind(row.kind),
            account_id=row.account_id,
            order_id=row.order_id,
            reason=row.reason,
            outcome=row.outcome,
            note=row.note,
            ended_at=row.ended_at,
            ended_by=str(row.ended_by or ""),
        )
        for row in rows
    )
