"""Engines that die at every place where one can: what is in the books afterwards is what is there when none dies."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.engine.bugs import PROCESSES
from tests.engine.lanes import seeds
from tests.engine.mutants import hunt_with_processes
from tests.engine.stories import AHEAD, DOWNSTREAM, POINTS, Stories, telling
from tests.faults.figures import note

pytestmark = pytest.mark.processes


def at_twenty_moments() -> range:
    return range(100, 100 + len(seeds(1_000)))


@pytest.fixture(scope="module")
def stories(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stories]:
    with django_db_blocker.unblock(), telling(tmp_path_factory.mktemp("stories")) as made:
        yield made


@pytest.mark.fault("F12")
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("point", POINTS)
def test_the_books_are_those_of_a_life_without_a_death(stories: Stories, point: str, seed: int) -> None:
    stories.with_a_death(point, seed)


@pytest.mark.fault("F12")
@pytest.mark.parametrize("point", AHEAD)
def test_a_death_with_two_batches_under_way_changes_nothing(stories: Stories, point: str) -> None:
    stories.with_a_death_between_two_batches(point, 0)


@pytest.mark.fault("F12")
@pytest.mark.parametrize("seed", range(2))
def test_dying_with_the_lease_just_taken_changes_nothing(stories: Stories, seed: int) -> None:
    stories.with_a_death_at_the_lease(seed)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("point", DOWNSTREAM)
def test_a_death_downstream_repeats_and_loses_nothing(stories: Stories, point: str, seed: int) -> None:
    stories.with_a_death_downstream(point, seed)


#: Guards that are switched off in one process: what must find it, and the rows whose proof then fails. Where events never come
#: the story waits for them, so those are long.
OFF = {
    "acknowledged_before_the_commit": ("I14", [pytest.mark.fault("F12")]),
    "marked_before_it_was_sent": ("I19", [pytest.mark.fault("F33"), pytest.mark.long]),
    "position_moved_in_a_transaction_of_its_own": ("I19", [pytest.mark.fault("F28"), pytest.mark.long]),
    "what_came_twice_counted_twice": ("story: differs", [pytest.mark.fault("F28", "F33"), pytest.mark.long]),
}


@pytest.mark.parametrize("bug", [pytest.param(bug, marks=marks) for bug, (_, marks) in OFF.items()])
def test_with_a_guard_off_the_same_story_fails(stories: Stories, bug: str) -> None:
    found = hunt_with_processes(stories, bug)
    assert found is not None and found.checker == OFF[bug][0]
    note("control", f"{bug.replace('_', ' ')}: found by {found.checker}")


def test_every_guard_of_a_process_is_switched_off_once() -> None:
    assert set(OFF) == set(PROCESSES)


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("point", DOWNSTREAM)
def test_a_death_downstream_repeats_and_loses_nothing_at_twenty_moments(stories: Stories, point: str) -> None:
    for seed in at_twenty_moments():
        stories.with_a_death_downstream(point, seed)


@pytest.mark.fault("F12")
@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("point", AHEAD)
def test_a_death_with_two_batches_under_way_changes_nothing_at_twenty_moments(stories: Stories, point: str) -> None:
    for seed in at_twenty_moments():
        stories.with_a_death_between_two_batches(point, seed)
    note("F12", f"{point} with two batches under way at {len(at_twenty_moments())} moments")


@pytest.mark.fault("F12")
@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("point", [*POINTS, "engine.after_lease"])
def test_the_books_are_those_of_a_life_without_a_death_at_twenty_moments(stories: Stories, point: str) -> None:
    for seed in at_twenty_moments():
        stories.with_a_death_at_the_lease(seed) if point == "engine.after_lease" else stories.with_a_death(point, seed)
    note("F12", f"{point} at {len(at_twenty_moments())} moments")
