"""docs/api.md tells every address, every error and every limit, and none that there is not."""

import re
from pathlib import Path

import pytest

from apps.api import limits, reading
from apps.api.asgi import ROUTES
from apps.api.problems import PROBLEMS
from apps.commands.async_client import IN_FLIGHT_MAX
from apps.commands.reasons import SENTENCES
from apps.commands.types import DEAD_MAN_SECONDS_MAX, DEAD_MAN_SECONDS_MIN, Actor
from apps.core.enums import Role
from tredye.settings.env import env

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text()


def rows(heading: str) -> list[tuple[str, ...]]:
    section = TEXT.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


def test_the_table_of_errors_is_the_product_s() -> None:
    told = {(code.strip("`"), int(status), sentence) for code, status, sentence in rows("Errors")}
    assert told == {(code, kind.status, kind.sentence) for code, kind in PROBLEMS.items()}


def test_the_table_of_addresses_is_the_product_s() -> None:
    told = {(address.strip("`"), key) for address, key, _ in rows("What there is")}
    assert told == {(f"{route.method} {route.name}", "trade" if route.trades else "read") for route in ROUTES}


SETTINGS = ["API_ORDERS_PER_SECOND", "API_LOOKUPS_PER_SECOND", "API_REQUESTS_PER_ACCOUNT", "API_REQUESTS_MAX"]
PHRASES = [
    *("5 a second, 20 at once", "2 to 3,600", "newest 500 events"),
    *("at most 64 KB", "1 to 100", "at most 200", "within 5 s", "four seconds"),
    *("two seconds", "twice a second", "1.5 s", " 2,000 "),
]


@pytest.mark.parametrize("name", SETTINGS)
def test_the_limits_are_the_settings_defaults(name: str) -> None:
    assert f"`{name}` ({env.declared[name].default})" in TEXT


def test_the_numbers_in_the_text_are_the_product_s() -> None:
    assert (limits.BODY_BYTES_MAX, limits.ITEMS_MAX, limits.OPEN_ORDERS_MAX, limits.FILLS_MAX) == (64 * 1024, 100, 200, 200)
    assert (limits.BODY_WITHIN, limits.BURST_S, limits.ENGINE_WITHIN, limits.RECHECK_EVERY) == (5, 4, 2, 0.5)
    assert (limits.UNKNOWN_PER_SECOND, limits.UNKNOWN_PER_SECOND * limits.UNKNOWN_BURST_S) == (20, 200)
    assert (limits.SWITCHES_PER_SECOND, limits.SWITCHES_PER_SECOND * limits.BURST_S, limits.EVENTS_LOOKED_AT_MAX) == (5, 20, 500)
    assert (DEAD_MAN_SECONDS_MIN, DEAD_MAN_SECONDS_MAX) == (2, 3600)
    assert (limits.BELIEVED_FOR, IN_FLIGHT_MAX) == (1.5, 2000)
    assert [phrase for phrase in PHRASES if phrase not in TEXT] == []


def test_an_engine_s_reason_has_one_sentence() -> None:
    """Where this door says more than the engine does, it is on purpose; everywhere else it is the same."""
    others = {"UNKNOWN_ORDER", "ID_REUSED", "TOO_FAST", "UNAVAILABLE"}
    shared = {reason.value: sentence for reason, sentence in SENTENCES.items() if reason.value in PROBLEMS}
    assert {code for code, sentence in shared.items() if PROBLEMS[code].sentence != sentence} == others


def test_the_examples_are_read_as_they_stand() -> None:
    bodies = re.findall(r"-d '(\{.*?\})'", TEXT, re.DOTALL)
    assert len(bodies) == 7
    order, pair, cancel, amend, cancel_all, close, switch = (reading.read_json(body.encode()) for body in bodies)
    actor = Actor(1, Role.CUSTOMER)
    assert reading.read_order(order, 7, actor, "").command_id == "r-2026-11-21-0001"
    assert reading.read_cancel(cancel).client_order_id == "r-2026-11-21-0001"
    assert reading.read_amend(amend, 7, actor, "")[1].price == "94.50"
    assert reading.read_pair(pair, 7, actor, "").second.trail_bps == 500
    assert reading.read_cancel_all(cancel_all, 7, actor, "").command_id == "all-stop-1"
    assert reading.read_close(close, 7, actor, "").symbol == "BTC-USD"
    assert reading.read_dead_mans_switch(switch, 7, actor, "", "x").seconds == 30
