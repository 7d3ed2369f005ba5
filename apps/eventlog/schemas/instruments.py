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


AnyInstrumentEvent = InstrumentConfigured | InstrumentHalted | InstrumentResumed
