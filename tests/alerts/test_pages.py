"""The pages of alerts as their owner uses them, without a script."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Account
from apps.alerts.links import mail_off_token
from apps.alerts.models import AlertSettings, Firing, Notice, OrderAlert, PriceAlert
from apps.alerts.selectors import get_bell
from apps.core.enums import Side
from apps.instruments.models import Instrument
from apps.marketdata.models import LatestPrice
from tests.alerts.cast import SYMBOL, T0, alert, later
from tests.alerts.tellings import tell
from tests.builders import Venue
from tests.pages import PARTIAL, client_of, counted_queries

WISH = {"symbol": SYMBOL, "basis": "LAST", "price": "110", "direction": "", "pause": "", "life": "0", "in_app": "on", "note": ""}


@pytest.fixture
def account(venue: Venue) -> Account:
    return venue.customer("alice@example.com")


@pytest.fixture
def alice(account: Account) -> Client:
    return client_of(account)


@pytest.fixture
def instrument(venue: Venue) -> Instrument:
    """Last 100, bid 99, ask 101."""
    made = venue.instrument(SYMBOL)
    now = timezone.now()
    LatestPrice.objects.create(
        instrument_id=made.pk, source="sim", epoch=1, sequence=1, bid=99, ask=101, bid_quantity=1, ask_quantity=1, quoted_at=now,
        last=100, last_at=now,
    )  # fmt: skip
    return made


def test_a_price_alert_is_set_from_where_the_price_is(alice: Client, instrument: Instrument) -> None:
    for price, direction in (("110", "ABOVE"), ("90", "BELOW")):
        response = alice.post("/alerts/new/", WISH | {"price": price}, follow=True)
        assert response.redirect_chain == [("/alerts/", 302)]
        assert f"last at or {direction.lower()} {price}.00" in response.content.decode()
        row = PriceAlert.objects.get(price=Decimal(price))
        assert (row.direction, row.state, row.pause_s, row.expires_at) == (direction, "ACTIVE", None, None)


def test_the_form_is_filled_in_from_the_chart_or_a_row(alice: Client, instrument: Instrument) -> None:
    page = alice.get(f"/alerts/new/?symbol={SYMBOL}&price=123.50").content.decode()
    assert 'value="123.5"' in page
    assert "100.00" in page, "where the price is now"
    assert alice.get("/alerts/new/?order=12").headers["Location"] == "/alerts/orders/12/"
    assert "<html" not in alice.get(f"/alerts/new/?symbol={SYMBOL}", headers=PARTIAL).content.decode()


def test_without_a_price_one_is_proposed_that_can_be_sent_as_it_stands(alice: Client, instrument: Instrument) -> None:
    page = alice.get(f"/alerts/new/?symbol={SYMBOL}").content.decode()
    assert 'value="101"' in page and "1 % above what it is now" in page
    assert alice.post("/alerts/new/", WISH | {"price": "101"}).status_code == 302
    assert 'value="102.01"' in alice.get(f"/alerts/new/?symbol={SYMBOL}&basis=ASK").content.decode()
    assert "% above" not in alice.get(f"/alerts/new/?symbol={SYMBOL}&price=100").content.decode(), "who names one has chosen"
    LatestPrice.objects.all().delete()
    assert "% above" not in alice.get(f"/alerts/new/?symbol={SYMBOL}").content.decode()


@pytest.mark.parametrize(("wrong", "said"), [
    ({"price": "1e3"}, "must be a plain number"), ({"price": "0"}, "greater than zero"), ({"price": "1.001"}, "multiple of 0.01"),
    ({"price": "100"}, "choose one that it has to reach"), ({"direction": "BELOW"}, "reached already"),
    ({"basis": "OPEN"}, "must be one of LAST, BID, ASK, MID"), ({"pause": "7"}, "Choose one of the pauses"),
    ({"life": "keep"}, "Choose how long"), ({"note": "x" * 141}, "at most 140"), ({"symbol": "NO-SUCH"}, "Choose an instrument"),
])  # fmt: skip
def test_what_cannot_be_watched_is_said_beside_its_field(
    alice: Client, instrument: Instrument, wrong: dict[str, str], said: str
) -> None:
    response = alice.post("/alerts/new/", WISH | wrong)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not PriceAlert.objects.exists()


def test_somebody_who_wants_to_be_told_nowhere_is_asked(alice: Client, instrument: Instrument) -> None:
    wish = {name: value for name, value in WISH.items() if name != "in_app"}
    assert "at least one way" in alice.post("/alerts/new/", wish).content.decode()


def test_the_same_alert_twice_is_one(alice: Client, instrument: Instrument) -> None:
    alice.post("/alerts/new/", WISH)
    assert "You have this alert already." in alice.post("/alerts/new/", WISH, headers=PARTIAL).content.decode()
    assert PriceAlert.objects.count() == 1


def test_a_hundred_are_enough(alice: Client, account: Account, instrument: Instrument) -> None:
    for price in range(200, 300):
        alert(account, instrument, str(price))
    response = alice.post("/alerts/new/", WISH)
    assert response.status_code == 422
    assert "You have 100 alerts already." in response.content.decode()


def test_delete_and_undo(alice: Client, account: Account, instrument: Instrument) -> None:
    row = alert(account, instrument, "150")
    page = alice.post(f"/alerts/{row.pk}/delete/", follow=True).content.decode()
    assert "Deleted: BTC-USD last at or above 150.00" in page
    row.refresh_from_db()
    assert (row.state, row.slot) == ("DELETED", None)
    before = timezone.now()
    assert alice.post(f"/alerts/{row.pk}/restore/").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.slot, row.version) == ("ACTIVE", 1, 3)
    assert row.watch_from >= before, "what was crossed while it was deleted does not fire it"
    alice.post(f"/alerts/{row.pk}/delete/")
    PriceAlert.objects.update(changed_at=timezone.now() - timedelta(minutes=11))
    assert alice.post(f"/alerts/{row.pk}/restore/").status_code == 404
    assert "Deleted:" not in alice.get(f"/alerts/?deleted={row.pk}").content.decode()


def test_off_and_on_again(alice: Client, account: Account, instrument: Instrument) -> None:
    row = alert(account, instrument, "150")
    alice.post(f"/alerts/{row.pk}/turn/", {"on": "0"})
    row.refresh_from_db()
    assert (row.state, row.slot) == ("OFF", 1)
    alice.post(f"/alerts/{row.pk}/turn/", {"on": "1"})
    row.refresh_from_db()
    assert (row.state, row.version) == ("ACTIVE", 3)
    assert row.watch_from > T0


def test_a_change_is_watched_from_now_on_and_may_keep_its_end(alice: Client, account: Account, instrument: Instrument) -> None:
    end = timezone.now() + timedelta(days=2)
    row = alert(account, instrument, "150", expires_at=end)
    assert 'value="150"' in alice.get(f"/alerts/{row.pk}/").content.decode()
    alice.post(f"/alerts/{row.pk}/", WISH | {"price": "80", "life": "keep", "pause": "3600", "by_mail": "on", "note": "buy"})
    row.refresh_from_db()
    assert (row.price, row.direction, row.expires_at, row.pause_s, row.by_mail, row.note) == (80, "BELOW", end, 3600, True, "buy")
    assert (row.version, row.is_armed) == (2, True)
    assert row.watch_from > T0


def test_the_list_says_how_far_each_is_and_what_fired(alice: Client, account: Account, instrument: Instrument) -> None:
    alert(account, instrument, "110", note="<b>sell</b>")
    alert(account, instrument, "50", basis="BID", direction="BELOW", expires_at=timezone.now() - timedelta(minutes=1))
    tell(account, instrument, "99.5", at=later(3))
    page = alice.get("/alerts/").content.decode()
    assert "+10.00%" in page
    assert "&lt;b&gt;sell" in page
    assert "Expired" in page
    firing = Firing.objects.get()
    assert f"sim {firing.epoch}:{firing.sequence}" in page
    assert '<div id="alerts"' in alice.get("/alerts/", headers=PARTIAL).content.decode()


def test_the_list_asks_as_much_with_a_hundred_alerts_as_with_one(alice: Client, account: Account, instrument: Instrument) -> None:
    alert(account, instrument, "200")
    tell(account, instrument, "99.5")
    alice.get("/alerts/")
    with counted_queries() as few:
        assert alice.get("/alerts/").status_code == 200
    for price in range(300, 398):
        alert(account, instrument, str(price))
    Firing.objects.bulk_create([_again(Firing.objects.get(), number) for number in range(100, 150)])
    with counted_queries() as many:
        assert len(alice.get("/alerts/").context["alerts"]) == 99
    assert len(few) == len(many) <= 12, [query["sql"] for query in many.captured_queries]


def _again(firing: Firing, number: int) -> Firing:
    same = {field.attname: getattr(firing, field.attname) for field in Firing._meta.concrete_fields}
    return Firing(**same | {"id": None, "version": number})


def test_firings_go_on_where_a_page_ends(alice: Client, account: Account, instrument: Instrument) -> None:
    tell(account, instrument, "99.5")
    first = Firing.objects.get()
    Firing.objects.bulk_create([_again(first, number) for number in range(2, 32)])
    page = alice.get("/alerts/")
    assert len(page.context["firings"]) == 20
    rest = alice.get(f"/alerts/{page.context['older']}")
    assert len(rest.context["firings"]) == 11
    assert rest.context["firings"][-1].id == first.pk


def test_the_bell_counts_on_every_page_until_all_is_read(alice: Client, account: Account, instrument: Instrument) -> None:
    assert "unread" not in alice.get("/markets/").content.decode()
    tell(account, instrument, "99.5")
    tell(account, instrument, "99.6")
    assert 'aria-label="Notices, 2 unread"' in alice.get("/markets/").content.decode()
    page = alice.get("/alerts/notices/")
    assert "BTC-USD: last reached 99.50" in page.content.decode()
    tell(account, instrument, "99.7")  # after the page was made
    alice.post("/alerts/notices/read/", {"up_to": str(page.context["bell"].sequence)})
    assert get_bell(account.pk).unread == 1
    assert Notice.objects.get(read_at__isnull=True).sequence == 3


def test_unseen_tells_what_is_new_since_the_page_and_the_bell(alice: Client, account: Account, instrument: Instrument) -> None:
    for price in ("99.1", "99.2", "99.3", "99.4", "99.5"):
        tell(account, instrument, price)
    part = alice.get("/alerts/unseen/?after=1").content.decode()
    assert part.count("notice-toast") == 4
    assert "More notices" in part
    assert 'data-notices="5"' in part
    assert "reached 99.20" not in part
    assert alice.get("/alerts/unseen/?after=5").content.decode().count("notice-toast") == 0
    Notice.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    assert "notice-toast" not in alice.get("/alerts/unseen/?after=0").content.decode(), "a tab that slept is not flooded"


def test_an_order_is_followed_while_it_is_open(venue: Venue, alice: Client, account: Account, instrument: Instrument) -> None:
    venue.deposit(account, "USD", "1000")
    order = venue.order(account, SYMBOL, Side.BUY, "1", "90")
    assert "Follow" in alice.get(f"/alerts/orders/{order.pk}/").content.decode()
    alice.post(f"/alerts/orders/{order.pk}/", {"by_mail": "on"})
    row = OrderAlert.objects.get()
    assert (row.order_id, row.in_app, row.by_mail) == (order.pk, False, True)
    assert f"Order {order.pk}" in alice.get("/alerts/").content.decode()
    alice.post(f"/alerts/orders/{order.pk}/", {"do": "leave", "in_app": "on"})
    assert not OrderAlert.objects.exists()
    venue.cancel(order)
    response = alice.post(f"/alerts/orders/{order.pk}/", {"in_app": "on"})
    assert response.status_code == 422
    assert "has ended" in response.content.decode()


def test_settings_are_kept_and_unknown_kinds_left_out(alice: Client, account: Account) -> None:
    page = alice.get("/alerts/settings/").content.decode()
    assert page.count(" checked") == 5, "four kinds here, and mails are not turned off"
    alice.post("/alerts/settings/", {"in_app": ["FILLED", "NONSENSE"], "by_mail": ["EXPIRED"], "mail": "on"})
    row = AlertSettings.objects.get(pk=account.pk)
    assert (row.in_app, row.by_mail, row.tells_at_once, row.mail_off) == (["FILLED"], ["EXPIRED"], False, False)


def test_a_signed_link_turns_mails_off_without_a_log_in(account: Account) -> None:
    nobody, address = Client(), f"/alerts/mail-off/{mail_off_token(account.pk)}/"
    assert "Turn mails off" in nobody.get(address).content.decode()
    assert not AlertSettings.objects.exists(), "a look changes nothing: scanners of mail look too"
    assert "Turned off" in nobody.post(address).content.decode()
    row = AlertSettings.objects.get(pk=account.pk)
    assert (row.mail_off, sorted(row.in_app)) == (True, ["CANCELED", "EXPIRED", "FILLED", "TRIGGERED"])
    signed, another = mail_off_token(account.pk), mail_off_token(account.pk + 1)
    forged = f"{another.rpartition(':')[0]}:{signed.rpartition(':')[2]}"
    assert nobody.get(address.replace(signed, forged)).status_code == 404, "somebody else's account, signed as one's own"




@pytest.mark.parametrize("page", ["/alerts/", "/alerts/new/", "/alerts/notices/", "/alerts/settings/"])
def test_every_page_is_there_with_nothing_on_it(alice: Client, page: str, instrument: Any) -> None:
    assert alice.get(page).status_code == 200
