"""Conversion between decimals and the engine's integers, in one place, exact or refused.

Prices are counted in ticks and quantities in lots; money of any asset in units of 10**-8 (``numbers.SCALE``).
"""

from dataclasses import dataclass, field
from decimal import Decimal

from apps.core.checks import check
from apps.core.numbers import NumberFormatError, from_units, plain, to_units


@dataclass(frozen=True, slots=True)
class Grid:
    """The steps of one instrument: ``tick`` and ``lot`` in units of 10**-8 of quote and base currency."""

    tick: int
    lot: int
    #: Units of quote currency that one lot costs at a price of one tick.
    tick_lot_value: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check(self.tick > 0, f"tick must be positive, was {self.tick}")
        check(self.lot > 0, f"lot must be positive, was {self.lot}")
        # One lot at one tick must be a whole number of units, or no trade could be settled exactly.
        check((self.tick * self.lot) % 10**8 == 0, f"tick x lot must be exact at 8 decimals, was {self.tick} x {self.lot}")
        object.__setattr__(self, "tick_lot_value", self.tick * self.lot // 10**8)

    @classmethod
    def of(cls, tick_size: Decimal, lot_size: Decimal) -> "Grid":
        return cls(to_units(tick_size, "tick size"), to_units(lot_size, "lot size"))

    def ticks(self, price: Decimal, field: str = "price") -> int:
        """Return ``price`` in ticks; raises :class:`NumberFormatError` when it is off the grid."""
        ticks, rest = divmod(to_units(price, field), self.tick)
        if rest:
            raise NumberFormatError(field, str(price), f"must be a multiple of {plain(from_units(self.tick))}")
        return ticks

    def lots(self, quantity: Decimal, field: str = "quantity") -> int:
        """Return ``quantity`` in lots; raises :class:`NumberFormatError` when it is off the grid."""
        lots, rest = divmod(to_units(quantity, field), self.lot)
        if rest:
            raise NumberFormatError(field, str(quantity), f"must be a multiple of {plain(from_units(self.lot))}")
        return lots

    def price(self, ticks: int) -> Decimal:
        return from_units(ticks * self.tick)

    def quantity(self, lots: int) -> Decimal:
        return from_units(lots * self.lot)

    def notional(self, ticks: int, lots: int) -> int:
        """Units of quote currency for ``lots`` at ``ticks``."""
        return ticks * lots * self.tick_lot_value

    def base_units(self, lots: int) -> int:
        """Units of base currency in ``lots``."""
        return lots * self.lot
