"""The contract is total: whatever is away, and however many at once, each question has an answer that can be shown."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.commands.reasons import SENTENCES, Reason
from apps.degraded import CODES, TABLE, Action, Dependency, Effect, Fault, judge
from apps.degraded.judging import modes_of
from apps.degraded.table import MARKET_PRICE_S, REFERENCE_S, STANDS_ON, in_force, rule_for
from apps.engine.matching.house import HOUSE_AGE_NS_MAX, REFERENCE_AGE_NS_MAX
from apps.marketdata.selectors import STALE_AFTER

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
GRAVITY = {Effect.MAY: 0, Effect.REDUCED: 1, Effect.MAY_NOT: 2}
some_faults = st.lists(
    st.builds(
        lambda dependency, for_s: Fault(dependency, AT - timedelta(seconds=for_s), for_s),
        st.sampled_from(Dependency),
        st.floats(0, 100_000),
    ),
    unique_by=lambda fault: fault.dependency,
)


def away(*dependencies: Dependency, for_s: float = 60.0) -> list[Fault]:
    return [Fault(each, AT, for_s) for each in dependencies]


def test_every_cell_is_filled() -> None:
    assert set(TABLE) == set(Dependency)
    for dependency, row in TABLE.items():
        assert set(row) == set(Action), dependency


@pytest.mark.parametrize("dependency", Dependency)
@pytest.mark.parametrize("action", Action)
def test_whoever_is_told_no_is_told_why_and_when_to_try_again(dependency: Dependency, action: Action) -> None:
    rule = TABLE[dependency][action]
    assert bool(rule.sentence) is (rule.effect is not Effect.MAY)
    assert bool(rule.code) is (rule.effect is Effect.MAY_NOT)
    assert (rule.retry_after_s is not None) is (rule.effect is Effect.MAY_NOT)
    if rule.effect is Effect.MAY_NOT:
        assert rule.code in CODES and 1 <= (rule.retry_after_s or 0) <= 30
        assert rule.sentence.endswith(".")


@given(some_faults, st.sampled_from(Action))
def test_every_combination_has_a_verdict_that_is_the_gravest_of_its_rules(faults: list[Fault], action: Action) -> None:
    verdict = judge(action, faults)
    rules = [rule_for(action, fault) for fault in in_force(faults)]
    gravest = max((GRAVITY[rule.effect] for rule in rules), default=0)
    assert (verdict.allowed, verdict.reduced) == ((gravest < 2), gravest == 1)
    assert bool(verdict.sentence) is (gravest > 0) is (verdict.since is not None)
    assert (verdict.retry_after_s is not None) is (gravest == 2)
    if gravest == 2:
        assert verdict.retry_after_s == max(rule.retry_after_s or 0 for rule in rules)
    assert judge(action, list(reversed(faults))) == verdict, "the order in which faults are found says nothing"


@given(some_faults, some_faults)
def test_one_more_fault_never_allows_more(faults: list[Fault], more: list[Fault]) -> None:
    known = {fault.dependency for fault in faults}
    both = faults + [fault for fault in more if fault.dependency not in known]
    for action in Action:
        assert judge(action, faults).allowed >= judge(action, both).allowed


@given(some_faults)
def test_the_banner_says_one_thing_once_and_what_it_says_to_work_works(faults: list[Fault]) -> None:
    found = modes_of(faults)
    told = [mode.dependency for mode in found.modes]
    assert len(set(told)) == len(told) and bool(found) is bool(faults)
    assert not any(STANDS_ON.get(each) in told for each in told)
    assert set(found.refused) == {action for action in Action if not judge(action, faults).allowed}
    if Action.CANCEL in found.refused:
        assert "ancels" not in found.works and found.tone == "bad"


def test_nothing_is_said_when_all_is_well() -> None:
    assert not modes_of([]) and modes_of([]).works == ""
    assert all(judge(action, []).allowed and not judge(action, []).reduced for action in Action)


@pytest.mark.parametrize("dependency", [Dependency.ROOM, Dependency.FEED, Dependency.REDIS, Dependency.LOG, Dependency.SERVER])
def test_a_cancel_needs_the_engine_and_its_database_alone(dependency: Dependency) -> None:
    assert judge(Action.CANCEL, away(dependency, for_s=10_000)).allowed


def test_orders_need_neither_redis_nor_the_log() -> None:
    for action in (Action.MARKET_ORDER, Action.LIMIT_ORDER, Action.AMEND, Action.MOVE_MONEY):
        assert judge(action, away(Dependency.REDIS, Dependency.LOG, Dependency.SERVER)).allowed


@pytest.mark.parametrize(
    ("age_s", "market", "limit"),
    [(2.9, True, True), (MARKET_PRICE_S, False, True), (29.9, False, True), (REFERENCE_S, False, False)],
)
def test_a_silent_feed_stops_market_orders_first_and_the_others_later(age_s: float, market: bool, limit: bool) -> None:
    faults = away(Dependency.FEED, for_s=age_s)
    assert judge(Action.MARKET_ORDER, faults).allowed is market
    assert judge(Action.LIMIT_ORDER, faults).allowed is judge(Action.AMEND, faults).allowed is limit


def test_the_engine_says_the_same_words_of_a_price_that_is_too_old() -> None:
    said = judge(Action.MARKET_ORDER, away(Dependency.FEED))
    assert said.sentence == SENTENCES[Reason.STALE_PRICE] == CODES[said.code] and said.code == Reason.STALE_PRICE


def test_the_engine_says_the_same_words_where_there_is_no_room() -> None:
    said = judge(Action.LIMIT_ORDER, away(Dependency.ROOM))
    assert said.sentence == SENTENCES[Reason.ORDERS_PAUSED] == CODES[said.code] and said.code == Reason.ORDERS_PAUSED


def test_the_engine_and_the_pages_count_from_the_same_ages() -> None:
    assert HOUSE_AGE_NS_MAX == MARKET_PRICE_S * 1e9 and REFERENCE_AGE_NS_MAX == REFERENCE_S * 1e9
    assert STALE_AFTER.total_seconds() == MARKET_PRICE_S


def test_what_follows_from_the_database_is_not_told_beside_it() -> None:
    found = modes_of(away(Dependency.LOG, Dependency.ENGINE, Dependency.POSTGRES, Dependency.REDIS))
    assert [mode.dependency for mode in found.modes] == [Dependency.POSTGRES, Dependency.REDIS]
    assert found.works == ""


def test_two_at_once_leave_what_neither_takes() -> None:
    assert modes_of(away(Dependency.ENGINE)).works == "Works as ever: prices, balances, history, alerts, logging in."
    assert modes_of(away(Dependency.ENGINE, Dependency.REDIS)).works == "Works as ever: balances, history."
    assert modes_of(away(Dependency.FEED, for_s=5)).works == (
        "Works as ever: limit orders, cancels, deposits and withdrawals, history, alerts, logging in."
    )
    assert modes_of(away(Dependency.POSTGRES)).works == "Works as ever: prices."


def test_the_table_is_small_enough_to_be_read_for_every_pair() -> None:
    for pair in combinations(Dependency, 2):
        for action in Action:
            alone = [judge(action, away(each)).allowed for each in pair]
            assert judge(action, away(*pair)).allowed is all(alone), (pair, action)


def test_the_documents_show_the_table_that_holds() -> None:
    words = {Effect.MAY: "yes", Effect.REDUCED: "reduced", Effect.MAY_NOT: "no"}
    text = (Path(__file__).resolve().parents[2] / "docs" / "architecture.md").read_text()
    for dependency, row in TABLE.items():
        cells = [f"{words[rule.effect]}{f' after {rule.after_s:g} s' if rule.after_s else ''}" for rule in row.values()]
        assert f"| `{dependency}` | {' | '.join(cells)} |" in text
