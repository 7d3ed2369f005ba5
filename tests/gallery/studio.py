"""What the stories share: the running product, a browser in front of it, somebody who has signed up, and the operators' hands."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, expect

from apps.commands.answers import RefusedAnswer
from apps.commands.client import EngineClient, new_command_id
from apps.commands.types import Actor
from apps.core.enums import Role
from stack.cluster import Cluster
from stack.settings import ROOT
from tests.accessibility.axe import learn
from tests.e2e.people import place, sign_up
from tests.gallery.camera import DESKTOP, Camera

SYMBOL = "BTC-USD"
WITHIN_MS = 60_000
LIVE = re.compile("live", re.IGNORECASE)


@dataclass
class Studio:
    cluster: Cluster
    camera: Camera
    page: Page
    _done: set[str] = field(default_factory=set)

    @classmethod
    def open(cls, cluster: Cluster, browser: Browser, camera: Camera) -> "Studio":
        context = browser.new_context(base_url=cluster.web_url, viewport=DESKTOP, color_scheme="dark")  # type: ignore[arg-type]
        context.set_default_timeout(WITHIN_MS)
        return cls(cluster, camera, context.new_page())

    # --- Looking ----------------------------------------------------------------------------------------------------------

    def go(self, address: str) -> None:
        """Open a page, and wait until its prices are live where it has any."""
        self.page.goto(address, wait_until="load")
        if self.page.locator("[data-live]").count():
            expect(self.page.locator("[data-stream-status]").first).to_contain_text(LIVE)

    def look(self, name: str, address: str) -> None:
        self.go(address)
        self.shoot(name)

    def shoot(self, name: str) -> None:
        learn(self.page)
        self.camera.shoot(self.page, name)

    # --- Somebody ---------------------------------------------------------------------------------------------------------

    def sign_up(self) -> None:
        """Once: whoever asks later finds somebody logged in."""
        if "signed up" not in self._done:
            self._done.add("signed up")
            sign_up(self.page, self.cluster)

    def trade(self) -> None:
        """Once: a position, two orders that wait, an alert and a watchlist; on the instrument's page afterwards."""
        self.sign_up()
        if "traded" in self._done:
            return
        self._done.add("traded")
        price = self._order()
        self.page.goto(f"/alerts/new/?symbol={SYMBOL}&price={price * 98 // 100}")
        self.page.get_by_role("button", name="Set alert").click()
        expect(self.page.locator(".message-success")).to_contain_text("You are told")
        self.page.goto("/markets/")
        self.page.locator(f"#star-{SYMBOL}").click()
        expect(self.page.locator(f"#star-{SYMBOL}")).to_have_attribute("aria-pressed", "true")

    def bid(self) -> int:
        """Of the page that is open, whole."""
        bid = self.page.locator(f'[data-live="{SYMBOL}:bid"]').first.inner_text()
        return int(re.sub(r"[^0-9.]", "", bid).partition(".")[0])

    def _order(self) -> int:
        page = self.page
        self.go(f"/markets/{SYMBOL}/")
        place(page, "Market", "0.5")
        expect(page.locator("#order-result")).to_contain_text("Bought")
        price = self.bid()
        for share in (99, 97):
            place(page, "Limit", "0.25", str(price * share // 100))
            expect(page.locator("#order-result")).to_contain_text("waits in the book")
        expect(page.locator("#position")).to_contain_text("0.5")
        return price

    # --- The operators ----------------------------------------------------------------------------------------------------

    def command(self, kind: Any, **fields: Any) -> None:
        """Have the engine do it, as an operator would."""
        engine = EngineClient(self.cluster.env["ENGINE_URL"], self.cluster.env.get("ENGINE_TOKEN", ""))
        try:
            made = kind(command_id=new_command_id(), actor=Actor(None, Role.SYSTEM), **fields)
            answer = engine.send(made, deadline_s=10)
        finally:
            engine.close()
        assert not isinstance(answer, RefusedAnswer), answer

    @contextmanager
    def feed_instead(self, *arguments: str) -> Iterator[None]:
        """The simulated source with ``arguments``, in place of the one that runs otherwise."""
        self.cluster.stop("feed")
        program = [str(self.cluster.settings.venv_python), "manage.py", "run_feed", "sim", *arguments]
        with (self.cluster.settings.log("feed")).open("ab") as log:
            feed = subprocess.Popen(program, cwd=ROOT, env=self.cluster.env | {"PROCESS_NAME": "feed"}, stdout=log, stderr=log)
        try:
            yield
        finally:
            feed.terminate()
            feed.wait(20)
            self.cluster.start("feed")
