"""Writing notices, numbered for each account without a gap, and bounded: the first of a minute one by one, the rest as one.

Only what becomes of orders is bounded so. Alerts on prices are a hundred at most, each with a pause.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.alerts.kinds import Kind
from apps.alerts.models import Notice, NoticeHead
from apps.core.checks import check

#: What becomes of an account's orders is told one by one so often in a minute; a program that trades needs no more.
ONE_BY_ONE_A_MINUTE = 20

_HOLD = """
INSERT INTO alerts_noticehead (account_id, last_sequence, in_minute) SELECT unnest(%s::bigint[]), 0, 0 ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice that is to be written. ``data`` are the numbers of its words, as strings."""

    account_id: int
    kind: Kind
    instrument_id: int
    data: dict[str, Any]
    in_app: bool
    by_mail: bool
    at: datetime
    order_id: int | None = None


def write_notices(drafts: Sequence[Draft]) -> dict[int, int]:
    """Write ``drafts``, in their order for each account; returns the newest sequence by account.

    Call it in the transaction of what they are about. The heads are held in the order of their accounts until it ends, so two
    who write for the same account wait for each other and never number alike.
    """
    check(transaction.get_connection().in_atomic_block, "notices must be written with what they are about")
    if not drafts:
        return {}
    heads = _hold(sorted({draft.account_id for draft in drafts}))
    now = timezone.now()
    minute = now.replace(second=0, microsecond=0)
    rows, crowds = [], defaultdict[int, list[Draft]](list)
    for draft in drafts:
        head = heads[draft.account_id]
        if draft.order_id is not None and not _has_room(head, minute):
            crowds[draft.account_id].append(draft)
            continue
        head.last_sequence += 1
        rows.append(
            Notice(
                account_id=draft.account_id, sequence=head.last_sequence, kind=draft.kind, instrument_id=draft.instrument_id,
                order_id=draft.order_id, data=draft.data, in_app=draft.in_app, by_mail=draft.by_mail, at=draft.at, created_at=now,
            )
        )  # fmt: skip
    Notice.objects.bulk_create(rows, batch_size=500)
    for account_id, crowd in crowds.items():
        _write_crowd(heads[account_id], crowd, now, minute)
    NoticeHead.objects.bulk_update(heads.values(), ["last_sequence", "minute", "in_minute"], batch_size=500)
    return {account_id: head.last_sequence for account_id, head in heads.items()}


def mark_read(account_id: int, up_to: int) -> int:
    """The owner has seen the notices up to this sequence; returns how many were new."""
    unread = Notice.objects.filter(account_id=account_id, in_app=True, read_at__isnull=True, sequence__lte=up_to)
    return unread.update(read_at=timezone.now())


def _hold(account_ids: list[int]) -> dict[int, NoticeHead]:
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [account_ids])
    heads = NoticeHead.objects.filter(pk__in=account_ids).order_by("pk").select_for_update()
    return {head.account_id: head for head in heads}


def _has_room(head: NoticeHead, minute: datetime) -> bool:
    if head.minute != minute:
        head.minute, head.in_minute = minute, 0
    head.in_minute += 1
    return head.in_minute <= ONE_BY_ONE_A_MINUTE


def _write_crowd(head: NoticeHead, crowd: Iterable[Draft], now: datetime, minute: datetime) -> None:
    """One notice for all further ones of the minute: it counts them, and is news again each time that it grows."""
    drafts = list(crowd)
    head.last_sequence += 1
    notice = Notice.objects.filter(account_id=head.account_id, minute=minute).first()
    if notice is None:
        notice = Notice(
            account_id=head.account_id, kind=Kind.MANY, minute=minute, data={"count": 0}, in_app=False, by_mail=False,
            created_at=now,
        )  # fmt: skip
    notice.data = {"count": notice.data["count"] + len(drafts)}
    notice.sequence, notice.at, notice.read_at = head.last_sequence, drafts[-1].at, None
    notice.in_app = notice.in_app or any(draft.in_app for draft in drafts)
    notice.by_mail = notice.by_mail or any(draft.by_mail for draft in drafts)
    notice.save()
