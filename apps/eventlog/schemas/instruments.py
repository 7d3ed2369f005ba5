"""Events of one instrument, keyed by symbol: topic ``instruments.events``."""

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


class InstrumentLimitsSet(InstrumentEvent, frozen=True, tag="INSTRUMENT_LIMITS_SET"):
    """What one order may be from now on: its quantity, its value in the quote asset, its distance from the market."""

    max_quantity: str
    max_notional: str
    collar_bps: int
    reason: str


AnyInstrumentEvent = InstrumentConfigured | InstrumentHalted | InstrumentResumed | InstrumentLimitsSet
