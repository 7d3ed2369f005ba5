"""The door: a rate of handshakes, and a minute's ban."""

import pytest

from apps.realtime import limits
from apps.realtime.door import Door


def test_a_second_s_handshakes_at_once_and_then_its_rate() -> None:
    door = Door(100, now=5.0)
    assert sum(door.admits(5.0) for _ in range(1000)) == 100
    assert sum(door.admits(5.5) for _ in range(1000)) == 50
    assert sum(door.admits(60.0) for _ in range(1000)) == 100


def test_those_turned_away_come_back_one_after_the_other_at_the_rate_at_which_they_are_let_in() -> None:
    door = Door(100, now=0.0)
    assert [door.retry_ms(0.0, 0.5) for _ in range(3)] == [1010, 1020, 1030]
    assert door.retry_ms(0.5, 0.5) == 1000 + 10, "at least a second away, however few wait"
    for _ in range(2_000):
        assert 1_000 <= door.retry_ms(1.0, 0.5) <= 10_000
    assert door.retry_ms(1.0, 0.25) == 1_000 + 9_000 / 4, "no moment is left for this one: it is sent away for any"
    assert door.retry_ms(30.0, 0.5) == 1010


def test_a_ban_ends_after_its_minute_and_begins_anew_with_the_next_flood() -> None:
    door = Door(100, now=0.0)
    door.ban("ip:1", 0.0)
    assert door.is_banned("ip:1", 59.9) and not door.is_banned("ip:2", 1.0)
    assert not door.is_banned("ip:1", 60.0)
    door.ban("ip:1", 30.0)
    assert door.is_banned("ip:1", 89.9) and not door.is_banned("ip:1", 90.1)


def test_bans_are_forgotten_when_they_are_over_and_never_more_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BANS_MAX", 3)
    door = Door(100, now=0.0)
    for number in range(10):
        door.ban(f"ip:{number}", float(number))
    assert [number for number in range(10) if door.is_banned(f"ip:{number}", 10.0)] == [7, 8, 9]
    door.ban("ip:7", 11.0)  # now the last to be let in
    door.ban("ip:new", 12.0)
    assert not door.is_banned("ip:8", 13.0) and door.is_banned("ip:7", 13.0)
    door.ban("ip:later", 200.0)
    assert len(door._banned) == 1
