"""A symbol that has not ticked since anything started is shown with its stored price."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from apps.core.enums import AssetClass, TradingState
from apps.instruments.models import Asset, Instrument
from apps.marketdata.models import LatestPrice
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
    yield
    erase(database, "marketdata_latestprice", "instrument_id", [990_001])
    erase(database, "instruments_instrument", "id", [990_001])
    erase(database, "instruments_asset", "id", [990_001, 990_002])


@pytest.mark.processes
@pytest.mark.asyncio
async def test_the_first_snapshot_has_the_stored_price(stored_price: None, consumer: Process, logs: Path) -> None:
    server = Server("uvicorn", logs / "seed.log")
    try:
        async with open_browser(server.url) as browser:
            await browser.hello()
            await browser.say(op="watch", symbols=["SEED-USD"])
            snapshot = await browser.first("q")
            at_ms = int(QUOTED_AT.timestamp() * 1000)
            assert snapshot["d"] == [["SEED-USD", 3, 4, at_ms, "10.5", "11", "100", "7.5"]]
    finally:
        server.end()
