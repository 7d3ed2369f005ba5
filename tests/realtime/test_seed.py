"""What is stored reaches a page by itself: the price of a symbol that has not ticked, the state of one that was halted."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from apps.core.enums import AssetClass, TradingState
from apps.instruments.models import Asset, Instrument
from apps.marketdata.models import Bar, LatestPrice
from tests.realtime.conftest import Process, Server, open_browser
from tests.realtime.owner import erase

QUOTED_AT = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)


@pytest.fixture
def stored_price(database: Any, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        base = Asset.objects.create(id=990_001, code="SEEDED", name="Seeded", asset_class="CRYPTO", display_decimals=2)
        quote = Asset.objects.create(id=990_002, code="USDSEED", name="Dollar", asset_class="FX", display_decimals=2)
        instrument = Instrument.objects.create(
            id=990_001, symbol="SEED-USD", name="Seeded", asset_class=AssetClass.CRYPTO, base=base, quote=quote,
            tick_size=Decimal("0.01"), lot_size=Decimal("1"), price_decimals=2, quantity_decimals=0,
            max_quantity=Decimal("1000"), max_notional=Decimal("1000000"), collar_bps=500, maker_fee_ppm=0, taker_fee_ppm=0,
            ladder_step_ticks=1, trading_state=TradingState.OPEN, state_changed_at=QUOTED_AT,
        )  # fmt: skip
        LatestPrice.objects.create(
            instrument_id=instrument.pk, source="sim", epoch=3, sequence=4, bid=Decimal("10.50"), ask=Decimal("11"),
            bid_quantity=Decimal("100"), ask_quantity=Decimal("7.5"), quoted_at=QUOTED_AT,
        )  # fmt: skip
        Bar.objects.create(
            instrument_id=instrument.pk, interval="1m", start=QUOTED_AT.replace(second=0, microsecond=0), open=Decimal("10.50"),
            high=Decimal("11"), low=Decimal("10.1"), close=Decimal("10.9"), volume=Decimal("120.5"), trades=17,
        )  # fmt: skip
    yield
    erase(database, "marketdata_bar", "instrument_id", [990_001])
    erase(database, "marketdata_latestprice", "instrument_id", [990_001])
    erase(database, "instruments_statechange", "instrument_id", [990_001])
    erase(database, "instruments_instrument", "id", [990_001])
    erase(database, "instruments_asset", "id", [990_001, 990_002])


@pytest.mark.processes
@pytest.mark.asyncio
async def test_the_first_snapshot_has_the_stored_price_and_bar(stored_price: None, consumer: Process, logs: Path) -> None:
    server = Server("uvicorn", logs / "seed.log")
    try:
        async with open_browser(server.url) as browser:
            await browser.hello()
            await browser.say(op="watch", symbols=["SEED-USD"], bars=[["SEED-USD", "1m"], ["SEED-USD", "5m"]])
            snapshot = await browser.first("q")
            at_ms = int(QUOTED_AT.timestamp() * 1000)
            assert snapshot["d"] == [["SEED-USD", 3, 4, at_ms, "10.5", "11", "100", "7.5"]]
            minute = at_ms // 60_000 * 60_000
            bars = (await browser.first("b"))["d"]
            assert bars == [["SEED-USD", "1m", minute, "10.5", "11", "10.1", "10.9", "120.5", 17]]
    finally:
        server.end()


@pytest.mark.processes
@pytest.mark.asyncio
async def test_a_state_that_changed_is_told_within_two_seconds(stored_price: None, server: Server, database: Any) -> None:
    async with open_browser(server.url) as browser:
        await browser.hello()
        await browser.say(op="watch", symbols=["SEED-USD"])
        # The server looks twice a second: what it knows first may be what another test left of this instrument.
        (first,) = (await browser.first("s", lambda message: message["d"][0][:2] == ["SEED-USD", "OPEN"]))["d"]
        began = time.monotonic()
        database.execute(
            "UPDATE instruments_instrument SET trading_state = 'HALTED', state_changed_at = now() WHERE symbol = 'SEED-USD'"
        )
        (halted,) = (await browser.first("s", lambda message: message["d"][0][1] == "HALTED"))["d"]
        assert time.monotonic() - began < 2
        assert halted[2] != first[2]
