import pytest
from django.test import Client

from apps.accounts.models import Account, User
from apps.core.enums import Role
from tests.builders import Venue
from tests.pages import client_of
from tests.staff import make_staff

REASON = "asks by phone about a fill"


@pytest.fixture
def venue(db: None) -> Venue:
    return Venue()


@pytest.fixture
def alice(venue: Venue) -> Account:
    return venue.customer("alice@example.com", funded="100000", name="Alice O'Brien", time_zone="Asia/Kolkata")


@pytest.fixture
def bob(venue: Venue) -> Account:
    return venue.customer("bob@example.com", funded="100000", name="Jean-Luc Öztürk")


@pytest.fixture
def sam(db: None) -> User:
    """Of the support."""
    return make_staff("sam@example.com", Role.SUPPORT)


@pytest.fixture
def idle(sam: User) -> Client:
    """Sam, without a case."""
    return client_of(sam)


@pytest.fixture
def desk(idle: Client) -> Client:
    """Sam, with a case."""
    assert idle.post("/support/case/", {"reason": REASON}).status_code == 302
    return idle
