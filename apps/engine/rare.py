"""What a batch writes now and then, as one JSON document for the settlement function: instruments, accounts, terms of orders.

Numbers are strings, which Postgres reads as NUMERIC; instants are ISO 8601.
"""

import msgspec

from apps.core.clock import instant
from apps.engine.events import exit_row
from apps.engine.matching.answers import text
from apps.engine.matching.changes import ApprovalRow, Changes
from apps.engine.matching.state import Account, Instrument, Order


def _decimals(units: int) -> int:
    return len(text(units).partition(".")[2])


def _instrument_row(instrument: Instrument) -> dict[str, object]:
    grid = instrument.grid
    return {
        "id": instrument.instrument_id,
        "symbol": instrument.symbol,
        "name": instrument.name,
        "asset_class": instrument.asset_class,
        "base_id": instrument.base_id,
        "quote_id": instrument.quote_id,
        "tick_size": text(grid.tick),
        "lot_size": text(grid.lot),
        "price_decimals": _decimals(grid.tick),
        "quantity_decimals": _decimals(grid.lot),
        "max_quantity": text(instrument.max_lots * grid.lot),
        "max_notional": text(instrument.max_notional),
        "collar_bps": instrument.collar_bps,
        "maker_fee_ppm": instrument.maker_fee_ppm,
        "taker_fee_ppm": instrument.taker_fee_ppm,
        "ladder_step_ticks": instrument.ladder_step_ticks,
        "trading_state": instrument.trading_state,
        "state_reason": instrument.state_reason,
        "band_bps": instrument.band_bps,
        "paused_until": _instant_or_null(instrument.paused_until_ns),
        "is_sweeping": instrument.is_sweeping,
        "around_the_clock": instrument.around_the_clock,
        "calendar": instrument.calendar,
    }


def _instant_or_null(at_ns: int) -> str | None:
    return instant(at_ns).isoformat() if at_ns else None


def _schedule_row(instrument: Instrument) -> dict[str, object]:
    return {
        "instrument_id": instrument.instrument_id,
        "sessions": [
            {
                "pre_open_at": _instant_or_null(session.pre_open_ns),
                "opens_at": _instant_or_null(session.open_ns),
                "closes_at": _instant_or_null(session.close_ns),
            }
            for session in instrument.sessions
        ],
    }


def _amended_row(order: Order) -> dict[str, object]:
    grid = order.instrument.grid
    price = text(order.ticks * grid.tick) if order.ticks else None
    return {"id": order.order_id, "quantity": text(order.lots * grid.lot), "price": price}


def _terms_row(order: Order) -> dict[str, object]:
    terms, tick = order.terms, order.instrument.grid.tick
    if terms is None:
        raise TypeError(f"order {order.order_id} has no terms to store")
    exits = {name: exit_row(each, tick) for name, each in (("target", terms.target), ("stop", terms.stop)) if each is not None}
    return {
        "order_id": order.order_id,
        "trigger_price": text(terms.trigger_ticks * tick) if terms.trigger_ticks else None,
        "trail_amount": text(terms.trail_ticks * tick) if terms.trail_ticks else None,
        "trail_bps": terms.trail_bps or None,
        "expires_at": _instant_or_null(terms.expires_ns),
        "post_only": terms.post_only,
        "reduce_only": terms.reduce_only,
        "priority": terms.priority,
        "link_id": terms.link_id or None,
        "parent_id": terms.parent_id or None,
        "exits": msgspec.json.encode(exits).decode() if exits else None,
    }


def _account_row(account: Account) -> dict[str, object]:
    notional = account.max_order_notional
    return {
        "id": account.account_id,
        "status": account.status,
        "max_open_orders": account.max_open_orders,
        "max_order_notional": None if notional is None else text(notional),
        "orders_per_second": account.orders_per_second,
        "self_trade_prevention": account.self_trade_prevention,
        "dead_man_at": _instant_or_null(account.dead_man_ns),
    }


def _approval_row(row: ApprovalRow) -> dict[str, object]:
    return {
        "command_id": row.command_id,
        "kind": row.kind,
        "reference": row.reference,
        "proposed_by": row.proposed_by,
        "approved_by": row.approved_by,
    }


def rare_document(changes: Changes) -> bytes | None:
    """What happens a few times a day, as one JSON document; numbers are strings, which Postgres reads as NUMERIC."""
    if not has_rare(changes):
        return None
    new_ids = {i.instrument_id for i in changes.new_instruments}
    return msgspec.json.encode(
        {
            "assets": [
                {
                    "id": a.asset_id,
                    "code": a.code,
                    "name": a.name,
                    "asset_class": a.asset_class,
                    "display_decimals": a.display_decimals,
                }
                for a in changes.new_assets
            ],
            "instruments": [_instrument_row(i) for i in changes.new_instruments],
            "changed_instruments": [
                _instrument_row(i) for i in changes.changed_instruments.values() if i.instrument_id not in new_ids
            ],
            "schedules": [_schedule_row(i) for i in changes.schedules.values()],
            "accounts": [_account_row(a) for a in changes.changed_accounts.values()],
            "amended": [_amended_row(o) for o in changes.amended_orders.values()],
            "terms": [_terms_row(o) for o in changes.changed_terms.values()],
            "approvals": [_approval_row(row) for row in changes.approvals],
            "venue": None if changes.venue is None else {"is_killed": changes.venue[0], "reason": changes.venue[1]},
        }
    )


def has_rare(changes: Changes) -> bool:
    return bool(
        changes.new_assets
        or changes.new_instruments
        or changes.changed_instruments
        or changes.schedules
        or changes.changed_accounts
        or changes.amended_orders
        or changes.changed_terms
        or changes.approvals
        or changes.venue is not None
    )
