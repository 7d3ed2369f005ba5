"""What the guard decides, case by case, of what it saw and for how long."""

from typing import Any

import pytest

from apps.primary.generations import Place
from apps.primary.judging import MISSES_MIN, NEAR_BYTES, Act, Judge
from apps.primary.looking import WAITS_FOR, Follower, Server, Sight
from apps.primary.witness import Note

A, B = Place("a", "1"), Place("b", "2")
SYNCHRONOUS = Note("one", 1, "a:1", True)
ALONE = Note("one", 1, "a:1", False)
WAIT_S = 5.0


class Story:
    """One judge, and a second between two looks."""

    def __init__(self) -> None:
        self.now = 0.0
        self.judge = Judge(WAIT_S, lambda: self.now)
        self.words = 0

    def look(self, first: Server | None, second: Server | None, note: Note | None = SYNCHRONOUS, times: int = 1) -> Act:
        for _ in range(times):
            self.now += 1
            act = self.judge.judge([Sight(A, first, "silent"), Sight(B, second, "silent")], note).act
        return act

    def primary(self, *, speaks: bool = True, **changes: Any) -> Server:
        self.words += speaks
        follower = Follower(streams=True, synchronous=True, replied=str(self.words), behind=changes.pop("behind", 0))
        fields: dict[str, Any] = {"system": "one", "recovering": False, "timeline": 1, "waits_for": WAITS_FOR, "slot": ""}
        return Server(**({**fields, "followers": (follower,)} | changes))


def standby(heard_s: float | None = None, system: str = "one") -> Server:
    return Server(system, recovering=True, timeline=0, waits_for="", followers=(), slot="", heard_s=heard_s)


@pytest.fixture
def story() -> Story:
    return Story()


def test_a_pair_that_is_well_is_left_alone(story: Story) -> None:
    assert {story.look(story.primary(), standby(0.1)) for _ in range(20)} == {Act.NOTHING}


def test_commits_are_made_to_wait_for_a_standby_that_is_near_and_not_before(story: Story) -> None:
    assert story.look(story.primary(waits_for="", behind=NEAR_BYTES + 1), standby(), ALONE) is Act.WAIT
    assert story.look(story.primary(waits_for="", behind=NEAR_BYTES), standby(), ALONE) is Act.ARM
    assert story.look(story.primary(), standby(), ALONE) is Act.ARM, "they wait, but nobody noted it"
    assert story.look(story.primary(), standby(), None) is Act.ARM
    assert story.look(story.primary(timeline=2), standby(), SYNCHRONOUS) is Act.ARM, "that was before a failover"


def test_commits_go_on_without_a_standby_only_when_it_was_silent_for_as_long_as_the_setting_says(story: Story) -> None:
    story.look(story.primary(), standby())
    silent = [story.look(story.primary(speaks=False), standby()) for _ in range(6)]
    assert Act.RELEASE not in silent[:5] and silent[5] is Act.RELEASE
    gone = Story()
    gone.look(gone.primary(), standby())
    assert gone.look(gone.primary(followers=()), None, times=5) is Act.WAIT
    assert gone.look(gone.primary(followers=()), None) is Act.RELEASE
    assert gone.look(gone.primary(), standby()) is Act.NOTHING, "it is back before that was done"


def test_the_standby_takes_over_after_three_looks_and_when_it_hears_nothing_either(story: Story) -> None:
    assert story.look(None, standby(), times=MISSES_MIN - 1) is Act.WAIT
    assert story.look(None, standby()) is Act.FAIL_OVER
    story.look(story.primary(), standby())
    assert story.look(None, standby(), times=MISSES_MIN - 1) is Act.WAIT, "an answer between them begins anew"


def test_a_primary_that_the_standby_hears_of_is_not_ended(story: Story) -> None:
    assert story.look(None, standby(heard_s=0.5), times=20) is Act.HELPLESS
    assert story.look(None, standby(heard_s=3.5)) is Act.FAIL_OVER


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(None, id="nobody noted anything"),
        pytest.param(ALONE, id="commits did not wait"),
        pytest.param(Note("two", 1, "a:1", True), id="it is another database"),
        pytest.param(Note("one", 1, "b:2", True), id="who answers was the primary then"),
    ],
)
def test_a_standby_that_may_lack_something_takes_no_place(story: Story, note: Note | None) -> None:
    assert story.look(None, standby(), note, times=20) is Act.HELPLESS


def test_without_anybody_there_is_nothing_to_decide(story: Story) -> None:
    assert story.look(None, None, times=20) is Act.HELPLESS


def test_a_former_primary_that_wakes_is_ended_and_never_the_new_one(story: Story) -> None:
    sights = [Sight(A, story.primary()), Sight(B, story.primary(timeline=2, waits_for="", followers=()))]
    verdict = story.judge.judge(sights, Note("one", 2, "b:2", False))
    assert verdict.act is Act.FENCE and verdict.other is not None and verdict.other.place == A
    alone = story.judge.judge([Sight(A, story.primary()), Sight(B, None)], Note("one", 2, "b:2", False))
    assert alone.act is Act.FENCE and alone.other is not None and alone.other.place == A, "while the new one is away"


def test_two_databases_under_one_address_are_nobodys_to_end(story: Story) -> None:
    assert story.look(story.primary(), story.primary(system="two", timeline=2)) is Act.HELPLESS
    assert story.look(story.primary(), story.primary()) is Act.HELPLESS


def test_what_somebody_else_made_commits_wait_for_is_left_alone(story: Story) -> None:
    assert story.look(story.primary(waits_for="ANY 1 (x, y)"), standby()) is Act.HELPLESS


def test_a_standby_whose_slot_is_lost_is_copied_anew(story: Story) -> None:
    assert story.look(story.primary(waits_for="", followers=(), slot="lost"), standby(), ALONE) is Act.RENEW
