"""Money moves here and nowhere else: holds, trades, deposits and withdrawals, in units of 10**-8.

**Why a hold always covers.** A buy sets aside, per lot, the limit's notional and the highest fee on it, rounded up *per lot*. A
fill of k lots at the limit or better costs at most k times its notional and ``ceil(k * x) <= k * ceil(x)`` in fee, so k lots'
share of the hold covers every fill of k lots, however an order is cut into fills. The hold is linear in the lots left, hence
recomputable at any time.
"""

from apps.core.enums import Side
from apps.engine.matching.changes import PostingRow, TradeRow, TransferRow
from apps.engine.matching.memory import Cause, Memory
from apps.engine.matching.state import Account, Asset, Instrument, Order

PPM = 1_000_000


def fee_of(notional: int, ppm: int) -> int:
    """The fee on ``notional`` units, rounded up: against the customer."""
    return -(-notional * ppm // PPM)


def hold_per_lot(instrument: Instrument, side: Side, limit_ticks: int) -> int:
    """Units to set aside for each lot: of the quote asset for a buy, of the base asset for a sell."""
    if side is Side.SELL:
        return instrument.grid.lot
    notional = limit_ticks * instrument.grid.tick_lot_value
    return notional + fee_of(notional, max(instrument.maker_fee_ppm, instrument.taker_fee_ppm))


def hold_asset_id(instrument: Instrument, side: Side) -> int:
    return instrument.quote_id if side is Side.BUY else instrument.base_id


def place_hold(memory: Memory, account: Account, order: Order, amount: int) -> None:
    memory.balance(account, hold_asset_id(order.instrument, order.side)).held += amount
    order.held = amount


def release_hold(memory: Memory, account: Account, order: Order, lots: int) -> int:
    """Give back the share of ``lots`` of the order's hold, in units; all of it when they are all that is left.

    Call it before ``order.filled_lots`` is raised. Exact, because the hold is a whole number of units per lot.
    """
    released = order.held * lots // (order.lots - order.filled_lots)
    order.held -= released
    memory.balance(account, hold_asset_id(order.instrument, order.side)).held -= released
    return released


class Legs:
    """The postings of one transfer in the making."""

    __slots__ = ("_leg", "_memory", "_transfer_id")

    def __init__(self, memory: Memory, kind: str, trade_id: int | None, cause: Cause, memo: str = "") -> None:
        self._memory = memory
        self._transfer_id = memory.next_sequence()
        self._leg = 0
        memory.changes.transfers.append(TransferRow(self._transfer_id, kind, trade_id, cause.command_id, memo, cause.now_ns))

    @property
    def transfer_id(self) -> int:
        return self._transfer_id

    def post(self, account: Account, asset_id: int, amount: int) -> None:
        """Move ``amount`` units; nothing is posted for zero."""
        if not amount:
            return
        balance = self._memory.balance(account, asset_id)
        balance.total += amount
        self._memory.changes.postings.append(PostingRow(self._transfer_id, self._leg, balance, amount, balance.total))
        self._leg += 1


def settle_trade(
    memory: Memory, trade: TradeRow, buyer: Account, seller: Account, buyer_fee: int, seller_fee: int, cause: Cause
) -> None:
    """Exchange base for quote, and pay the fees. The proceeds come before the seller's fee, which is paid from them."""
    instrument = trade.instrument
    notional = trade.ticks * trade.lots * instrument.grid.tick_lot_value
    base = trade.lots * instrument.grid.lot
    legs = Legs(memory, "TRADE", trade.trade_id, cause)
    legs.post(buyer, instrument.quote_id, -notional)
    legs.post(seller, instrument.quote_id, notional)
    legs.post(seller, instrument.base_id, -base)
    legs.post(buyer, instrument.base_id, base)
    legs.post(buyer, instrument.quote_id, -buyer_fee)
    legs.post(seller, instrument.quote_id, -seller_fee)
    legs.post(memory.fees, instrument.quote_id, buyer_fee + seller_fee)


def move_in(memory: Memory, account: Account, asset: Asset, amount: int, memo: str, cause: Cause) -> int:
    """Deposit ``amount`` units from the outside world; return the transfer's id."""
    legs = Legs(memory, "DEPOSIT", None, cause, memo)
    legs.post(memory.external, asset.asset_id, -amount)
    legs.post(account, asset.asset_id, amount)
    return legs.transfer_id


def move_out(memory: Memory, account: Account, asset: Asset, amount: int, memo: str, cause: Cause) -> int:
    """Withdraw ``amount`` units to the outside world; return the transfer's id. They are available: checked before."""
    legs = Legs(memory, "WITHDRAWAL", None, cause, memo)
    legs.post(account, asset.asset_id, -amount)
    legs.post(memory.external, asset.asset_id, amount)
    return legs.transfer_id
