"""Commands of an instrument: limit, configure. What moves it among its states is in ``trading_states``."""

from dataclasses import dataclass

from apps.commands.answers import DoneAnswer
from apps.commands.reasons import Reason
from apps.commands.types import ConfigureInstrument, SetInstrumentLimits
from apps.core.checks import ConditionFailedError
from apps.core.enums import AssetClass, TradingState
from apps.core.numbers import parse_positive, shown, to_units
from apps.core.units import Grid
from apps.engine.matching.answers import check_between, check_reason, check_text, denied, done, known_instrument
from apps.engine.matching.memory import Cause, Memory, Refusal
from apps.engine.matching.state import Asset, Instrument

FEE_PPM_MAX = 100_000  # a tenth; below the whole notional, so that a seller can always pay it from the proceeds
COLLAR_BPS_MAX = 9_999
LADDER_STEP_TICKS_MAX = 1_000_000
#: Texts of a configuration, and how long each may be.
TEXTS = {"symbol": 16, "name": 80, "base": 12, "base_name": 80, "quote": 12, "quote_name": 80, "calendar": 12}


def set_limits(memory: Memory, command: SetInstrumentLimits, cause: Cause) -> DoneAnswer:
    """What one order may be, from now on: open ones stay. Allowed in every trading state; setting what is set is done again."""
    check_reason(command.reason)
    instrument = known_instrument(memory, command.symbol)
    limits = _read_limits(instrument.grid, command)
    band_bps = instrument.band_bps if command.band_bps is None else command.band_bps
    check_between(band_bps, "band_bps", 1, COLLAR_BPS_MAX)
    if (*limits, band_bps) != (instrument.max_lots, instrument.max_notional, instrument.collar_bps, instrument.band_bps):
        instrument.max_lots, instrument.max_notional, instrument.collar_bps = limits
        instrument.band_bps = band_bps
        memory.mark_instrument(instrument)
        fields: dict[str, object] = {
            "max_quantity": limits[0] * instrument.grid.lot,
            "max_notional": limits[1],
            "collar_bps": limits[2],
            "band_bps": band_bps,
            "reason": command.reason,
        }
        memory.tell_instrument(instrument, "INSTRUMENT_LIMITS_SET", cause, fields)
    return done(cause, instrument.instrument_id)


def _read_limits(grid: Grid, command: SetInstrumentLimits | ConfigureInstrument) -> tuple[int, int, int]:
    """(lots, units of the quote asset, basis points)"""
    check_between(command.collar_bps, "collar_bps", 1, COLLAR_BPS_MAX)
    max_lots = grid.lots(parse_positive(command.max_quantity, "max_quantity"), "max_quantity")
    max_notional = to_units(parse_positive(command.max_notional, "max_notional"), "max_notional")
    return max_lots, max_notional, command.collar_bps


@dataclass(slots=True, frozen=True)
class Terms:
    """What a ConfigureInstrument asks for, read and checked."""

    grid: Grid
    max_lots: int
    max_notional: int


def configure(memory: Memory, command: ConfigureInstrument, cause: Cause) -> DoneAnswer:
    """Create the instrument (it starts OPEN) and its assets, or change one.

    Open orders were held and checked by the old terms: the grid changes only while CLOSED and without open orders, the fees
    only without open orders.
    """
    terms = _read(command)
    known = memory.instruments_by_symbol.get(command.symbol)
    if known is None:
        return done(cause, _create(memory, command, terms, cause).instrument_id)
    _check_same_kind(memory, command, known)
    idle = memory.books[known.instrument_id].is_empty() and not memory.watches[known.instrument_id].orders
    if terms.grid != known.grid and not (idle and known.trading_state is TradingState.CLOSED):
        return denied(cause, Reason.OPEN_ORDERS_EXIST, known.instrument_id)
    if (command.maker_fee_ppm, command.taker_fee_ppm) != (known.maker_fee_ppm, known.taker_fee_ppm) and not idle:
        return denied(cause, Reason.OPEN_ORDERS_EXIST, known.instrument_id)
    if (terms.grid, command.ladder_step_ticks) != (known.grid, known.ladder_step_ticks):
        # Its quote is counted in the old ticks. Its ladder may be of the old step by a look that no journal has: what is denied.
        memory.houses[known.instrument_id].withdraw()
    _apply(command, terms, known)
    memory.mark_instrument(known)
    _tell_configured(memory, known, cause)
    return done(cause, known.instrument_id)


def _read(command: ConfigureInstrument) -> Terms:
    for field, length_max in TEXTS.items():
        check_text(getattr(command, field), field, length_max, 1)
    if command.asset_class not in AssetClass.__members__:
        message = f"asset_class must be one of {', '.join(AssetClass.__members__)}, was {shown(command.asset_class)}"
        raise Refusal(Reason.INVALID_FIELD, message, "asset_class", shown(command.asset_class))
    if command.base == command.quote:
        raise Refusal(Reason.INVALID_FIELD, "base must not be the quote", "base", shown(command.base))
    check_between(command.base_decimals, "base_decimals", 0, 8)
    check_between(command.quote_decimals, "quote_decimals", 0, 8)
    check_between(command.maker_fee_ppm, "maker_fee_ppm", 0, FEE_PPM_MAX)
    check_between(command.taker_fee_ppm, "taker_fee_ppm", 0, FEE_PPM_MAX)
    check_between(command.band_bps, "band_bps", 1, COLLAR_BPS_MAX)
    check_between(command.ladder_step_ticks, "ladder_step_ticks", 1, LADDER_STEP_TICKS_MAX)
    tick_size = parse_positive(command.tick_size, "tick_size")
    lot_size = parse_positive(command.lot_size, "lot_size")
    try:
        grid = Grid.of(tick_size, lot_size)
    except ConditionFailedError as error:
        raise Refusal(Reason.INVALID_FIELD, str(error), "lot_size", shown(command.lot_size)) from error
    max_lots, max_notional, _ = _read_limits(grid, command)
    return Terms(grid, max_lots, max_notional)


def _check_same_kind(memory: Memory, command: ConfigureInstrument, known: Instrument) -> None:
    """What an instrument is never changes: everything that was ever traded in it would change its meaning."""
    base, quote = memory.assets[known.base_id].code, memory.assets[known.quote_id].code
    for field, asked, is_now in (
        ("base", command.base, base),
        ("quote", command.quote, quote),
        ("asset_class", command.asset_class, known.asset_class),
    ):
        if asked != is_now:
            message = f"{field} of {known.symbol} must stay {is_now}, was {shown(asked)}"
            raise Refusal(Reason.INVALID_FIELD, message, field, shown(asked))


def _create(memory: Memory, command: ConfigureInstrument, terms: Terms, cause: Cause) -> Instrument:
    base = _asset(memory, command.base, command.base_name, command.asset_class, command.base_decimals)
    quote = _asset(memory, command.quote, command.quote_name, "CURRENCY", command.quote_decimals)
    instrument = Instrument(
        max(memory.instruments, default=0) + 1,
        command.symbol,
        command.name,
        command.asset_class,
        base.asset_id,
        quote.asset_id,
        terms.grid,
        terms.max_lots,
        terms.max_notional,
        command.collar_bps,
        command.maker_fee_ppm,
        command.taker_fee_ppm,
        command.ladder_step_ticks,
        TradingState.OPEN,
        band_bps=command.band_bps,
        calendar=command.calendar,
    )
    memory.load_instrument(instrument)
    memory.changes.new_instruments.append(instrument)
    _tell_configured(memory, instrument, cause)
    return instrument


def _asset(memory: Memory, code: str, name: str, asset_class: str, display_decimals: int) -> Asset:
    """The asset of this code; made when there is none. One that exists stays as it is."""
    known = memory.assets_by_code.get(code)
    if known is not None:
        return known
    # The base of an FX pair is money like its quote.
    kind = "CURRENCY" if asset_class == AssetClass.FX else asset_class
    asset = Asset(max(memory.assets, default=0) + 1, code, name, kind, display_decimals)
    memory.load_asset(asset)
    memory.changes.new_assets.append(asset)
    return asset


def _apply(command: ConfigureInstrument, terms: Terms, instrument: Instrument) -> None:
    instrument.name = command.name
    instrument.grid = terms.grid
    instrument.max_lots = terms.max_lots
    instrument.max_notional = terms.max_notional
    instrument.collar_bps = command.collar_bps
    instrument.maker_fee_ppm = command.maker_fee_ppm
    instrument.taker_fee_ppm = command.taker_fee_ppm
    instrument.ladder_step_ticks = command.ladder_step_ticks
    instrument.band_bps = command.band_bps
    instrument.calendar = command.calendar


def _tell_configured(memory: Memory, instrument: Instrument, cause: Cause) -> None:
    fields: dict[str, object] = {"tick": instrument.grid.tick, "lot": instrument.grid.lot}
    memory.tell_instrument(instrument, "INSTRUMENT_CONFIGURED", cause, fields)
