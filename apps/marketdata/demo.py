"""The demo market: what is traded in it, and how each simulated price behaves. Invented companies, real currencies."""

from dataclasses import dataclass
from decimal import Decimal

from apps.core.enums import AssetClass
from apps.core.numbers import parse_positive


@dataclass(frozen=True, slots=True)
class DemoInstrument:
    """One instrument and its behaviour.

    Sizes and prices are plain decimal text. ``annual_volatility`` is a fraction of the price and belongs to the simulator's
    random process, not to money. ``spread_ticks`` is the usual spread, ``size_lots`` the usual quantity at the touch,
    ``intensity`` how often it ticks compared with the others.
    """

    symbol: str
    name: str
    asset_class: AssetClass
    base_name: str
    base_decimals: int
    tick_size: str
    lot_size: str
    start_price: str
    annual_volatility: float
    spread_ticks: int
    size_lots: int
    intensity: int
    max_quantity: str
    max_notional: str
    maker_fee_ppm: int
    taker_fee_ppm: int
    ladder_step_ticks: int
    collar_bps: int = 1000
    quote: str = "USD"
    quote_name: str = "US dollar"
    quote_decimals: int = 2

    @property
    def base(self) -> str:
        return self.symbol.removesuffix(f"-{self.quote}")


def _stock(symbol: str, name: str, start: str, volatility: float, spread: int, size: int, intensity: int) -> DemoInstrument:
    return DemoInstrument(
        symbol, name, AssetClass.STOCK, name, 0, "0.01", "1", start, volatility, spread, size, intensity,
        max_quantity="100000", max_notional="2000000", maker_fee_ppm=200, taker_fee_ppm=500,
        ladder_step_ticks=max(1, spread // 2),
    )  # fmt: skip


def _currency(code: str, name: str, start: str, volatility: float, spread: int, size: int, intensity: int) -> DemoInstrument:
    return DemoInstrument(
        f"{code}-USD", f"{name} / US dollar", AssetClass.FX, name, 2, "0.00001", "1000", start, volatility, spread, size,
        intensity, max_quantity="10000000", max_notional="10000000", maker_fee_ppm=10, taker_fee_ppm=30,
        ladder_step_ticks=max(1, spread // 2),
    )  # fmt: skip


def _coin(
    code: str, name: str, tick: str, lot: str, start: str, volatility: float, spread: int, size: int, intensity: int, most: str
) -> DemoInstrument:
    decimals = len(lot.partition(".")[2])
    return DemoInstrument(
        f"{code}-USD", name, AssetClass.CRYPTO, name, decimals, tick, lot, start, volatility, spread, size, intensity,
        max_quantity=most, max_notional="2000000", maker_fee_ppm=500, taker_fee_ppm=1000, ladder_step_ticks=max(1, spread // 2),
    )  # fmt: skip


INSTRUMENTS: tuple[DemoInstrument, ...] = (
    _stock("ALDR", "Alder Bank", "48.20", 0.24, 2, 900, 4),
    _stock("BRNT", "Brant Energy", "71.35", 0.30, 2, 600, 5),
    _stock("CLRW", "Clearwater Foods", "33.80", 0.18, 1, 1200, 3),
    _stock("DVNE", "Devine Motors", "186.40", 0.48, 6, 350, 9),
    _stock("FRNH", "Fernhill Health", "124.75", 0.26, 4, 400, 4),
    _stock("HLCN", "Halcyon Software", "312.60", 0.34, 8, 250, 8),
    _stock("LUMN", "Lumen Grid", "57.90", 0.28, 2, 700, 4),
    _stock("NRTH", "Northgate Rail", "92.15", 0.22, 3, 500, 3),
    _stock("ORBT", "Orbit Aerospace", "228.50", 0.36, 7, 300, 5),
    _stock("QRTZ", "Quartz Semiconductor", "441.20", 0.46, 12, 220, 10),
    _currency("EUR", "Euro", "1.08420", 0.07, 3, 900, 10),
    _currency("GBP", "Pound sterling", "1.26880", 0.08, 5, 700, 8),
    _currency("AUD", "Australian dollar", "0.65430", 0.10, 5, 600, 6),
    _currency("NZD", "New Zealand dollar", "0.60120", 0.10, 7, 400, 4),
    _currency("CHF", "Swiss franc", "1.12950", 0.07, 6, 500, 5),
    _currency("CAD", "Canadian dollar", "0.73260", 0.06, 5, 600, 5),
    _currency("SGD", "Singapore dollar", "0.74310", 0.05, 7, 400, 3),
    _coin("BTC", "Bitcoin", "0.01", "0.0001", "64250.00", 0.55, 180, 9000, 12, "50"),
    _coin("ETH", "Ether", "0.01", "0.001", "3180.00", 0.65, 24, 9000, 10, "1000"),
    _coin("SOL", "Solana", "0.01", "0.01", "148.60", 0.85, 3, 12000, 8, "20000"),
    _coin("XRP", "XRP", "0.0001", "1", "0.5840", 0.80, 2, 20000, 5, "2000000"),
    _coin("ADA", "Cardano", "0.0001", "1", "0.4520", 0.85, 2, 18000, 4, "2000000"),
    _coin("DOGE", "Dogecoin", "0.00001", "1", "0.15840", 0.95, 6, 60000, 5, "5000000"),
    _coin("LTC", "Litecoin", "0.01", "0.001", "82.40", 0.70, 3, 15000, 3, "20000"),
    _coin("LINK", "Chainlink", "0.001", "0.01", "14.850", 0.80, 6, 20000, 4, "100000"),
)

BY_SYMBOL: dict[str, DemoInstrument] = {instrument.symbol: instrument for instrument in INSTRUMENTS}


def exact(text: str) -> Decimal:
    """A number of the table above as a Decimal."""
    return parse_positive(text, "demo instrument")
