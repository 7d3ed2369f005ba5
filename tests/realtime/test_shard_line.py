"""What was missed is asked for until it came: the layer loses questions as it loses everything else."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from apps.realtime import limits
from apps.realtime.layer_line import LineDownError
from apps.realtime.shard_line import ShardLine
from apps.realtime.shards import GROUPS

pytestmark = pytest.mark.asyncio


class ForgetfulLine:
    """In the place of the line, because a real layer cannot be told which message to lose: the first two never leave."""

    def __init__(self) -> None:
        self.tries = 0
        self.asked = asyncio.Event()

    async def send(self, group: str, message: Mapping[str, Any]) -> None:
        self.tries += 1
        if self.tries <= 2:
            raise LineDownError("lost")
        self.asked.set()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    monkeypatch.setattr(limits, "ASK_EVERY", 0.01)
    return []


async def made(heard: list[Any]) -> tuple[ShardLine, ForgetfulLine]:
    line = ShardLine(asyncio.get_running_loop(), heard.append)
    forgetful = line._line = ForgetfulLine()  # type: ignore[assignment]
    return line, forgetful


def message(shard: int, number: int, *, full: bool = False, boot: str = "b") -> dict[str, Any]:
    return {"type": "shard", "shard": shard, "boot": boot, "n": number, "full": full}


async def until_quiet(line: ShardLine) -> None:
    async with asyncio.timeout(30):
        assert line._asking is not None
        await line._asking


async def test_a_hole_is_asked_for_until_its_shard_sent_everything(heard: list[Any]) -> None:
    line, forgetful = await made(heard)
    line._take(message(1, 1))
    assert line._asking is None
    line._take(message(1, 3))
    async with asyncio.timeout(30):
        await forgetful.asked.wait()
    line._take(message(0, 1, full=True))
    assert line._asking is not None and not line._asking.done(), "another shard's values do not fill the hole"
    line._take(message(1, 4, full=True))
    await until_quiet(line)
    assert forgetful.tries >= 3 and len(heard) == 4


async def test_a_new_line_asks_until_all_shards_were_heard(heard: list[Any]) -> None:
    line, forgetful = await made(heard)
    line.ask()
    for shard in range(1, len(GROUPS)):
        line._take(message(shard, 1, full=True))
    async with asyncio.timeout(30):
        await forgetful.asked.wait()
    assert line._asking is not None and not line._asking.done()
    line._take(message(0, 1, full=True))
    await until_quiet(line)


async def test_another_publisher_that_sends_everything_needs_no_question(heard: list[Any]) -> None:
    line, forgetful = await made(heard)
    line._take(message(2, 7))
    line._take(message(2, 1, full=True, boot="c"))
    assert line._asking is None and forgetful.tries == 0
    line._take(message(2, 2, boot="d"))
    assert line._asking is not None
    line._take(message(2, 3, full=True, boot="d"))
    await until_quiet(line)


async def test_two_publishers_that_count_apart_leave_no_hole(heard: list[Any]) -> None:
    line, forgetful = await made(heard)
    for number in range(1, 20):
        line._take(message(2, number, full=number == 1, boot="b"))
        line._take(message(2, number + 100, full=number == 1, boot="c"))
    assert line._asking is None and forgetful.tries == 0 and len(heard) == 38


async def test_after_a_new_line_every_publisher_has_to_say_what_it_has(heard: list[Any]) -> None:
    line, forgetful = await made(heard)
    line.ask()
    for shard in range(len(GROUPS)):
        line._take(message(shard, 7, boot="b"))
        line._take(message(shard, 8, boot="c"))
        line._take(message(shard, 9, full=True, boot="c"))
    async with asyncio.timeout(30):
        await forgetful.asked.wait()
    assert line._asking is not None and not line._asking.done(), "the other one has not answered"
    for shard in range(len(GROUPS)):
        line._take(message(shard, 8, full=True, boot="b"))
    await until_quiet(line)


async def test_a_publisher_that_is_gone_is_waited_for_no_more(heard: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PUBLISHER_GONE_AFTER", 0.05)
    line, _ = await made(heard)
    line._take(message(1, 1, full=True, boot="b"))
    line._take(message(1, 5, boot="b"))
    assert line._asking is not None and not line._asking.done()
    await until_quiet(line)
    assert line._counts == {}
