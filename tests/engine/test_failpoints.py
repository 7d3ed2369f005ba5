"""Engines that die at every place where one can: what is in the books afterwards is what is there when none dies."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.engine.lanes import seeds
from tests.engine.stories import DOWNSTREAM, POINTS, Stories, telling

pytestmark = pytest.mark.processes


def at_twenty_moments() -> range:
    return range(100, 100 + len(seeds(1_000)))


@pytest.fixture(scope="module")
def stories(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stories]:
    with django_db_blocker.unblock(), telling(tmp_path_factory.mktemp("stories")) as made:
        yield made


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("point", POINTS)
def test_the_books_are_those_of_a_life_without_a_death(stories: Stories, point: str, seed: int) -> None:
    stories.with_a_death(point, seed)


@pytest.mark.parametrize("seed", range(2))
def test_dying_with_the_lease_just_taken_changes_nothing(stories: Stories, seed: int) -> None:
    stories.with_a_death_at_the_lease(seed)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("point", DOWNSTREAM)
def test_a_death_downstream_repeats_and_loses_nothing(stories: Stories, point: str, seed: int) -> None:
    stories.with_a_death_downstream(point, seed)


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("point", DOWNSTREAM)
def test_a_death_downstream_repeats_and_loses_nothing_at_twenty_moments(stories: Stories, point: str) -> None:
    for seed in at_twenty_moments():
        stories.with_a_death_downstream(point, seed)


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("point", [*POINTS, "engine.after_lease"])
def test_the_books_are_those_of_a_life_without_a_death_at_twenty_moments(stories: Stories, point: str) -> None:
    for seed in at_twenty_moments():
        stories.with_a_death_at_the_lease(seed) if point == "engine.after_lease" else stories.with_a_death(point, seed)
