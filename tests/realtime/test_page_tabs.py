"""A browser's tabs on one socket: who is told what, what breaks, and how it comes back."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.eventlog.schemas.marketdata import Depth
from tests.realtime.conftest import Market, Server, until
from tests.realtime.pages import NO_WORKER, Opening, Proxy, account_of, cookies_of

pytestmark = [pytest.mark.processes, pytest.mark.e2e]

LIVE = re.compile("Live|Prices stale")
HIDDEN = """isHidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def showing(*symbols: str, proxy: Proxy, **more: Any) -> Opening:
    """A page with a bid of each symbol, whose socket goes through the proxy."""
    body = "".join(
        f'<p data-watch="{symbol}" data-decimals="2"><b id="{symbol}" data-live="{symbol}:bid">0.00</b></p>' for symbol in symbols
    )
    return Opening(body=body, stream_url=proxy.url, connects_to=proxy.url, **more)


def shows(page: Page, symbol: str, text: str) -> None:
    expect(page.locator(f"[id='{symbol}']")).to_have_text(text)


def quote_until_shown(market: Market, page: Page, symbol: str, bid: str) -> None:
    """The first quote may come before the page watches; a later one surely finds it."""

    def told() -> bool:
        market.quote(symbol, bid, "99999")
        market.flush()
        page.wait_for_timeout(50)
        return page.locator(f"[id='{symbol}']").text_content() == f"{bid}.00"

    until(told, f"{symbol} shows {bid}")


def reconnects(page: Page) -> dict[str, int]:
    found: dict[str, int] = page.evaluate("tredye.stream.counts().reconnects")
    return found


def test_two_tabs_share_one_socket_and_a_hidden_or_closed_one_is_not_watched_for(
    uvicorn: Server, market: Market, open_profile: Callable[..., Any], proxy: Proxy
) -> None:
    with open_profile(uvicorn) as person:
        first, second = person.open(showing("TAB-A", "TAB-B", proxy=proxy)), person.open(showing("TAB-B", "TAB-C", proxy=proxy))
        until(lambda: proxy.watched() == {"TAB-A", "TAB-B", "TAB-C"}, "both are watched for")
        quote_until_shown(market, first, "TAB-B", "5")
        shows(second, "TAB-B", "5.00")
        assert proxy.opened == 1
        assert first.evaluate("tredye.stream.isShared()") is True

        second.evaluate(HIDDEN, True)
        until(lambda: proxy.watched() == {"TAB-A", "TAB-B"}, "what only the hidden tab shows is not watched")
        quote_until_shown(market, first, "TAB-B", "6")
        assert second.locator("#TAB-B").text_content() == "5.00"
        second.evaluate(HIDDEN, False)
        shows(second, "TAB-B", "6.00")
        until(lambda: "TAB-C" in proxy.watched(), "it is watched for again")

        second.close()
        until(lambda: proxy.watched() == {"TAB-A", "TAB-B"}, "a closed tab is not watched for")
        assert proxy.opened == 1


def test_tabs_of_another_log_in_or_version_have_a_socket_of_their_own(
    uvicorn: Server, market: Market, open_profile: Callable[..., Any], proxy: Proxy
) -> None:
    with open_profile(uvicorn) as person:
        plain = showing("TAB-A", proxy=proxy)
        openings = [plain, showing("TAB-A", proxy=proxy, account='data-login="one.two"')]
        openings.append(showing("TAB-A", proxy=proxy, worker=f"{plain.worker}?another"))
        pages = [person.open(opening) for opening in openings]
        until(lambda: proxy.opened >= 3, "each has a worker of its own")
        for page in pages:
            expect(page.locator("[data-stream-status]")).to_have_attribute("data-state", re.compile("live|stale"))
        assert [page.evaluate("tredye.stream.isShared()") for page in pages] == [True, True, True]


def test_a_tab_of_one_person_never_hears_of_another_who_logs_in(
    uvicorn: Server, market: Market, make_owner: Any, open_profile: Callable[..., Any], proxy: Proxy
) -> None:
    one, other = make_owner(), make_owner()
    heard = "log.filter(([name]) => name === 'tredye:account').length"

    def chip(page: Page) -> str:
        return page.locator("[data-stream-status]").text_content() or ""

    with open_profile(uvicorn, cookies_of(one)) as person:
        more = {"errors_allowed": ("WebSocket", "401")}
        first = person.open(showing("TAB-A", proxy=proxy, account=account_of(one), **more))
        until(lambda: LIVE.match(chip(first)) and "orders" not in chip(first), "the first has its account")
        person.log_in(cookies_of(other))
        second = person.open(showing("TAB-A", proxy=proxy, account=account_of(other), **more))
        until(lambda: proxy.opened >= 2 and LIVE.match(chip(second)), "the second has a socket of its own")
        proxy.die()
        proxy.listen()  # every socket is lost, and its tabs ask for a ticket anew: with the cookie that there is now
        until(lambda: "log in again for your orders" in chip(first), "the first is told that its log-in ended")
        # Through the proxy, or beside it: who comes back while nobody listens there takes the pages' own address.
        until(lambda: reconnects(second).get("1006") and LIVE.match(chip(second)), "the second comes back")
        assert "orders" not in chip(second), "it has its account"
        market.send("accounts.events", str(other.account_id), other.commit())
        market.flush()
        until(lambda: second.evaluate(heard) == 1, "the second is told of its event")
        assert first.evaluate(heard) == 0


@pytest.mark.parametrize("opening", [{"init": NO_WORKER}, {"worker": "/static/realtime/away.js", "errors_allowed": ("404",)}])
def test_a_page_without_a_worker_has_a_socket_of_its_own(
    uvicorn: Server, market: Market, open_profile: Callable[..., Any], proxy: Proxy, opening: dict[str, Any]
) -> None:
    with open_profile(uvicorn) as person:
        if "worker" in opening:
            opening = opening | {"worker": showing(proxy=proxy).worker.replace("worker.js", "away.js")}
        page = person.open(showing("TAB-A", proxy=proxy, **opening))
        quote_until_shown(market, page, "TAB-A", "7")
        assert page.evaluate("tredye.stream.isShared()") is False
        assert proxy.opened == 1


def test_a_server_that_dies_is_come_back_to_with_the_newest_prices(
    uvicorn: Server, market: Market, open_profile: Callable[..., Any], proxy: Proxy
) -> None:
    with open_profile(uvicorn) as person:
        page = person.open(showing("TAB-A", proxy=proxy, errors_allowed=("WebSocket",)))
        quote_until_shown(market, page, "TAB-A", "5")
        proxy.die()
        # It may be back at once, beside the proxy, by the pages' own address.
        until(lambda: reconnects(page).get("1006", 0) >= 1, "the loss is counted")
        market.quote("TAB-A", "6", "99999")
        market.flush()
        proxy.listen()
        shows(page, "TAB-A", "6.00")


def test_a_frozen_tab_is_told_nothing_and_wakes_up_with_the_newest(
    uvicorn: Server, market: Market, open_profile: Callable[..., Any], proxy: Proxy
) -> None:
    with open_profile(uvicorn) as person:
        frozen, other = person.open(showing("TAB-A", proxy=proxy)), person.open(showing("TAB-A", proxy=proxy))
        quote_until_shown(market, frozen, "TAB-A", "5")
        devtools = person.context.new_cdp_session(frozen)
        devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
        for bid in range(6, 60):
            market.quote("TAB-A", str(bid), "99999")
        market.flush()
        shows(other, "TAB-A", "59.00")
        devtools.send("Page.setWebLifecycleState", {"state": "active"})
        shows(frozen, "TAB-A", "59.00")
        assert proxy.opened == 1


def test_a_machine_that_slept_reconnects(uvicorn: Server, market: Market, open_profile: Callable[..., Any], proxy: Proxy) -> None:
    with open_profile(uvicorn) as person:
        page = person.open(showing("TAB-A", proxy=proxy, init=NO_WORKER))
        quote_until_shown(market, page, "TAB-A", "5")
        page.evaluate("() => { const real = Date.now; Date.now = () => real() + 600000; }")
        until(lambda: reconnects(page).get("slept") == 1, "the clock jumped, so the machine slept")
        until(lambda: proxy.opened >= 2, "it comes back")
        quote_until_shown(market, page, "TAB-A", "6")


def test_a_book_that_differs_from_its_checksum_is_counted_and_healed(
    uvicorn: Server, market: Market, open_profile: Callable[..., Any], proxy: Proxy
) -> None:
    body = '<div id="ladder" data-depth="TAB-D" data-decimals="2" data-quantity-decimals="1"></div>'
    spoiled: list[Any] = []

    def spoil(message: dict[str, Any]) -> dict[str, Any]:
        if message["t"] != "dd" or spoiled:
            return message
        spoiled.append(message)
        symbol, epoch, base, sequence, at_ms, crc, bids, asks = message["d"][0]
        return message | {"d": [[symbol, epoch, base, sequence, at_ms, crc ^ 1, bids, asks]]}

    with open_profile(uvicorn) as person:
        page = person.open(Opening(body=body, stream_url=proxy.url, connects_to=proxy.url))
        page.evaluate("window.books = []; document.addEventListener('tredye:depth', ({ detail }) => books.push(detail[2]))")
        proxy.spoil = spoil
        sequence = 0

        def healed() -> bool:
            nonlocal sequence
            sequence += 1
            bids = [(str(100 - step), "1", "0") for step in range(10)]
            asks = [(str(101 + step), str(sequence), "0") for step in range(10)]
            market.send("marketdata.depth", "TAB-D", Depth("TAB-D", market.epoch, sequence, time.time_ns(), bids, asks))
            market.flush()
            page.wait_for_timeout(50)
            return bool(page.evaluate("tredye.stream.counts().resyncs.checksum")) and page.evaluate("books.at(-1)") == sequence

        until(healed, "the wrong book is asked for again")
        until(lambda: page.evaluate("books.at(-1)") == sequence, "the newest book is shown")
        assert page.evaluate("tredye.stream.counts().resyncs") == {"checksum": 1, "gap": 0}
        assert [message for message in proxy.said if message["op"] == "resync"] == [
            {"op": "resync", "depth": ["TAB-D"], "why": "checksum"}
        ]
        assert page.evaluate("books.every((sequence, place) => !place || sequence >= books[place - 1])")
        expect(page.locator(".depth-ask .depth-quantity").last).to_have_text(f"{sequence}.0")
