"""Instruments and assets as plain values. Models stay inside this app."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.core.enums import TradingState
from apps.core.sentences import as_sentence
from apps.core.units import Grid
from apps.instruments.models import Asset, Instrument, TradingSession
from apps.instruments.sessions import AROUND_THE_CLOCK, SessionView
from apps.instruments.states import IN_WORDS, Act, takes
from apps.instruments.symbols import is_symbol
from apps.stores.prepared import columns, fetch_row, instances

_BY_SYMBOL = f"""
    SELECT {columns(Instrument, "instrument")}, {columns(Asset, "base")}, {columns(Asset, "quote")}
    FROM instruments_instrument AS instrument
    JOIN instruments_asset AS base ON base.id = instrument.base_id
    JOIN instruments_asset AS quote ON quote.id = instrument.quote_id
    WHERE instrument.symbol = %s
"""  # noqa: S608 - made of our own names

_last_listed: "tuple[InstrumentView, ...]" = ()


class InstrumentNotFoundError(LookupError):
    """There is no instrument with this symbol."""

    def __init__(self, symbol: str) -> None:
        super().__init__(f"no instrument {symbol[:32]!r}")


class AssetNotFoundError(LookupError):
    """There is no asset with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"no asset {code[:32]!r}")


@dataclass(frozen=True, slots=True)
class AssetView:
    id: int
    code: str
    name: str
    asset_class: str
    display_decimals: int


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """The sessions that the engine knows of an instrument, in order, and by whose calendar they are made."""

    symbol: str
    calendar: str
    around_the_clock: bool
    sessions: tuple[SessionView, ...]


@dataclass(frozen=True, slots=True)
class InstrumentView:
    """Fees are in millionths of the notional, the collar in basis points of the reference."""

    id: int
    symbol: str
    name: str
    asset_class: str
    base: AssetView
    quote: AssetView
    tick_size: Decimal
    lot_size: Decimal
    price_decimals: int
    quantity_decimals: int
    max_quantity: Decimal
    max_notional: Decimal
    collar_bps: int
    maker_fee_ppm: int
    taker_fee_ppm: int
    ladder_step_ticks: int
    trading_state: TradingState
    state_reason: str
    state_changed_at: datetime
    calendar: str = AROUND_THE_CLOCK
    paused_until: datetime | None = None

    @property
    def state_label(self) -> str:
        return "paused" if self.paused_until else self.trading_state.replace("_", "-").lower()

    @property
    def state_in_words(self) -> str:
        """What is possible now, in a sentence or two."""
        return IN_WORDS[self.trading_state]

    @property
    def is_open(self) -> bool:
        return self.trading_state is TradingState.OPEN

    @property
    def state_because(self) -> str:
        """The reason that staff or the calendar gave, as a sentence; empty when there is none."""
        return as_sentence(self.state_reason)

    @property
    def takes_orders(self) -> bool:
        """Whether some kind of new order is taken."""
        return takes(self.trading_state, Act.REST)

    @property
    def grid(self) -> Grid:
        """The steps as integers: for conversion between decimals, ticks and lots."""
        return Grid.of(self.tick_size, self.lot_size)


def grid_of(instrument: InstrumentView) -> Grid:
    return instrument.grid


def list_instruments() -> tuple[InstrumentView, ...]:
    """Every instrument, by symbol."""
    global _last_listed
    _last_listed = tuple(_view(row) for row in Instrument.objects.select_related("base", "quote").order_by("symbol"))
    return _last_listed


def last_listed_instruments() -> tuple[InstrumentView, ...]:
    """What :func:`list_instruments` returned last in this process, for pages without the database; empty before that."""
    return _last_listed


def instruments_by_id() -> dict[int, InstrumentView]:
    return {row.pk: _view(row) for row in Instrument.objects.select_related("base", "quote").order_by("id")}


def get_instrument(symbol: str) -> InstrumentView:
    """Return the instrument, by its exact symbol; raises :class:`InstrumentNotFoundError`, also for what can be no symbol."""
    row = fetch_row(_BY_SYMBOL, [symbol]) if is_symbol(symbol) else None
    if row is None:
        raise InstrumentNotFoundError(symbol)
    instrument, instrument.base, instrument.quote = instances(row, Instrument, Asset, Asset)
    return _view(instrument)


def instrument_ids(symbols: Collection[str]) -> dict[str, int]:
    """The id of each of ``symbols`` that there is."""
    return dict(Instrument.objects.filter(symbol__in=symbols).values_list("symbol", "id"))


def list_schedules() -> tuple[ScheduleView, ...]:
    """Of every instrument, by symbol; two queries."""
    known: dict[int, list[SessionView]] = {}
    for row in TradingSession.objects.order_by("instrument_id", "closes_at"):
        known.setdefault(row.instrument_id, []).append(SessionView(row.pre_open_at, row.opens_at, row.closes_at))
    return tuple(
        ScheduleView(row.symbol, row.calendar, row.around_the_clock, tuple(known.get(row.pk, ())))
        for row in Instrument.objects.order_by("symbol")
    )


def find_next_session(instrument_id: int, now: datetime) -> SessionView | None:
    """The first that opens after ``now``, as far as sessions are known."""
    row = TradingSession.objects.filter(instrument_id=instrument_id, opens_at__gt=now).order_by("closes_at").first()
    return None if row is None else SessionView(row.pre_open_at, row.opens_at, row.closes_at)


def list_assets() -> tuple[AssetView, ...]:
    """Every asset, by code."""
    return tuple(_asset(row) for row in Asset.objects.order_by("code"))


def assets_by_id() -> dict[int, AssetView]:
    return {row.pk: _asset(row) for row in Asset.objects.order_by("id")}


def get_asset(code: str) -> AssetView:
    """Return the asset, by its exact code; raises :class:`AssetNotFoundError`."""
    row = Asset.objects.filter(code=code).first()
    if row is None:
        raise AssetNotFoundError(code)
    return _asset(row)


def _asset(row: Asset) -> AssetView:
    return AssetView(row.pk, row.code, row.name, row.asset_class, row.display_decimals)


def _view(row: Instrument) -> InstrumentView:
    return InstrumentView(
        id=row.pk,
        symbol=row.symbol,
        name=row.name,
        asset_class=row.asset_class,
        base=_asset(row.base),
        quote=_asset(row.quote),
        tick_size=row.tick_size,
        lot_size=row.lot_size,
        price_decimals=row.price_decimals,
        quantity_decimals=row.quantity_decimals,
        max_quantity=row.max_quantity,
        max_notional=row.max_notional,
        collar_bps=row.collar_bps,
        maker_fee_ppm=row.maker_fee_ppm,
        taker_fee_ppm=row.taker_fee_ppm,
        ladder_step_ticks=row.ladder_step_ticks,
        trading_state=TradingState(row.trading_state),
        state_reason=row.state_reason,
        state_changed_at=row.state_changed_at,
        calendar=row.calendar,
        paused_until=row.paused_until,
    )
