"""A halt while somebody looks: the page says so by itself, takes the button away, and gives it back."""

import re

import pytest
from playwright.sync_api import Page, expect

from apps.commands.client import EngineClient, new_command_id
from apps.commands.types import Actor, HaltInstrument, ResumeInstrument
from apps.core.enums import Role
from stack.cluster import Cluster
from tests.e2e.conftest import shoot
from tests.e2e.people import sign_up

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]
SYMBOL, REASON = "ETH-USD", "Erroneous prices are looked into"
#: Two seconds are promised (``tests/realtime/test_seed.py`` holds them); here the browser and thirteen processes share two cores.
WITHIN_MS = 4_000
OPERATOR = Actor(None, Role.SYSTEM)


def test_a_halt_reaches_an_open_page_and_so_does_its_end(page: Page, cluster: Cluster) -> None:
    sign_up(page, cluster)
    page.goto(f"/markets/{SYMBOL}/")
    buy = page.locator("[data-ticket-submit]")
    expect(buy).to_be_enabled()
    chip = page.locator("[data-stream-status]").first
    expect(chip).to_contain_text(re.compile("Live|stale"), timeout=15_000)
    page.locator("#ticket-quantity").fill("3")
    engine = EngineClient(cluster.env["ENGINE_URL"], cluster.env.get("ENGINE_TOKEN", ""))
    try:
        engine.send(HaltInstrument(command_id=new_command_id(), actor=OPERATOR, symbol=SYMBOL, reason=REASON), deadline_s=10)
        expect(page.locator(".ticket-blocked")).to_contain_text(REASON, timeout=WITHIN_MS)
        expect(buy).to_be_disabled()
        expect(page.locator("#trading-now")).to_contain_text("is halted since")
        expect(page.locator("#trading-badge")).to_have_text("Halted")
        shoot(page, "halted")
    finally:
        engine.send(
            ResumeInstrument(command_id=new_command_id(), actor=OPERATOR, symbol=SYMBOL, reason="They were right"), deadline_s=10
        )
        engine.close()
    expect(buy).to_be_enabled(timeout=WITHIN_MS)
    expect(page.locator("#trading-now")).to_have_text("")
    expect(page.locator("#ticket-quantity")).to_have_value("3")
