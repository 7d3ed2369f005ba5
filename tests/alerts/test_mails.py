"""Mails about alerts: each once, bounded an hour, again when the server says no, and never lost."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Account
from apps.alerts import mails, services
from apps.alerts.mails import ATTEMPTS_MAX, MAILS_AN_HOUR, make_mails, send_due_mails
from apps.alerts.models import AlertSettings, Mail, Notice
from apps.instruments.models import Instrument
from apps.jobs.tasks import send_alert_mails
from tests.alerts.cast import SYMBOL
from tests.alerts.smtp import MailServer, mail_server
from tests.alerts.tellings import tell
from tests.builders import Venue


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server(settings) as server:
        yield server


@pytest.fixture
def alice(venue: Venue) -> Account:
    account = venue.customer("alice@example.com", time_zone="Asia/Kolkata")
    _confirm(account)
    return account


def _confirm(account: Account) -> None:
    defaults = {"verified": True, "primary": True}
    EmailAddress.objects.update_or_create(user=account.user, email=account.user.email, defaults=defaults)


@pytest.fixture
def instrument(venue: Venue) -> Instrument:
    return venue.instrument(SYMBOL)


def notify(account: Account, instrument: Instrument, price: str = "100") -> Notice:
    return tell(account, instrument, price, by_mail=True, note="buy <soon>")


def an_hour_passes() -> None:
    for mail in Mail.objects.all():
        Mail.objects.filter(pk=mail.pk).update(
            created_at=mail.created_at - timedelta(minutes=61), next_at=mail.next_at - timedelta(minutes=61)
        )


def test_one_notice_is_one_mail_in_words_and_html(
    settings: Any, server: MailServer, alice: Account, instrument: Instrument
) -> None:
    notice = notify(alice, instrument)
    assert send_due_mails() == 1
    message = server.messages[0]
    assert (message["To"], message["Subject"]) == ("alice@example.com", "BTC-USD: last reached 100.00")
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert "you asked for last at or above 100.00. “buy <soon>”" in text
    assert "buy &lt;soon&gt;" in html
    assert "2026-11-20 20:30:00 IST" in text, "15:00 UTC, in the reader's zone"
    assert f"{settings.PUBLIC_ORIGINS[0]}/markets/BTC-USD/" in text
    row = Mail.objects.get()
    assert (row.state, row.attempts) == ("SENT", 1)
    assert Notice.objects.get(pk=notice.pk).mail == row
    assert send_due_mails() == 0
    assert len(server.messages) == 1


def test_its_link_turns_mails_off(server: MailServer, alice: Account, instrument: Instrument) -> None:
    notify(alice, instrument)
    send_due_mails()
    off = re.search(r"https?://[^/]+(/alerts/mail-off/\S+/)", server.messages[0].get_body(("plain",)).get_content())
    assert off is not None
    assert server.messages[0]["List-Unsubscribe"].strip() == f"<{off[0]}>"
    assert Client().post(off[1]).status_code == 200
    notify(alice, instrument, "101")
    assert send_due_mails() == 0
    assert Notice.objects.count() == 2, "it is told in the page as before"


def test_one_click_of_a_mail_program_turns_mails_off(server: MailServer, alice: Account, instrument: Instrument) -> None:
    """RFC 8058: a POST of exactly what the header says, from a program that has no cookie and follows no redirect."""
    notify(alice, instrument)
    send_due_mails()
    message = server.messages[0]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.fullmatch(r"<https?://[^/]+(/\S+)>", message["List-Unsubscribe"].strip())
    assert address is not None
    program = Client(enforce_csrf_checks=True)
    assert program.get(address[1]).status_code == 200 and not AlertSettings.objects.filter(mail_off=True).exists()
    name, _, value = message["List-Unsubscribe-Post"].partition("=")
    for _ in range(2):  # sent again it is the same
        response = Client(enforce_csrf_checks=True).post(address[1], {name: value})
        assert response.status_code == 200
    assert AlertSettings.objects.get(pk=alice.pk).mail_off
    other = address[1][:-4] + ("aaa/" if address[1][-4:] != "aaa/" else "bbb/")
    assert Client(enforce_csrf_checks=True).post(other, {name: value}).status_code == 404


def test_a_notice_that_was_for_mail_alone_goes_with_the_mails(alice: Account, instrument: Instrument) -> None:
    tell(alice, instrument, "100", by_mail=True, in_app=False)
    services.turn_mail_off(account_id=alice.pk)
    make_mails()
    assert not Notice.objects.exists()


def test_no_more_than_some_mails_an_hour_and_then_one_of_all(server: MailServer, alice: Account, instrument: Instrument) -> None:
    for number in range(MAILS_AN_HOUR + 3):
        notify(alice, instrument, str(100 + number))
    assert send_due_mails() == MAILS_AN_HOUR
    assert server.messages[-1]["Subject"] == "4 notices from Tredye"
    assert server.connections == 1
    for number in range(2):
        notify(alice, instrument, str(200 + number))
    assert send_due_mails() == 0, "the hour is full"
    an_hour_passes()
    assert send_due_mails() == 2


def test_everybody_has_an_hour_of_their_own(server: MailServer, venue: Venue, alice: Account, instrument: Instrument) -> None:
    bob = venue.customer("bob@example.com")
    _confirm(bob)
    for number in range(MAILS_AN_HOUR + 1):
        notify(alice, instrument, str(100 + number))
    send_due_mails()
    notify(alice, instrument, "300")
    notify(bob, instrument, "301")
    assert send_due_mails() == 1
    assert server.messages[-1]["To"] == "bob@example.com"


def test_a_server_that_says_no_is_asked_again_later(server: MailServer, alice: Account, instrument: Instrument) -> None:
    notify(alice, instrument)
    server.refuses = 1
    assert send_due_mails() == 0
    row = Mail.objects.get()
    assert (row.state, row.attempts) == ("WAITING", 1)
    assert "not now" in row.error
    assert timedelta(0) < row.next_at - timezone.now() <= timedelta(minutes=1)
    assert send_due_mails() == 0, "not before its time"
    an_hour_passes()
    assert send_due_mails() == 1
    assert len(server.messages) == 1


def test_a_server_that_is_away_keeps_the_mail_and_it_is_given_up_in_the_end(
    settings: Any, alice: Account, instrument: Instrument
) -> None:
    notify(alice, instrument)
    with mail_server(settings):
        pass  # its port is closed now
    for _ in range(ATTEMPTS_MAX):
        assert Mail.objects.filter(state="FAILED").count() == 0
        send_due_mails()
        an_hour_passes()
        Mail.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    row = Mail.objects.get()
    assert (row.state, row.attempts) == ("FAILED", ATTEMPTS_MAX)
    send_due_mails()
    assert Mail.objects.get().attempts == ATTEMPTS_MAX


def test_one_that_was_claimed_by_a_process_that_died_is_sent_under_the_same_name(
    server: MailServer, alice: Account, instrument: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    notify(alice, instrument)

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(mails, "_finish", die)  # it left, and nobody wrote it down
    with pytest.raises(Killed):
        send_due_mails()
    monkeypatch.undo()
    assert send_due_mails() == 0, "whoever claimed it may still be at it"
    Mail.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    assert send_due_mails() == 1
    assert len({message["Message-ID"] for message in server.messages}) == 1
    assert [message["To"] for message in server.messages] == ["alice@example.com"] * 2


def test_an_address_that_was_not_confirmed_gets_none(server: MailServer, alice: Account, instrument: Instrument) -> None:
    EmailAddress.objects.filter(user=alice.user).update(verified=False)
    notify(alice, instrument)
    assert send_due_mails() == 0
    assert Mail.objects.get().state == "FAILED"
    assert server.messages == []


def test_what_is_not_for_mail_makes_none(server: MailServer, alice: Account, instrument: Instrument) -> None:
    tell(alice, instrument, "100")
    assert send_due_mails() == 0
    assert not Mail.objects.exists()


def test_a_worker_that_is_told_to_stop_gives_back_what_it_took(
    server: MailServer, alice: Account, instrument: Instrument
) -> None:
    for number in range(3):
        notify(alice, instrument, str(100 + number))
    answers = iter([False, False, True])
    assert send_due_mails(lambda: next(answers, True)) == 1
    assert sorted(Mail.objects.values_list("state", "attempts")) == [("SENT", 1), ("WAITING", 0), ("WAITING", 0)]


def test_the_queue_s_task_sends_them(server: MailServer, alice: Account, instrument: Instrument) -> None:
    notify(alice, instrument)
    send_alert_mails()
    assert len(server.messages) == 1


def test_old_ones_go_and_young_ones_stay(alice: Account, instrument: Instrument) -> None:
    from apps.alerts.models import Firing, PriceAlert
    from apps.alerts.sweep import KEPT, sweep_alerts

    notify(alice, instrument)
    make_mails()
    Mail.objects.update(state="FAILED")
    now = timezone.now()
    assert sweep_alerts(now, lambda _: None) == 0
    kept = PriceAlert.objects.create(
        account=alice, instrument=instrument, basis="LAST", direction="ABOVE", price=1, slot=1, watch_from=now, created_at=now,
        changed_at=now, expires_at=now - timedelta(days=3),
    )  # fmt: skip
    Mail.objects.update(created_at=now - KEPT - timedelta(days=1))
    Notice.objects.update(created_at=now - KEPT - timedelta(days=1))
    Firing.objects.update(fired_at=now - KEPT - timedelta(days=1))
    PriceAlert.objects.exclude(pk=kept.pk).update(changed_at=now - KEPT - timedelta(days=1))
    assert sweep_alerts(now, lambda _: None) == 4
    kept.refresh_from_db()
    assert (kept.state, kept.slot) == ("EXPIRED", None)
