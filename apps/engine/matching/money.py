"""Money moves here and nowhere else: holds, trades, deposits and withdrawals, in units of 10**-8.

**Why a hold always covers.** A buy sets aside, per lot, the limit's notional and the highest fee on it, rounded up *per lot*. A
fill of k lots at the limit or better costs at most k times its notional and ``ceil(k * x) <= k * ceil(x)`` in fee, so k lots'
share of the hold covers every fill of k lots, however an order is cut into fills. The hold is linear in the lots left, hence
recomputable at any time.
"""

from apps.core.enums import Side
from apps.engine.matching.changes import PostingRow, TradeRow, TransferRow
from apps.engine.matching.memory import Cause, Memory
from apps.engine.matching.state import Account, Asset, Balance, Instrument, Order

PPM = 1_000_000
# A member looked up on its class costs four times a global, and an order does it twenty times.
BUY, SELL = Side.BUY, Side.SELL


def fee_of(notional: int, ppm: int) -> int:
    """The fee on ``notional`` units, rounded up: against the customer."""
    return -(-notional * ppm // PPM)


def hold_per_lot(instrument: Instrument, side: Side, limit_ticks: int) -> int:
    """Units to set aside for each lot: of the quote asset for a buy, of the base asset for a sell."""
    if side is SELL:
        return instrument.grid.lot
    notional = limit_ticks * instrument.grid.tick_lot_value
    return notional + fee_of(notional, max(instrument.maker_fee_ppm, instrument.taker_fee_ppm))


def hold_asset_id(instrument: Instrument, side: Side) -> int:
    return instrument.quote_id if side is BUY else instrument.base_id


def ticks_of_hold(instrument: Instrument, held_per_lot: int) -> int:
    """The highest price at which :func:`hold_per_lot` of a buy is at most ``held_per_lot``: what a hold can pay."""
    ppm = max(instrument.maker_fee_ppm, instrument.taker_fee_ppm)
    # Exact, though the fee of a lot is rounded up: notional and hold are whole, so the fee may be rounded up to what is between.
    return held_per_lot * PPM // (instrument.grid.tick_lot_value * (PPM + ppm))


def place_hold(memory: Memory, account: Account, order: Order, amount: int) -> None:
    if order.terms is not None:
        change_hold(memory, account, order, amount)
        return
    memory.balance(account, hold_asset_id(order.instrument, order.side)).held += amount
    order.held = amount


def change_hold(memory: Memory, account: Account, order: Order, amount: int) -> int:
    """Set ``amount`` units aside for the order, in place of what is; return by how much the account's hold became smaller.

    Open orders of one link share the largest of their holds: only one of them can spend it.
    """
    shared = max((sibling.held for sibling in memory.siblings(order)), default=0)
    freed = max(order.held, shared) - max(amount, shared)
    order.held = amount
    memory.balance(account, hold_asset_id(order.instrument, order.side)).held -= freed
    return freed


def release_hold(memory: Memory, account: Account, order: Order, lots: int) -> int:
    """Give back the share of ``lots`` of the order's hold, in units; all of it when they are all that is left.

    Call it before ``order.filled_lots`` is raised. Exact, because the hold is a whole number of units per lot. Returns what the
    account can spend again: less than the share, while a linked order needs it too.
    """
    released = order.held * lots // (order.lots - order.filled_lots)
    if order.terms is not None:
        return change_hold(memory, account, order, order.held - released)
    order.held -= released
    memory.balance(account, hold_asset_id(order.instrument, order.side)).held -= released
    return released


def transfer(memory: Memory, kind: str, memo: str, cause: Cause, legs: tuple[tuple[Account, int, int], ...]) -> int:
    """Move money: each leg is (account, asset id, signed units). Nothing is posted for zero. Returns the transfer's id."""
    transfer_id = memory.next_sequence()
    memory.changes.transfers.append(TransferRow(transfer_id, kind, None, cause.command_id, memo, cause.now_ns))
    _post(memory, transfer_id, [(memory.balance(account, asset_id), amount) for account, asset_id, amount in legs if amount])
    return transfer_id


def _post(memory: Memory, transfer_id: int, legs: list[tuple[Balance, int]]) -> None:
    postings = memory.changes.postings
    for leg, (balance, amount) in enumerate(legs):
        balance.total = total = balance.total + amount
        postings.append(PostingRow(transfer_id, leg, balance, amount, total))


def settle_trade(
    memory: Memory, trade: TradeRow, buyer: Account, seller: Account, buyer_fee: int, seller_fee: int, cause: Cause
) -> None:
    """Exchange base for quote, and pay the fees. The proceeds come before the seller's fee, which is paid from them.

    As :func:`transfer` would, but each balance is looked up once: it is the commonest transfer, and has seven legs.
    """
    instrument = trade.instrument
    grid, quote_id, base_id = instrument.grid, instrument.quote_id, instrument.base_id
    notional = trade.ticks * trade.lots * grid.tick_lot_value
    base = trade.lots * grid.lot
    transfer_id = memory.next_sequence()
    memory.changes.transfers.append(TransferRow(transfer_id, "TRADE", trade.trade_id, cause.command_id, "", cause.now_ns))
    buyer_quote, seller_quote = memory.balance(buyer, quote_id), memory.balance(seller, quote_id)
    legs = [
        (buyer_quote, -notional),
        (seller_quote, notional),
        (memory.balance(seller, base_id), -base),
        (memory.balance(buyer, base_id), base),
    ]
    if buyer_fee:
        legs.append((buyer_quote, -buyer_fee))
    if seller_fee:
        legs.append((seller_quote, -seller_fee))
    if buyer_fee or seller_fee:
        legs.append((memory.balance(memory.fees, quote_id), buyer_fee + seller_fee))
    _post(memory, transfer_id, legs)


def move_in(memory: Memory, account: Account, asset: Asset, amount: int, memo: str, cause: Cause) -> int:
    """Deposit ``amount`` units from the outside world; return the transfer's id."""
    legs = ((memory.external, asset.asset_id, -amount), (account, asset.asset_id, amount))
    return transfer(memory, "DEPOSIT", memo, cause, legs)


def adjust(memory: Memory, account: Account, asset: Asset, amount: int, memo: str, cause: Cause) -> int:
    """Correct a balance by ``amount`` signed units, against the outside world; return the transfer's id.

    What is taken is available: checked before.
    """
    legs = ((memory.external, asset.asset_id, -amount), (account, asset.asset_id, amount))
    return transfer(memory, "ADJUSTMENT", memo, cause, legs)


def move_out(memory: Memory, account: Account, asset: Asset, amount: int, memo: str, cause: Cause) -> int:
    """Withdraw ``amount`` units to the outside world; return the transfer's id. They are available: checked before."""
    legs = ((account, asset.asset_id, -amount), (memory.external, asset.asset_id, amount))
    return transfer(memory, "WITHDRAWAL", memo, cause, legs)
