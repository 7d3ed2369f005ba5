"""Every check of the books bites: what each is there for is planted into a real database, and exactly what should fails."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import transaction

from apps.engine.checks import Check, ask_each
from apps.engine.invariants import CHECKS, LIVE
from apps.engine.invariants_priority import lately
from apps.engine.laws import LAWS
from apps.engine.recovery import LOCK_NAMESPACE, SHARD
from tests.engine.day import Day, plant
from tests.engine.plants import PLANTS, Plant

ALL = tuple(dict.fromkeys((*CHECKS, *LIVE)))
#: Its plant is two sessions, which no transaction can hold.
LOCK = "I21 no two sessions have the engine's lock"


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[Day]:
    """One day for all tests of the module, gone afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Day()
        transaction.set_rollback(True)


@pytest.fixture
def day(lived: Day) -> Iterator[Day]:
    """The day as it was, whatever the test before planted."""
    with transaction.atomic():
        yield lived
        transaction.set_rollback(True)


def title(check: Check) -> str:
    return f"{check.name} {check.meaning}"


def failing(day: Day) -> set[str]:
    results = ask_each(day.raw, ALL, each_s=30, all_s=120)
    assert not [result.error for result in results if result.error]
    return {title(result.check) for result in results if result.rows}


def meant(plant: Plant) -> set[str]:
    """The checks whose titles begin with the words of the plant, one for each."""
    found = set()
    for words in plant.found:
        [one] = [title(check) for check in ALL if title(check).startswith(words)]
        found.add(one)
    return found


def test_books_that_are_right_violate_nothing(day: Day) -> None:
    assert failing(day) == set()


@pytest.mark.parametrize("what", PLANTS)
def test_what_is_planted_is_found_by_what_should_find_it_and_by_nothing_else(day: Day, what: str) -> None:
    plant(PLANTS[what].statement, day.names)
    assert failing(day) == meant(PLANTS[what])


@pytest.mark.parametrize(
    ("price", "passed"), [("100.60", False), ("100.59", True)], ids=["behind at its price", "of a better price"]
)
def test_who_is_passed_over_may_have_rested_since_long_before_the_newest_events(day: Day, price: str, passed: bool) -> None:
    """The newest trade is at 100.60, with an order that was there before the one that is planted beside it."""
    plant(f"UPDATE orders_order SET price = {price} WHERE id = {{moved}}", day.names)
    few = lately(newest_events=3)
    newest = day.raw.execute("SELECT array_agg(order_id) FROM (SELECT * FROM orders_accountevent ORDER BY id DESC LIMIT 3) e")
    assert day.names["moved"] not in newest.fetchone()[0]
    found = [row[0] for row in ask_each(day.raw, [few], each_s=10, all_s=10)[0].rows]
    assert found == ([day.names["moved"]] if passed else [])


def test_there_is_a_plant_for_every_check() -> None:
    planted = {one for each in PLANTS.values() for one in meant(each)}
    assert {title(check) for check in ALL} - planted == {LOCK}
    assert len({title(check) for check in ALL}) == len(ALL), "two checks of one title"
    assert {check.name for check in ALL} == set(LAWS)


def test_two_sessions_with_the_engines_lock_are_found(db: None) -> None:
    """PostgreSQL gives it to one; a shared one it gives to two."""
    lock = next(check for check in LIVE if title(check) == LOCK)
    d = settings.DATABASES["default"]
    names: dict[str, Any] = {"host": d["HOST"], "port": d["PORT"], "user": d["USER"], "password": d["PASSWORD"]}

    def holder() -> "psycopg.Connection[Any]":
        opened = psycopg.connect(**names, dbname=d["NAME"], autocommit=True)
        opened.execute("SELECT pg_advisory_lock_shared(%s, %s)", [LOCK_NAMESPACE, SHARD])
        return opened

    with holder() as first:
        assert not ask_each(first, [lock], each_s=10, all_s=10)[0].rows
        with holder():
            assert ask_each(first, [lock], each_s=10, all_s=10)[0].rows
