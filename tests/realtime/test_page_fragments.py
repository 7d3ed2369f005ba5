"""Fragments and events, with the real htmx: no event is shown twice, none is lost, and nothing goes back to what it was."""

import re
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.realtime.conftest import Market, Server, until
from tests.realtime.pages import Opening, account_of, cookies_of

pytestmark = [pytest.mark.processes, pytest.mark.e2e]


def fragment(sequence: int, name: str = "balance", event: str = "balances-changed") -> str:
    return (
        f'<div id="{name}" data-account-sequence="{sequence}" hx-get="/test-{name}" hx-trigger="{event} from:body"'
        f' hx-swap="outerHTML">as of {sequence}</div>'
    )


class Answers:
    """What the fragment's address says, ``sequences`` one after the other and the last for ever, and how often it was asked."""

    def __init__(self, sequences: list[int]) -> None:
        self.sequences = sequences
        self.asked = 0

    def give(self, route: Route) -> None:
        self.asked += 1
        sequence = self.sequences.pop(0) if len(self.sequences) > 1 else self.sequences[0]
        route.fulfill(body=fragment(sequence), content_type="text/html")


@pytest.fixture
def open_fragment(uvicorn: Server, market: Market, make_owner: Any, open_profile: Callable[..., Any]) -> Callable[..., Any]:
    """A page of an owner with ``events`` that shows the fragment as of ``shown``."""

    @contextmanager
    def opened(answers: Answers, *, events: int, shown: int) -> Any:
        owner = make_owner()
        owner.commit(events)

        def happen() -> None:
            market.send("accounts.events", str(owner.account_id), owner.commit())
            market.flush()

        opening = Opening(body=fragment(shown), account=account_of(owner), scripts=("vendor/htmx/htmx.min.js",))
        with open_profile(uvicorn, cookies_of(owner)) as person:
            person.context.route(re.compile(".*/test-balance$"), answers.give)
            page = person.open(opening)
            with_account = re.compile("^(Live|Prices stale since [0-9:]+)$")
            expect(page.locator("[data-stream-status]")).to_have_text(with_account)
            yield page, happen

    return opened


def seen(page: Page) -> list[int]:
    found: list[int] = page.evaluate("log.filter(([n]) => n === 'tredye:account').map(([, event]) => event.account_sequence)")
    return found


def test_an_event_that_a_fragment_shows_already_is_not_fetched_for(open_fragment: Callable[..., Any]) -> None:
    answers = Answers([4])
    with open_fragment(answers, events=2, shown=3) as (page, happen):
        happen()
        until(lambda: seen(page) == [3], "the third event is told")
        happen()
        expect(page.locator("#balance")).to_have_text("as of 4")
        assert seen(page) == [3, 4]
        assert answers.asked == 1


def test_an_answer_that_lacks_the_event_is_fetched_again_and_none_goes_back(open_fragment: Callable[..., Any]) -> None:
    answers = Answers([2, 1, 2, 3])
    with open_fragment(answers, events=2, shown=2) as (page, happen):
        page.evaluate("""() => {
          window.texts = [];
          new MutationObserver(() => texts.push(document.getElementById("balance")?.textContent))
            .observe(document.body, { childList: true, subtree: true });
        }""")
        happen()
        expect(page.locator("#balance")).to_have_text("as of 3")
        assert answers.asked == 4
        assert "as of 1" not in page.evaluate("texts")
        expect(page.locator("[data-stream-banner]")).not_to_contain_text("could not be brought up to date")


def test_an_event_that_comes_while_a_fetch_is_under_way_is_not_lost(open_fragment: Callable[..., Any]) -> None:
    waiting: list[Route] = []
    answers = Answers([3, 4])
    late = answers.give
    answers.give = lambda route: waiting.append(route) if not waiting else late(route)  # type: ignore[method-assign]
    with open_fragment(answers, events=2, shown=2) as (page, happen):
        happen()
        until(lambda: page.evaluate("1") and waiting, "the first fetch is under way")
        happen()
        until(lambda: seen(page) == [3, 4], "the second event is told")
        late(waiting[0])
        expect(page.locator("#balance")).to_have_text("as of 4")


@pytest.mark.long
def test_what_cannot_be_brought_up_to_date_is_said(open_fragment: Callable[..., Any]) -> None:
    answers = Answers([2])
    with open_fragment(answers, events=2, shown=2) as (page, happen):
        happen()
        expect(page.locator("[data-stream-banner]")).to_contain_text("could not be brought up to date", timeout=60_000)
        assert answers.asked == 6
        answers.sequences = [4]
        happen()
        expect(page.locator("#balance")).to_have_text("as of 4")
        expect(page.locator("[data-stream-banner]")).not_to_contain_text("could not be brought up to date")
