import pytest

from tests.builders import Venue


@pytest.fixture
def venue(db: None) -> Venue:
    return Venue()
