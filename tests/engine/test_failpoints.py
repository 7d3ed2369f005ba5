"""Engines that die at every place where one can: what is in the books afterwards is what is there when none dies."""

import os
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.engine.fates import ROUNDS, Downstream, Life, founded, life, story
from tests.engine.lanes import seeds
from tests.engine.nursery import Nursery

pytestmark = pytest.mark.processes

#: Fail point -> how often it is passed in a round: once a batch, or once a command.
POINTS = {
    "engine.after_claim": 1,
    "engine.mid_batch": 4,
    "engine.before_commit": 1,
    "engine.after_commit_before_book_update": 1,
    "engine.after_commit_before_reply": 1,
}
DOWNSTREAM = {
    "relay.after_send_before_mark": "relay_outbox",
    "consumer.after_effect_before_commit": "run_consumer",
}
TRADES_MIN = 20  # a story worth telling
WORKER = f"{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}"


class Stories:
    """Runs stories on clones of one database, and knows how each ends when nobody dies."""

    def __init__(self, nursery: Nursery, directory: Path, template: str) -> None:
        self._nursery, self._directory, self._template = nursery, directory, template
        self.undisturbed = cache(self._undisturbed)
        self.projected = cache(self._projected)

    def _projected(self, seed: int) -> dict[str, str]:
        return self._downstream(seed, {})

    def _downstream(self, seed: int, dies_at: dict[str, str]) -> dict[str, str]:
        """What the consumer has in the end; whoever is to die has died once."""
        with self.life() as living:
            assert living.start()
            downstream = Downstream(living, dies_at)
            for number, told in enumerate(story(seed), 1):
                living.tell(number, told)
                downstream.revive()
            living.kill()
            made = downstream.end()
            assert sorted(downstream.deaths) == sorted(dies_at)
            assert not any(digest.startswith("0 rows") for digest in made.values()), made
            return made

    def with_a_death_downstream(self, process: str, point: str, seed: int) -> None:
        nth = random.Random(f"{point}{seed}").randint(1, 3)
        made = self._downstream(seed, {process: f"{point}:{nth}:exit"})
        assert made == self.projected(seed), f"{point}:{nth} of seed {seed}"

    def _undisturbed(self, seed: int) -> dict[str, str]:
        with self.life() as quiet:
            assert quiet.start()
            for number, told in enumerate(story(seed), 1):
                quiet.tell(number, told)
            assert quiet.deaths == []
            ended = quiet.end()
            assert int(ended["trades"].split()[0]) > TRADES_MIN, ended
            return ended

    def life(self) -> Any:
        return life(self._nursery, self._directory, self._template, f"tredye_life_{WORKER}")

    def tell_all(self, living: Life, seed: int) -> None:
        for number, told in enumerate(story(seed), 1):
            living.tell(number, told)

    def with_a_death(self, point: str, seed: int) -> None:
        nth = random.Random(f"{point}{seed}").randint(1, POINTS[point] * ROUNDS * 3 // 4)
        with self.life() as living:
            assert living.start(f"{point}:{nth}:exit")
            self.tell_all(living, seed)
            assert len(living.deaths) == 1, f"{point}:{nth} was passed once"
            assert living.end() == self.undisturbed(seed), f"{point}:{nth} of seed {seed}"

    def with_a_death_at_the_lease(self, seed: int) -> None:
        chance = random.Random(seed)
        with self.life() as living:
            assert living.start()
            last = chance.randint(1, ROUNDS - 1)
            for number, told in enumerate(story(seed), 1):
                living.tell(number, told)
                if number == last:
                    living.kill()
                    assert not living.start("engine.after_lease:1:exit")
                    living._bury(137)
                    assert living.start()
            assert living.end() == self.undisturbed(seed), f"engine.after_lease in round {last} of seed {seed}"


def at_twenty_moments() -> range:
    return range(100, 100 + len(seeds(1_000)))


@pytest.fixture(scope="module")
def stories(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stories]:
    directory = tmp_path_factory.mktemp("fates")
    nursery = Nursery(directory)
    with django_db_blocker.unblock(), founded(nursery, directory, f"tredye_founded_{WORKER}") as template:
        yield Stories(nursery, directory, template)
        nursery.end_all()


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
    stories.with_a_death_downstream(DOWNSTREAM[point], point, seed)


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("point", DOWNSTREAM)
def test_a_death_downstream_repeats_and_loses_nothing_at_twenty_moments(stories: Stories, point: str) -> None:
    for seed in at_twenty_moments():
        stories.with_a_death_downstream(DOWNSTREAM[point], point, seed)


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("point", [*POINTS, "engine.after_lease"])
def test_the_books_are_those_of_a_life_without_a_death_at_twenty_moments(stories: Stories, point: str) -> None:
    for seed in at_twenty_moments():
        stories.with_a_death_at_the_lease(seed) if point == "engine.after_lease" else stories.with_a_death(point, seed)
