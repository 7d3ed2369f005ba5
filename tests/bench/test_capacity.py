"""The tables of docs/scaling.md are what the script computes from what was measured."""

import itertools
from dataclasses import fields

import pytest

from apps.eventlog.topics import TOPICS
from bench import capacity
from bench.capacity import COSTS, PARTITIONS, WISHES, Wish, need
from stack.settings import ROOT

DOCS = (ROOT / "docs/scaling.md").read_text()


@pytest.mark.parametrize(("name", "made"), [("costs", capacity.costs_table), ("capacity", capacity.table)])
def test_the_docs_have_what_the_script_prints(name: str, made: object) -> None:
    """``python -m bench.capacity`` prints both."""
    shown = DOCS.split(f"<!-- {name}: python -m bench.capacity -->\n")[1].split(f"\n<!-- /{name} -->")[0]
    assert shown == made()  # type: ignore[operator]


def test_more_of_anything_needs_no_less_of_anything() -> None:
    needs = [need(wish) for wish in WISHES]
    numbers = [[getattr(each, field.name) for field in fields(each) if field.name != "impossible"] for each in needs]
    for less, more in itertools.pairwise(numbers):
        assert all(before <= after for before, after in zip(less, more, strict=True))


def test_a_socket_gets_no_more_frames_than_there_are_and_no_quote_twice_in_one() -> None:
    calm, storm = need(Wish(1_000, 100, 0)), need(Wish(1_000, 1_000_000, 0))
    bits = COSTS.frames.value * 8 * 1_000 / 1e6
    assert storm.out_mbit == round(bits * (25 * COSTS.quote.value + COSTS.head.value))
    assert calm.out_mbit == round(100 * 25 / 200 * (COSTS.quote.value + COSTS.head.value) * 8 * 1_000 / 1e6)
    assert "a feed" in storm.impossible and "partitions" in storm.impossible and not calm.impossible


def test_it_knows_how_many_can_share_a_topic() -> None:
    assert {topic.partitions for topic in TOPICS.values() if topic.name != "instruments.events"} == {PARTITIONS}
