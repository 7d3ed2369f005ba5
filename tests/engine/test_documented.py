"""docs/testing.md names what is really tried."""

import re
from pathlib import Path

import pytest

from tests.engine import bugs
from tests.engine.matching.test_planted_bugs import BUGS
from tests.engine.stories import DOWNSTREAM, POINTS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "testing.md").read_text()
PLANTED = (BUGS, bugs.STORED, bugs.PROCESSES)


def test_every_planted_bug_is_listed_and_nothing_else() -> None:
    section = TEXT.split("## Planted bugs")[1]
    listed = set(re.findall(r"^- (.*)$", section, re.MULTILINE))
    assert listed == {name.replace("_", " ") for names in PLANTED for name in names}


@pytest.mark.parametrize("point", [*POINTS, *DOWNSTREAM, "engine.after_lease"])
def test_every_fail_point_of_a_story_is_in_the_table(point: str) -> None:
    assert f"| `{point}` |" in TEXT
