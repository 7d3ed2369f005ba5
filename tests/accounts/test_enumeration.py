"""Whether there is a person, an account or an order is told to nobody: by no text, by no status, not by the time that it takes.

What is held against each other is asked for in turn, and the medians may not differ by more than half or double: the hash of a
password that is left out makes them differ by far more. The long lane takes two hundred samples.
"""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.auth_backends import AuthenticationBackend
from django.test import Client

from apps.accounts.models import Account, User
from apps.core.enums import Side
from tests.builders import PASSWORD, Venue
from tests.cached import clear_cache
from tests.pages import client_of

pytestmark = pytest.mark.django_db

NOBODY = "nobody@example.com"
RATIO_MAX = 2.0
Ask = Callable[[str], Any]


@pytest.fixture
def samples(request: pytest.FixtureRequest) -> int:
    return int(getattr(request, "param", 9))


FEW_AND_MANY = pytest.mark.parametrize(
    "samples", [9, pytest.param(200, marks=[pytest.mark.long, pytest.mark.timeout(600)])], indirect=True
)


@pytest.fixture
def alice(settings: Any) -> Iterator[Account]:
    """Her password is kept as in production: its hash is what takes the time."""
    clear_cache()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    account = Venue().customer("alice@example.com")
    User.objects.create_user("gone@example.com", PASSWORD, is_active=False)
    yield account
    clear_cache()


def log_in(email: str) -> Any:
    return Client().post("/login/", {"login": email, "password": "a wrong password"})


def reset(email: str) -> Any:
    return Client().post("/password/reset/", {"email": email})


def sign_up(email: str) -> Any:
    return Client().post("/signup/", {"email": email, "password1": "correct horse battery"})


def told(answer: Any, name: str) -> tuple[Any, ...]:
    """All that an answer tells, without the name that was typed and what is new in every answer."""
    body = re.sub(r"[A-Za-z0-9]{64}", "token", answer.content.decode()).replace(name, "…")
    headers = {key: value for key, value in answer.items() if key not in ("Date", "Expires", "X-Request-ID", "Content-Length")}
    return answer.status_code, headers, sorted(answer.cookies), body


def ratio(ask: Ask, one: str, other: str, samples: int) -> float:
    """How much longer the slower of both takes, by their medians; asked in turn, the first ones not counted."""
    took: dict[str, list[float]] = {one: [], other: []}
    for _ in range(samples + 2):
        for name in (one, other):
            began = time.perf_counter()
            ask(name)
            took[name].append(time.perf_counter() - began)
    medians = [statistics.median(each[2:]) for each in took.values()]
    return max(medians) / min(medians)


@pytest.mark.parametrize("other", [NOBODY, "gone@example.com"])
def test_a_wrong_password_and_nobody_s_name_are_refused_alike(alice: Account, other: str) -> None:
    assert told(log_in("alice@example.com"), "alice@example.com") == told(log_in(other), other)


def test_a_reset_and_a_sign_up_tell_nobody_who_is_here(alice: Account) -> None:
    for ask in (reset, sign_up):
        assert told(ask("alice@example.com"), "alice@example.com") == told(ask(NOBODY), NOBODY)


@FEW_AND_MANY
@pytest.mark.parametrize("other", [NOBODY, "gone@example.com"])
def test_a_wrong_password_takes_as_long_for_nobody(alice: Account, samples: int, other: str) -> None:
    assert ratio(log_in, "alice@example.com", other, samples) < RATIO_MAX


def test_without_a_hash_for_nobody_the_time_would_tell(alice: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AuthenticationBackend, "_mitigate_timing_attack", lambda self, password: None)
    assert ratio(log_in, "alice@example.com", NOBODY, 5) > RATIO_MAX


@FEW_AND_MANY
def test_a_reset_takes_as_long_for_nobody(alice: Account, samples: int) -> None:
    assert ratio(reset, "alice@example.com", NOBODY, samples) < RATIO_MAX


@FEW_AND_MANY
def test_a_sign_up_takes_as_long_for_an_address_that_is_taken(alice: Account, samples: int) -> None:
    fresh = iter(f"new-{number}@example.com" for number in range(10_000))
    assert ratio(lambda name: sign_up(name or next(fresh)), "alice@example.com", "", samples) < RATIO_MAX


@FEW_AND_MANY
def test_somebody_else_s_order_takes_as_long_as_one_that_never_was(alice: Account, samples: int) -> None:
    venue = Venue(sequence=5000)
    order = venue.order(venue.customer("bob@example.com", funded="1000"), "AAPL-USD", Side.BUY, "1", "100")
    client = client_of(alice)
    pages = {str(number): client.get(f"/orders/{number}/") for number in (order.pk, order.pk + 1)}
    assert {page.status_code for page in pages.values()} == {404}
    assert len({told(page, name)[3] for name, page in pages.items()}) == 1
    assert ratio(lambda number: client.get(f"/orders/{number}/"), *pages, samples) < RATIO_MAX
