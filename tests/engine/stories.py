"""Stories with a death in them, against the same stories without one."""

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path

from tests.engine.downstream import Downstream
from tests.engine.fates import ROUNDS, Life, Round, founded, life, story, story_of_crowds
from tests.engine.nursery import START_S, Nursery
from tests.engine.world import LAWS_ASKED
from tests.faults import figures

#: Fail points of the engine -> how often one is passed in a round: once a batch, or once a command.
POINTS = {
    "engine.after_claim": 1,
    "engine.mid_batch": 4,
    "engine.before_commit": 1,
    "engine.after_commit_before_book_update": 1,
    "engine.after_commit_before_reply": 1,
}
#: Those at which a batch is sent, or is durable, while the next one is decided -> how often one is passed meanwhile.
AHEAD = {
    "engine.mid_batch": 100,
    "engine.before_commit": 1,
    "engine.after_commit_before_book_update": 1,
}
DOWNSTREAM = {
    "relay.after_send_before_mark": "relay_outbox",
    "consumer.after_effect_before_commit": "run_consumer",
}
TRADES_MIN = 20  # a story worth telling
WORKER = f"{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}"


class Stories:
    """Tells stories on clones of one database, and knows how each ends when nobody dies."""

    def __init__(self, nursery: Nursery, directory: Path, template: str) -> None:
        self._nursery, self._directory, self._template = nursery, directory, template
        self.undisturbed = cache(self._undisturbed)
        self.crowded = cache(self._crowded)
        self.projected = cache(self._downstream)

    def with_a_death(self, point: str, seed: int, bug: str = "") -> None:
        """The engine dies at ``point``, at a moment that the seed names. ``bug`` is planted in the one that dies."""
        nth = random.Random(f"{point}{seed}").randint(1, POINTS[point] * ROUNDS * 3 // 4)
        with self._life() as living:
            assert living.start(f"{point}:{nth}:exit", bug)
            _tell(living, story(seed))
            assert len(living.deaths) == 1, f"{point}:{nth} was passed once"
            assert living.end() == self.undisturbed(seed), f"story: differs after {point}:{nth} of seed {seed}"
        figures.checked(LAWS_ASKED)

    def with_a_death_between_two_batches(self, point: str, seed: int, bug: str = "") -> None:
        """The engine dies with one batch sent and the next one decided, or being decided: its fail point is armed by nothing
        else, so that it died is the proof."""
        nth = random.Random(f"{point}{seed}").randint(1, AHEAD[point])
        with self._life() as living:
            assert living.start(f"{point}:{nth}:exit", bug, ahead=True)
            _tell(living, story_of_crowds(seed))
            assert len(living.deaths) == 1, f"{point}:{nth} was passed with two batches under way"
            assert _whole(living.end()) == self.crowded(seed), f"story: differs after {point}:{nth} of crowds {seed}"
        figures.checked(LAWS_ASKED)

    def with_a_death_at_the_lease(self, seed: int) -> None:
        """The engine is killed after some round, and the one that follows dies with the lease in its hand."""
        last = random.Random(seed).randint(1, ROUNDS - 1)
        with self._life() as living:
            assert living.start()
            for number, told in enumerate(story(seed), 1):
                living.tell(number, told)
                if number == last:
                    living.kill()
                    assert not living.start("engine.after_lease:1:exit")
                    living.bury(137)
                    assert living.start()
            assert living.end() == self.undisturbed(seed), f"story: differs after the lease, round {last} of seed {seed}"
        figures.checked(LAWS_ASKED)

    def with_a_death_downstream(self, point: str, seed: int, bug: str = "", limit_s: float = START_S) -> None:
        nth = random.Random(f"{point}{seed}").randint(2, ROUNDS * 3 // 4)
        made = self._downstream(seed, DOWNSTREAM[point], f"{point}:{nth}:exit", bug, limit_s)
        assert made == self.projected(seed), f"story: differs after {point}:{nth} of seed {seed}"

    def _undisturbed(self, seed: int) -> dict[str, str]:
        return self._quietly(story(seed))

    def _crowded(self, seed: int) -> dict[str, str]:
        return _whole(self._quietly(story_of_crowds(seed)))

    def _quietly(self, told: Sequence[Round]) -> dict[str, str]:
        with self._life() as quiet:
            assert quiet.start()
            _tell(quiet, told)
            assert quiet.deaths == []
            ended = quiet.end()
            assert int(ended["trades"].split()[0]) > TRADES_MIN, ended
            return ended

    def _downstream(
        self, seed: int, dies: str = "", dies_at: str = "", bug: str = "", limit_s: float = START_S
    ) -> dict[str, str]:
        """What the consumer has in the end; who is to die has died once."""
        with self._life() as living:
            assert living.start()
            downstream = Downstream(living, dies, dies_at, bug)
            for number, told in enumerate(story(seed), 1):
                living.tell(number, told)
                downstream.follow(limit_s)
            living.kill()
            made = downstream.made()
            assert downstream.deaths == ([dies] if dies else [])
            assert not any(digest.startswith("0 rows") for digest in made.values()), made
            return made

    def _life(self) -> AbstractContextManager[Life]:
        return life(self._nursery, self._directory, self._template, f"tredye_life_{WORKER}")


def _tell(living: Life, rounds: Sequence[Round]) -> None:
    for number, told in enumerate(rounds, 1):
        living.tell(number, told)


def _whole(ended: dict[str, str]) -> dict[str, str]:
    """Without the outbox, which has a row a batch: where a crowd is cut into batches depends on how it comes in."""
    return {name: digest for name, digest in ended.items() if name != "outbox"}


@contextmanager
def telling(directory: Path) -> Iterator[Stories]:
    """On a database that is made from the tests' own."""
    nursery = Nursery(directory)
    try:
        with founded(nursery, directory, f"tredye_founded_{WORKER}") as template:
            yield Stories(nursery, directory, template)
    finally:
        nursery.end_all()
