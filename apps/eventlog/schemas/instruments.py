"""Events of one instrument, keyed by symbol: topic ``instruments.events``."""

from apps.core.enums import TradingState
from apps.eventlog.schemas.base import Event


class InstrumentEvent(Event, frozen=True):
    instrument_id: int
    symbol: str


class InstrumentConfigured(InstrumentEvent, frozen=True, tag="INSTRUMENT_CONFIGURED"):
    tick_size: str
    lot_size: str


class InstrumentHalted(InstrumentEvent, frozen=True, tag="INSTRUMENT_HALTED"):
    reason: str


class InstrumentResumed(InstrumentEvent, frozen=True, tag="INSTRUMENT_RESUMED"):
    reason: str


class InstrumentLimitsSet(InstrumentEvent, frozen=True, kw_only=True, tag="INSTRUMENT_LIMITS_SET"):
    """What one order may be from now on: its quantity, its value in the quote asset, its distance from the market."""

    version: int = 2
    max_quantity: str
    max_notional: str
    collar_bps: int
    reason: str
    band_bps: int | None = None  # how far one tick may be from the one before; version 1 knew no band


class InstrumentPaused(InstrumentEvent, frozen=True, tag="INSTRUMENT_PAUSED"):
    """Halted until an instant, when it goes on by itself."""

    until_ns: int
    reason: str


class TradingStateSet(InstrumentEvent, frozen=True, tag="TRADING_STATE_SET"):
    """``state`` from now on, by a session's clock or by staff."""

    state: TradingState
    reason: str


class SessionsSet(InstrumentEvent, frozen=True, tag="SESSIONS_SET"):
    """The sessions known from now on, each ``[pre-open, open, close]`` in nanoseconds since 1970."""

    sessions: list[tuple[int, int, int]]
    around_the_clock: bool


AnyInstrumentEvent = (
    InstrumentConfigured
    | InstrumentHalted
    | InstrumentResumed
    | InstrumentLimitsSet
    | InstrumentPaused
    | TradingStateSet
    | SessionsSet
)
