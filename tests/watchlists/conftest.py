from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.instruments.models import Instrument
from tests.builders import Venue
from tests.pages import client_of

SYMBOLS = ("ACME-USD", "BOLT-USD", "COLD-USD", "BTC-USD")


def many_instruments(venue: Venue, count: int) -> list[int]:
    """The ids of so many instruments more: copies of one, in one statement."""
    pattern = venue.instrument("X0-USD")
    copied = {field.attname: getattr(pattern, field.attname) for field in Instrument._meta.concrete_fields}
    first = pattern.pk + 1
    Instrument.objects.bulk_create(
        Instrument(**copied | {"id": first + number, "symbol": f"X{number + 1}-USD"}) for number in range(count - 1)
    )
    return [pattern.pk, *range(first, first + count - 1)]


@pytest.fixture
def venue(db: None) -> Venue:
    venue = Venue()
    for symbol in SYMBOLS:
        venue.instrument(symbol)
    return venue


@pytest.fixture
def ids(venue: Venue) -> dict[str, int]:
    """Of the instruments, by their first letters."""
    return {symbol.partition("-")[0]: pk for symbol, pk in Instrument.objects.values_list("symbol", "id")}


@pytest.fixture
def alice(venue: Venue) -> Account:
    return venue.customer("alice@example.com")


@pytest.fixture
def bob(venue: Venue) -> Account:
    return venue.customer("bob@example.com")


@pytest.fixture
def client_for() -> Callable[[Account], Client]:
    return client_of
