"""What only some orders have, as plain values: triggers, distances, links, exits."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.core.enums import OrderType
from apps.orders.display import TYPE_LABELS
from apps.orders.models import Order, OrderTerms


@dataclass(frozen=True, slots=True)
class TermsView:
    """What an order has beyond a plain one. ``trail_percent`` is of the reference; exits are the words they were asked in."""

    trigger_price: Decimal | None
    trail_amount: Decimal | None
    trail_percent: Decimal | None
    expires_at: datetime | None
    post_only: bool
    reduce_only: bool
    link_id: int | None
    parent_id: int | None
    exits: tuple[tuple[str, str], ...]


def terms_view(row: Order) -> TermsView | None:
    """Most orders have none."""
    terms: OrderTerms | None = getattr(row, "terms", None)
    if terms is None:
        return None
    exits: dict[str, dict[str, Any]] = terms.exits or {}
    return TermsView(
        trigger_price=terms.trigger_price,
        trail_amount=terms.trail_amount,
        trail_percent=None if terms.trail_bps is None else Decimal(terms.trail_bps) / 100,
        expires_at=terms.expires_at,
        post_only=terms.post_only,
        reduce_only=terms.reduce_only,
        link_id=terms.link_id,
        parent_id=terms.parent_id,
        exits=tuple((name, _exit_words(exits[name])) for name in ("target", "stop") if name in exits),
    )


def _exit_words(asked: dict[str, Any]) -> str:
    """One exit as it was asked for: "Stop, trigger 95"."""
    words = [TYPE_LABELS[OrderType(asked["order_type"])]]
    words += [f"trigger {asked['trigger_price']}"] if "trigger_price" in asked else []
    words += [f"at {asked['price']}"] if "price" in asked else []
    words += [f"{asked['trail_amount']} behind the market"] if "trail_amount" in asked else []
    words += [f"{Decimal(asked['trail_bps']) / 100:f} % behind the market"] if "trail_bps" in asked else []
    return ", ".join(words)
