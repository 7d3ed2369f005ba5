"""What the owner of an account chose for its tickets: how far a price may move unasked, and the quantities to begin with.

They decide nothing in the engine: a page asks by them, and an order is judged as if there were none.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from apps.accounts.models import TOLERANCE_BPS_DEFAULT, DefaultSize, TradingPreferences
from apps.accounts.models import TOLERANCE_BPS_MAX as TOLERANCE_BPS_MAX
from apps.core.numbers import plain
from apps.core.units import Grid
from apps.stores.prepared import fetch_row

#: Of one account.
DEFAULT_SIZES_MAX = 50

_OF_ACCOUNT = """
    SELECT preferences.tolerance_bps,
           array_agg(instrument.symbol ORDER BY instrument.symbol) FILTER (WHERE size.id IS NOT NULL),
           array_agg(size.quantity ORDER BY instrument.symbol) FILTER (WHERE size.id IS NOT NULL)
    FROM accounts_tradingpreferences AS preferences
    LEFT JOIN accounts_defaultsize AS size ON size.preferences_id = preferences.account_id
    LEFT JOIN instruments_instrument AS instrument ON instrument.id = size.instrument_id
    WHERE preferences.account_id = %s
    GROUP BY preferences.account_id
"""


class PreferenceError(ValueError):
    """A value that a preference may not have. ``field`` names it, the message says the rule and what was given."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Preferences:
    """``tolerance_bps`` in basis points; ``default_sizes`` by symbol, in the instrument's base, as they were when chosen."""

    tolerance_bps: int = TOLERANCE_BPS_DEFAULT
    default_sizes: dict[str, Decimal] = field(default_factory=dict)


def get_preferences(account_id: int) -> Preferences:
    """What the account's owner chose, or what holds unless they choose; one query."""
    row = fetch_row(_OF_ACCOUNT, [account_id])
    if row is None:
        return Preferences()
    tolerance_bps, symbols, quantities = row
    return Preferences(tolerance_bps, dict(zip(symbols or (), quantities or (), strict=True)))


def set_tolerance(*, account_id: int, tolerance_bps: int) -> None:
    """Raises :class:`PreferenceError` outside of 0 to ``TOLERANCE_BPS_MAX``; 0 asks again whenever the price has moved at all."""
    if not 0 <= tolerance_bps <= TOLERANCE_BPS_MAX:
        raise PreferenceError("tolerance_bps", f"must be 0 to {TOLERANCE_BPS_MAX} basis points, was {tolerance_bps}")
    TradingPreferences.objects.update_or_create(account_id=account_id, defaults={"tolerance_bps": tolerance_bps})


def set_default_size(*, account_id: int, instrument_id: int, quantity: Decimal, grid: Grid, maximum: Decimal) -> None:
    """Keep the quantity that a ticket of the instrument begins with.

    Raises :class:`PreferenceError` above ``maximum`` and when the account has ``DEFAULT_SIZES_MAX`` of others, and
    :class:`~apps.core.numbers.NumberFormatError` off the ``grid``.
    """
    if not 0 < quantity <= maximum:
        raise PreferenceError("quantity", f"must be more than 0 and at most {plain(maximum)}, was {plain(quantity)}")
    grid.lots(quantity)
    with transaction.atomic():
        # The row is locked, so that two at once cannot both be the last that there is room for.
        preferences, _ = TradingPreferences.objects.select_for_update().get_or_create(account_id=account_id)
        others = DefaultSize.objects.filter(preferences=preferences).exclude(instrument_id=instrument_id)
        if others[:DEFAULT_SIZES_MAX].count() >= DEFAULT_SIZES_MAX:
            raise PreferenceError("symbol", f"there are {DEFAULT_SIZES_MAX} default sizes already; remove one first")
        DefaultSize.objects.update_or_create(
            preferences=preferences, instrument_id=instrument_id, defaults={"quantity": quantity}
        )


def remove_default_size(*, account_id: int, symbol: str) -> None:
    """Whether there was one or not, there is none afterwards."""
    DefaultSize.objects.filter(preferences_id=account_id, instrument__symbol=symbol).delete()
