"""Mails about alerts: the table is the truth, and whoever asks next goes on where the last one stopped.

Two steps. *Making*: notices that go by mail get a mail each, at most ten an hour for an account; what is more waits and comes
together in one mail when there is room again. *Sending*: a mail is claimed in its row and committed before it leaves, so two who
send at once never send the same one. Nobody can know whether a mail left when the process died in between: it is sent again after
ten minutes, under the same Message-ID, by which mail programs show it once.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import Min, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from apps.accounts.selectors_people import get_mail_addresses
from apps.alerts.links import mail_off_address
from apps.alerts.models import AlertSettings, Mail, MailState, Notice
from apps.alerts.selectors import notice_views
from apps.observability import metrics

log = structlog.get_logger(__name__)

#: Mails of an account within an hour; the last of them holds all that waits.
MAILS_AN_HOUR = 10
#: Notices that a digest tells one by one; it counts the rest.
DIGEST_MAX = 50
#: Tries of one mail: after 1, 2, 4 … minutes, four hours in all.
ATTEMPTS_MAX = 8
#: A mail that was claimed and not heard of again belongs to a process that died.
CLAIM_FOR = timedelta(minutes=10)
#: One call sends no longer than this: the worker has other work.
RUN_S_MAX = 20.0
_ACCOUNTS_MAX = 500
_CHUNK = 50

# Whose hour has no room is passed over here, or many of them would stand before those who have.
_WAITING = """
SELECT notice.account_id FROM alerts_notice AS notice WHERE notice.by_mail AND notice.mail_id IS NULL
GROUP BY notice.account_id HAVING (
    SELECT count(*) FROM alerts_mail AS mail
    WHERE mail.account_id = notice.account_id AND mail.created_at > statement_timestamp() - interval '1 hour') < %s
ORDER BY min(notice.id) LIMIT %s
"""


def send_due_mails(stopping: Callable[[], bool] = lambda: False) -> int:
    """Make the mails that are due and send them; returns how many left. Call it as often as you like, and side by side."""
    make_mails()
    deadline_s, sent = time.monotonic() + RUN_S_MAX, 0
    while not stopping() and time.monotonic() < deadline_s:
        claimed = _claim()
        if not claimed:
            break
        sent += _send_all(claimed, lambda: stopping() or time.monotonic() >= deadline_s)
    _observe()
    return sent


# --- Making ---------------------------------------------------------------------------------------------------------------


def make_mails() -> None:
    """Give every notice that waits for one its mail, as far as the hour of its account has room."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [MAILS_AN_HOUR, _ACCOUNTS_MAX])
        account_ids = [row[0] for row in cursor.fetchall()]
    for account_id in account_ids:
        with transaction.atomic():
            _make_for(account_id)


def _make_for(account_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"tredye mails {account_id}"])
    waiting = Notice.objects.filter(account_id=account_id, by_mail=True, mail__isnull=True)
    if AlertSettings.objects.filter(pk=account_id, mail_off=True).exists():
        waiting.filter(in_app=True).update(by_mail=False)
        waiting.delete()  # told by mail alone: its owner wants no mail
        return
    now = timezone.now()
    room = MAILS_AN_HOUR - Mail.objects.filter(account_id=account_id, created_at__gt=now - timedelta(hours=1)).count()
    if room <= 0:
        return
    ids = list(waiting.order_by("id").values_list("id", flat=True)[: room + 1])
    single, rest = (ids, []) if len(ids) <= room else (ids[: room - 1], ids[room - 1 :])
    for notice_id in single:
        Notice.objects.filter(pk=notice_id).update(mail=_new_mail(account_id, now))
    if rest:
        waiting.filter(id__gte=rest[0]).update(mail=_new_mail(account_id, now))


def _new_mail(account_id: int, now: datetime) -> Mail:
    return Mail.objects.create(account_id=account_id, next_at=now, created_at=now)


# --- Sending --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Letter:
    subject: str
    text: str
    html: str


def _claim() -> list[Mail]:
    """Take some mails that are due, for as long as a process may need to send them."""
    now = timezone.now()
    with transaction.atomic():
        due = Mail.objects.filter(state__in=(MailState.WAITING, MailState.SENDING), next_at__lte=now)
        rows = list(due.order_by("next_at", "id").select_for_update(skip_locked=True)[:_CHUNK])
        for row in rows:
            row.state, row.attempts, row.next_at = MailState.SENDING, row.attempts + 1, now + CLAIM_FOR
        Mail.objects.bulk_update(rows, ["state", "attempts", "next_at"])
    return rows


def _send_all(mails: Sequence[Mail], must_end: Callable[[], bool]) -> int:
    """One connection for all of them. What was claimed and not tried is given back."""
    people = get_mail_addresses([mail.account_id for mail in mails])
    channel, sent = get_connection(fail_silently=False), 0
    try:
        for number, mail in enumerate(mails):
            if must_end():
                _give_back(mails[number:])
                break
            person = people.get(mail.account_id)
            if person is None:
                _finish(mail, MailState.FAILED, "the address is not confirmed, or its log-in is off")
            elif _send(mail, *person, channel):
                sent += 1
    finally:
        _close(channel)
    return sent


def _send(mail: Mail, address: str, zone: str, channel: BaseEmailBackend) -> bool:
    letter = _write(mail, zone)
    if letter is None:
        _finish(mail, MailState.FAILED, "its notices are gone")
        return False
    off = mail_off_address(mail.account_id)
    domain = settings.PUBLIC_ORIGINS[0].partition("://")[2].partition(":")[0]
    headers = {
        "Message-ID": f"<alert-{mail.pk}@{domain}>",
        "List-Unsubscribe": f"<{off}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058: the mail program's own button posts this to it
        "Auto-Submitted": "auto-generated",
    }
    message = EmailMultiAlternatives(
        letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [address], headers=headers, connection=channel
    )
    message.attach_alternative(letter.html, "text/html")
    try:
        channel.open()  # stays open for the next one
        message.send()
    except (SMTPException, OSError) as error:
        _close(channel)  # the next mail gets a new connection
        _failed(mail, error)
        return False
    _finish(mail, MailState.SENT, "")
    return True


def _write(mail: Mail, zone: str) -> _Letter | None:
    """In the reader's time zone. None when there is nothing left to tell."""
    count = mail.notices.count()
    notices = notice_views(mail.notices.order_by("id")[:DIGEST_MAX])
    if not notices:
        return None
    origin = settings.PUBLIC_ORIGINS[0]
    context = {"notices": notices, "more": count - len(notices), "origin": origin, "off": mail_off_address(mail.account_id)}
    subject = notices[0].title if count == 1 else f"{count} notices from Tredye"
    with timezone.override(ZoneInfo(zone)):
        text, html = (render_to_string(f"alerts/email/notices.{kind}", context) for kind in ("txt", "html"))
    return _Letter(subject, text, html)


def _failed(mail: Mail, error: Exception) -> None:
    log.warning("alert_mail_failed", mail=mail.pk, attempt=mail.attempts, error=str(error)[:200])
    if mail.attempts >= ATTEMPTS_MAX:
        _finish(mail, MailState.FAILED, str(error))
        return
    metrics.ALERTS_MAILS.labels("again").inc()
    pause = timedelta(minutes=2 ** (mail.attempts - 1))
    _mine(mail).update(state=MailState.WAITING, next_at=timezone.now() + pause, error=str(error)[:200])


def _finish(mail: Mail, state: MailState, error: str) -> None:
    metrics.ALERTS_MAILS.labels("sent" if state is MailState.SENT else "failed").inc()
    sent_at = timezone.now() if state is MailState.SENT else None
    _mine(mail).update(state=state, sent_at=sent_at, error=error[:200])


def _give_back(mails: Sequence[Mail]) -> None:
    for mail in mails:
        _mine(mail).update(state=MailState.WAITING, next_at=timezone.now(), attempts=mail.attempts - 1)


def _mine(mail: Mail) -> QuerySet[Mail]:
    """The row, unless somebody took it over meanwhile: every claim counts an attempt."""
    return Mail.objects.filter(pk=mail.pk, state=MailState.SENDING, attempts=mail.attempts)


def _close(channel: BaseEmailBackend) -> None:
    try:
        channel.close()
    except (SMTPException, OSError) as error:
        log.info("alert_mail_connection_lost", error=str(error)[:200])


def _observe() -> None:
    waiting = Mail.objects.filter(state__in=(MailState.WAITING, MailState.SENDING))
    oldest = waiting.aggregate(oldest=Min("created_at"))["oldest"]
    metrics.ALERTS_MAILS_WAITING.set(waiting.count())
    metrics.ALERTS_MAIL_AGE_SECONDS.set((timezone.now() - oldest).total_seconds() if oldest else 0)
