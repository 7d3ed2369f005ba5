"""The instrument's page in every state of its own, what a person does on it, and what goes wrong around it."""

import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from playwright.sync_api import Route, expect

from apps.commands.types import HaltInstrument, KillVenue, PauseInstrument, RestoreVenue, ResumeInstrument, SetTradingState
from apps.core.enums import TradingState
from apps.engine.recovery import SHARD
from apps.engine.room import told_by_lock
from tests.gallery.studio import SYMBOL, Studio

HALTED = "ETH-USD"
STOCK = "ALDR"
#: A source that is silent about one instrument, and goes on with all others.
_QUIET_S = 600
#: The ticket carries the quote that was on the page: one of ten seconds ago, which nothing newer replaces.
_LOOKED_LONG_AGO = """() => {
  const field = document.querySelector("[data-ticket] [name=seen]");
  const [epoch, , , bid, ask] = field.value.split(":");
  field.value = [epoch, Number.MAX_SAFE_INTEGER, Date.now() - 10000, bid, ask].join(":");
}"""


def ticket(studio: Studio) -> None:
    """What a person does on an instrument's page, and what it answers."""
    page = studio.page
    studio.trade()
    studio.go(f"/markets/{SYMBOL}/")
    expect(page.locator(".depth-row[data-price]:not([data-price=''])").first).to_be_visible()
    expect(page.locator("#position")).to_contain_text("0.5")
    studio.shoot("instrument")
    page.locator("[data-ticket]").get_by_text("Limit", exact=True).click()
    page.locator("#ticket-quantity").fill("0.1")
    page.locator("#ticket-price").fill(str(studio.bid() * 99 // 100))
    page.locator("[data-ticket-preview]").click()
    expect(page.locator("#order-result .result")).to_be_visible()
    _on_a_phone_too(studio, "instrument-preview")
    page.locator("#ticket-price").fill("50000")
    page.locator("[data-ticket-submit]").click()
    expect(page.locator("#order-result .result-bad")).to_be_visible()
    _on_a_phone_too(studio, "instrument-refused")
    page.keyboard.press("Escape")
    studio.go(f"/markets/{SYMBOL}/")
    page.keyboard.press("/")
    page.keyboard.type("doll")
    expect(page.locator("#palette-found [role=option]").first).to_be_visible()
    studio.shoot("palette")
    studio.go("/markets/")
    page.locator(f"[data-alert-symbol={SYMBOL}]").click()
    expect(page.locator("dialog[open] [name=price]")).not_to_have_value("")
    studio.shoot("alert-dialog")


def _on_a_phone_too(studio: Studio, name: str) -> None:
    """The ticket is a sheet there, which stays open while the window changes."""
    studio.page.evaluate("() => document.querySelector('.ticket').classList.add('is-open')")
    studio.shoot(name)


def state(studio: Studio) -> None:
    """Halted, paused, closed, before the opening, and everything stopped."""
    page = studio.page
    studio.trade()
    _shoot_state(studio, HALTED, "instrument-halted", "is halted since", lambda: studio.command(
        HaltInstrument, symbol=HALTED, reason="Erroneous prices are looked into"))  # fmt: skip
    studio.command(ResumeInstrument, symbol=HALTED, reason="The prices were right")
    _shoot_state(studio, HALTED, "instrument-paused", "is paused until", lambda: studio.command(
        PauseInstrument, symbol=HALTED, seconds=600, reason="The price moved by 12 % at once"))  # fmt: skip
    studio.command(ResumeInstrument, symbol=HALTED, reason="The prices were right")
    for to, name in ((TradingState.CLOSED, "closed"), (TradingState.PRE_OPEN, "pre-open")):
        _shoot_state(studio, STOCK, f"instrument-{name}", f"is {name} since", lambda to=to: studio.command(
            SetTradingState, symbol=STOCK, state=to, reason="By the calendar"))  # type: ignore[misc]  # fmt: skip
    studio.look("markets-some-closed", "/markets/?class=stock")
    studio.command(SetTradingState, symbol=STOCK, state=TradingState.OPEN, reason="By the calendar")
    studio.go(f"/markets/{HALTED}/")
    studio.command(KillVenue, reason="A drill of the operators")
    expect(page.locator("#kill-banner")).to_contain_text("All trading is stopped")
    studio.shoot("instrument-stopped")
    studio.look("orders-stopped", "/orders/")
    studio.look("status-stopped", "/status/")
    studio.command(RestoreVenue, reason="The drill is over")


def _shoot_state(studio: Studio, symbol: str, name: str, said: str, change: Callable[[], None]) -> None:
    studio.go(f"/markets/{symbol}/")
    change()
    expect(studio.page.locator("#trading-now")).to_contain_text(said)
    studio.shoot(name)


def wrong(studio: Studio) -> None:
    """Pages of errors, as they come."""
    page = studio.page
    page.goto("/no-such-page/")
    studio.shoot("error-404")
    studio.sign_up()
    page.goto("/settings/profile/")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state("load")
    studio.shoot("error-csrf")
    page.goto("/orders/1/cancel/")
    studio.shoot("error-405")


def away(studio: Studio) -> None:
    """A server that answers late, or not at all; a source that is silent about one instrument; silent; the stream away."""
    studio.trade()
    _slow(studio)
    _one_silent(studio)
    page = studio.page
    _asked_again(studio)
    studio.go(f"/markets/{SYMBOL}/")
    studio.cluster.kill("feed", signal.SIGSTOP)
    status = page.locator("[data-stream-status]").first
    expect(status).to_contain_text(re.compile("stale", re.IGNORECASE))
    expect(page.locator("[data-stream-banner]")).to_be_visible()
    expect(page.locator("[data-mode=feed]")).to_be_visible()
    page.locator("[data-ticket]").get_by_text("Market", exact=True).click()
    expect(page.locator("[data-ticket-submit]")).to_be_disabled()
    _on_a_phone_too(studio, "instrument-prices-stale")
    page.goto("/markets/", wait_until="load")
    expect(status).to_contain_text(re.compile("stale", re.IGNORECASE))
    studio.shoot("markets-prices-stale")
    studio.cluster.kill("stream", signal.SIGSTOP)
    page.goto(f"/markets/{SYMBOL}/", wait_until="load")
    expect(page.locator("[data-stream-banner]")).to_be_visible()
    studio.shoot("instrument-stream-away")
    for name in ("stream", "feed"):
        studio.cluster.kill(name, signal.SIGCONT)


def _asked_again(studio: Studio) -> None:
    """The price on the page is older than that of the market: nothing is sent before its reader has looked."""
    page = studio.page
    studio.go(f"/markets/{SYMBOL}/")
    page.locator("[data-ticket]").get_by_text("Market", exact=True).click()
    page.locator("#ticket-quantity").fill("0.1")
    page.evaluate(_LOOKED_LONG_AGO)
    page.locator("[data-ticket-submit]").click()
    expect(page.locator("#order-question")).to_be_visible()
    _on_a_phone_too(studio, "instrument-asked-again")


def reduced(studio: Studio) -> None:
    """What a person sees of a server that is away, one after the other and two at once; and that it is over by itself."""
    page, cluster = studio.page, studio.cluster
    studio.trade()
    studio.go(f"/markets/{SYMBOL}/")
    with _stopped(studio, "relay"):
        page.locator("[data-ticket]").get_by_text("Limit", exact=True).click()
        page.locator("#ticket-quantity").fill("0.1")
        page.locator("#ticket-price").fill(str(studio.bid() * 95 // 100))
        page.locator("[data-ticket-submit]").click()
        _shoot_mode(studio, "log", "/portfolio/", "portfolio-log-away")
    with _stopped(studio, "redis"):
        _shoot_mode(studio, "redis", f"/markets/{SYMBOL}/", "instrument-redis-away")
        with _stopped(studio, "engine"):
            _shoot_mode(studio, "engine", f"/markets/{SYMBOL}/", "instrument-two-away")
    with _stopped(studio, "engine"):
        for address, name in (("/orders/", "orders"), ("/ledger/deposit/", "deposit"), ("/status/", "status")):
            _shoot_mode(studio, "engine", address, f"{name}-engine-away")
        page.goto(f"/markets/{SYMBOL}/", wait_until="load")
        expect(page.locator("[data-ticket-submit]")).to_be_disabled()
        _on_a_phone_too(studio, "instrument-engine-away")
    expect(page.locator("#modes")).to_be_hidden()
    expect(page.locator("[data-ticket-submit]")).to_be_enabled()
    with psycopg.connect(cluster.database_url, autocommit=True) as engine:
        told_by_lock(engine, SHARD)(True)
        expect(page.locator("[data-mode=room]")).to_be_visible()
        _on_a_phone_too(studio, "instrument-no-room")
    cluster.kill("postgres", signal.SIGSTOP)
    expect(page.locator("[data-mode=postgres]")).to_be_visible()
    _on_a_phone_too(studio, "instrument-postgres-away")
    for address, name in (("/orders/", "orders"), ("/status/", "status")):
        page.goto(address, wait_until="load")
        studio.shoot(f"{name}-postgres-away")
    cluster.kill("postgres", signal.SIGCONT)


@contextmanager
def _stopped(studio: Studio, process: str) -> Iterator[None]:
    studio.cluster.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        studio.cluster.kill(process, signal.SIGCONT)


def _shoot_mode(studio: Studio, mode: str, address: str, name: str) -> None:
    studio.page.goto(address, wait_until="load")
    expect(studio.page.locator(f"[data-mode={mode}]")).to_be_visible()
    studio.shoot(name)


def _slow(studio: Studio) -> None:
    """While parts of a page are on their way, and when they do not come."""
    page = studio.page
    waiting: list[Route] = []
    parts = re.compile(r"/(bars\?|portfolio/position/|orders/open/|account/value/)")
    page.route(parts, lambda route: waiting.append(route))
    page.goto(f"/markets/{SYMBOL}/", wait_until="domcontentloaded")
    expect(page.locator("[data-stream-status]").first).to_contain_text(re.compile("live", re.IGNORECASE))
    studio.shoot("instrument-loading")
    for route in waiting:
        route.abort()
    expect(page.locator("[data-chart-note]")).to_be_visible()
    studio.shoot("instrument-parts-failed")
    page.unroute(parts)
    posts = re.compile(r"/orders/submit/")
    page.route(posts, lambda route: route.abort())
    studio.go(f"/markets/{SYMBOL}/")
    page.locator("[data-ticket]").get_by_text("Limit", exact=True).click()
    page.locator("#ticket-quantity").fill("0.1")
    page.locator("#ticket-price").fill(str(studio.bid() * 99 // 100))
    page.locator("[data-ticket-submit]").click()
    expect(page.locator("#order-result .result-unknown, #order-result .form-error, #toasts > *").first).to_be_visible()
    _on_a_phone_too(studio, "instrument-answer-lost")
    page.unroute(posts)


def _one_silent(studio: Studio) -> None:
    """The simulated source, which says nothing of one instrument any more."""
    with studio.feed_instead("--incident", f"silence:{HALTED}:1:{_QUIET_S}"):
        studio.go(f"/markets/{HALTED}/")
        expect(studio.page.locator("[data-chart-chip]")).to_have_text("No new price")
        studio.shoot("instrument-one-silent")
        studio.look("markets-one-silent", "/markets/?class=crypto")
