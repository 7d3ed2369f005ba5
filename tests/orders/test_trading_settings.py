"""What the owner of an account chooses for its tickets, checked by form, service and database."""

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import DataError, IntegrityError, connection, transaction
from django.test import Client

from apps.accounts import preferences
from apps.accounts.models import Account, DefaultSize, TradingPreferences
from apps.accounts.preferences import (
    PreferenceError,
    Preferences,
    get_preferences,
    remove_default_size,
    set_default_size,
    set_tolerance,
)
from apps.core.numbers import NumberFormatError
from apps.instruments.models import Asset, Instrument
from apps.instruments.selectors import get_instrument
from apps.orders.forms_settings import default_size_of
from tests.builders import Venue
from tests.pages import client_of, counted_queries

PAGE = "/settings/trading/"


@pytest.fixture
def venue(db: None) -> Venue:
    venue = Venue()
    for symbol in ("AAPL-USD", "BTC-USD"):
        venue.instrument(symbol)
    return venue


@pytest.fixture
def alice(venue: Venue) -> Account:
    return venue.customer("alice@example.com")


@pytest.fixture
def client(alice: Account) -> Client:
    return client_of(alice)


def keep(account: Account, symbol: str, quantity: str) -> None:
    view = get_instrument(symbol)
    set_default_size(
        account_id=account.pk, instrument_id=view.id, quantity=Decimal(quantity), grid=view.grid, maximum=view.max_quantity
    )


def test_nothing_chosen_is_no_row_and_a_sane_tolerance(alice: Account) -> None:
    assert get_preferences(alice.pk) == Preferences(tolerance_bps=20, default_sizes={})


def test_what_is_chosen_on_the_page_is_kept_and_read_in_one_query(alice: Account, client: Client) -> None:
    client.post(f"{PAGE}tolerance/", {"tolerance_bps": "35"})
    client.post(f"{PAGE}sizes/", {"symbol": "BTC-USD", "quantity": "0.25"})
    client.post(f"{PAGE}sizes/", {"symbol": "AAPL-USD", "quantity": "3"})
    response = client.post(f"{PAGE}sizes/", {"symbol": "AAPL-USD", "quantity": "5"}, follow=True)
    assert "Tickets of AAPL-USD begin with this size from now on." in response.content.decode()
    with counted_queries() as queries:
        found = get_preferences(alice.pk)
    assert found == Preferences(35, {"AAPL-USD": Decimal(5), "BTC-USD": Decimal("0.25")})
    assert len(queries) == 1
    client.post(f"{PAGE}sizes/remove/", {"symbol": "AAPL-USD"})
    client.post(f"{PAGE}sizes/remove/", {"symbol": "no such"})
    assert get_preferences(alice.pk).default_sizes == {"BTC-USD": Decimal("0.25")}


def test_they_are_the_accounts_own(venue: Venue, alice: Account, client: Client) -> None:
    bob = venue.customer("bob@example.com")
    client.post(f"{PAGE}sizes/", {"symbol": "BTC-USD", "quantity": "0.25", "account_id": str(bob.pk)})
    remove_default_size(account_id=bob.pk, symbol="BTC-USD")
    assert get_preferences(bob.pk) == Preferences()
    assert get_preferences(alice.pk).default_sizes == {"BTC-USD": Decimal("0.25")}


@pytest.mark.parametrize("value", ["-1", "501", "", "1.5", "1e2", "٣٥x", "nan"])
def test_the_form_refuses_a_tolerance_out_of_bounds(alice: Account, client: Client, value: str) -> None:
    response = client.post(f"{PAGE}tolerance/", {"tolerance_bps": value})
    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    assert get_preferences(alice.pk).tolerance_bps == 20


@pytest.mark.parametrize("value", [-1, 501])
def test_service_and_database_refuse_it_too(alice: Account, value: int) -> None:
    with pytest.raises(PreferenceError, match="must be 0 to 500 basis points"):
        set_tolerance(account_id=alice.pk, tolerance_bps=value)
    with pytest.raises(IntegrityError, match="tolerance"), transaction.atomic():
        TradingPreferences.objects.create(account=alice, tolerance_bps=value)


@pytest.mark.parametrize("value", [0, 500])
def test_the_bounds_themselves_are_taken(alice: Account, client: Client, value: int) -> None:
    assert client.post(f"{PAGE}tolerance/", {"tolerance_bps": str(value)}).status_code == 302
    assert get_preferences(alice.pk).tolerance_bps == value


@pytest.mark.parametrize(
    ("symbol", "quantity"),
    [("AAPL-USD", "0"), ("AAPL-USD", "-1"), ("AAPL-USD", "0.00001"), ("AAPL-USD", "999999999999"), ("AAPL-USD", "1_0"),
     ("AAPL-USD", ""), ("NONE-USD", "1"), ("", "1")],
)  # fmt: skip
def test_the_form_refuses_what_is_no_order_of_the_instrument(alice: Account, client: Client, symbol: str, quantity: str) -> None:
    response = client.post(f"{PAGE}sizes/", {"symbol": symbol, "quantity": quantity})
    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    assert get_preferences(alice.pk).default_sizes == {}


def test_service_and_database_refuse_a_size_too(alice: Account) -> None:
    view = get_instrument("AAPL-USD")
    for quantity in (Decimal(0), Decimal(-1), view.max_quantity + 1):
        with pytest.raises(PreferenceError, match="must be more than 0 and at most"):
            keep(alice, "AAPL-USD", str(quantity))
    with pytest.raises(NumberFormatError, match="must be a multiple of"):
        keep(alice, "AAPL-USD", str(view.lot_size / 2))
    row = TradingPreferences.objects.create(account=alice)
    for quantity in (Decimal(0), Decimal(-1), Decimal(10) ** 12):
        with pytest.raises((IntegrityError, DataError), match=r"default_size_in_bounds|overflow"), transaction.atomic():
            DefaultSize.objects.create(preferences=row, instrument_id=view.id, quantity=quantity)


def test_there_is_a_most_of_them_and_the_last_can_still_be_changed(alice: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preferences, "DEFAULT_SIZES_MAX", 1)
    keep(alice, "AAPL-USD", "1")
    keep(alice, "AAPL-USD", "2")
    with pytest.raises(PreferenceError, match="remove one first"):
        keep(alice, "BTC-USD", "1")
    assert get_preferences(alice.pk).default_sizes == {"AAPL-USD": Decimal(2)}


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[Account]:
    """An account and two instruments that other connections see as well, removed afterwards."""
    with django_db_blocker.unblock():
        assets_before = list(Asset.objects.values_list("pk", flat=True))
        venue = Venue()
        instruments = [venue.instrument(symbol) for symbol in ("ONE-USD", "TWO-USD")]
        account = venue.customer(f"{uuid.uuid4().hex}@example.com")
        yield account
        DefaultSize.objects.filter(preferences_id=account.pk).delete()
        TradingPreferences.objects.filter(account=account).delete()
        user = account.user
        account.delete()
        EmailAddress.objects.filter(user=user).delete()
        user.delete()
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # an instrument's history is for ever, and refuses
            cursor.execute("DELETE FROM instruments_statechange WHERE instrument_id = ANY(%s)", [[row.pk for row in instruments]])
            cursor.execute("SET session_replication_role = origin")
        for row in instruments:
            row.delete()
        Asset.objects.exclude(pk__in=assets_before).delete()


def test_two_at_once_do_not_both_take_the_last_place(committed: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preferences, "DEFAULT_SIZES_MAX", 1)
    together = threading.Barrier(2)

    def keep_one(symbol: str) -> str:
        try:
            together.wait(30)
            keep(committed, symbol, "1")
        except PreferenceError:
            return "refused"
        finally:
            connection.close()
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(keep_one, ("ONE-USD", "TWO-USD"))) == ["kept", "refused"]
    assert len(get_preferences(committed.pk).default_sizes) == 1


def test_a_size_that_no_longer_fits_its_instrument_is_not_offered(alice: Account) -> None:
    keep(alice, "AAPL-USD", "0.5")
    assert default_size_of(get_preferences(alice.pk), get_instrument("AAPL-USD")) == Decimal("0.5")
    Instrument.objects.filter(symbol="AAPL-USD").update(lot_size=Decimal(1))
    assert default_size_of(get_preferences(alice.pk), get_instrument("AAPL-USD")) is None
    Instrument.objects.filter(symbol="AAPL-USD").update(lot_size=Decimal("0.1"), max_quantity=Decimal("0.4"))
    assert default_size_of(get_preferences(alice.pk), get_instrument("AAPL-USD")) is None
