"""What a batch read, as it is journaled: enough for a replay to reach the same decisions again."""

import msgspec

from apps.commands.types import AnyCommand
from apps.engine.matching import clock
from apps.engine.matching.state import HouseQuote


class JournaledQuote(msgspec.Struct, frozen=True, array_like=True):
    """A house quote that a decision of the batch looked at; prices in ticks, quantities in lots."""

    instrument_id: int
    source: str
    epoch: int
    sequence: int
    at_ns: int
    received_ns: int
    bid_ticks: int
    ask_ticks: int
    bid_lots: int
    ask_lots: int

    def quote(self) -> HouseQuote:
        return HouseQuote(
            self.source,
            self.epoch,
            self.sequence,
            self.at_ns,
            self.received_ns,
            self.bid_ticks,
            self.ask_ticks,
            self.bid_lots,
            self.ask_lots,
        )


class JournaledInputs(msgspec.Struct, frozen=True, array_like=True):
    """``crossed`` are the instruments whose resting orders the house's quote was matched with, before the commands.

    ``endings_max`` is how many orders the clock ended in a batch at most, in the engine that wrote this; 200 where it is absent.
    ``asks_approval`` is whether that engine asked that a second person approves what an admin asks for; absent, it did not.
    """

    quotes: list[JournaledQuote]
    crossed: list[int]
    commands: list[AnyCommand]
    endings_max: int = 200
    asks_approval: bool = False


class _RawInputs(msgspec.Struct, frozen=True, array_like=True):
    quotes: list[JournaledQuote]
    crossed: list[int]
    commands: list[msgspec.Raw]
    endings_max: int
    asks_approval: bool


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(JournaledInputs)


def encode_inputs(quotes: dict[int, HouseQuote], crossed: list[int], commands: list[bytes]) -> bytes:
    """``commands`` as they were received: MessagePack, decoded without error."""
    journaled = [
        JournaledQuote(
            instrument_id,
            quote.source,
            quote.epoch,
            quote.sequence,
            quote.at_ns,
            quote.received_ns,
            quote.bid_ticks,
            quote.ask_ticks,
            quote.bid_lots,
            quote.ask_lots,
        )
        for instrument_id, quote in quotes.items()
    ]
    raw = [msgspec.Raw(command) for command in commands]
    return _encoder.encode(_RawInputs(journaled, crossed, raw, clock.ENDINGS_MAX, asks_approval=True))


def decode_inputs(data: bytes) -> JournaledInputs:
    return _decoder.decode(data)


class _QuotesOnly(msgspec.Struct, frozen=True, array_like=True):
    quotes: list[JournaledQuote]


_quotes_decoder = msgspec.msgpack.Decoder(_QuotesOnly)


def read_quotes(data: bytes) -> list[JournaledQuote]:
    """The quotes alone: readable whatever commands the engine of then knew."""
    return _quotes_decoder.decode(data).quotes
