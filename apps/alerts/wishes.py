"""What a person wishes to be told, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.alerts.kinds import Basis, Direction


@dataclass(frozen=True, slots=True)
class PriceWish:
    """``pause_s`` None: once. ``expires_at`` None: until it fires."""

    instrument_id: int
    basis: Basis
    direction: Direction
    price: Decimal
    note: str = ""
    in_app: bool = True
    by_mail: bool = False
    pause_s: int | None = None
    expires_at: datetime | None = None
