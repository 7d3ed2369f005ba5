"""What a batch did: the matching core fills it, the settlement writes it, and nothing else connects the two.

Every list is in the order in which things happened. Rows are written once and only read afterwards; a batch makes thousands, so
they are structs, which are made three times as fast as dataclasses. Rows that hold an :class:`Order`, a :class:`Balance` or an
:class:`Instrument` refer to the live object: the settlement runs after the batch and stores their final values.
"""

from dataclasses import dataclass, field

import msgspec

from apps.core.enums import LiquiditySide, Side
from apps.engine.matching.state import Account, Asset, Balance, HouseQuote, Instrument, Order


class Row(msgspec.Struct, gc=False):
    """The garbage collector need not look at one: what a row refers to never refers back to it."""


class TradeRow(Row):
    trade_id: int
    instrument: Instrument
    instrument_sequence: int
    ticks: int
    lots: int
    aggressor_side: Side
    quote: HouseQuote | None
    at_ns: int


class FillRow(Row):
    """``order`` is None for the house. ``fee`` is in units of the quote asset."""

    trade: TradeRow
    order: Order | None
    account_id: int
    side: Side
    liquidity_side: LiquiditySide
    fee: int


class TransferRow(Row):
    transfer_id: int
    kind: str
    trade_id: int | None
    command_id: str
    memo: str
    at_ns: int


class PostingRow(Row):
    transfer_id: int
    leg: int
    balance: Balance
    amount: int  # units, signed
    balance_after: int  # units


class ApprovalRow(Row):
    """That ``approved_by`` approved what ``proposed_by`` asked for (ids of users). ``kind`` is the tag of the command,
    ``reference`` what it made or concerned."""

    command_id: str
    kind: str
    reference: int
    proposed_by: int
    approved_by: int
    at_ns: int


class EventRow(Row):
    """One event of an account or an instrument. ``kind`` is the tag of its schema; ``fields`` what the schema needs beyond the
    identity, with numbers still as integers of the engine (ticks, lots, units). ``order`` is set for order events."""

    sequence: int
    kind: str
    at_ns: int
    command_id: str
    correlation_id: str
    account_id: int | None
    account_sequence: int
    order: Order | None
    instrument: Instrument | None
    fields: dict[str, object]


@dataclass(slots=True)
class Changes:
    new_orders: list[Order] = field(default_factory=list)
    changed_orders: dict[int, Order] = field(default_factory=dict)  # stored before this batch; by order id
    trades: list[TradeRow] = field(default_factory=list)
    fills: list[FillRow] = field(default_factory=list)
    transfers: list[TransferRow] = field(default_factory=list)
    postings: list[PostingRow] = field(default_factory=list)
    new_balances: list[Balance] = field(default_factory=list)
    changed_balances: dict[int, Balance] = field(default_factory=dict)  # by ledger account id, new ones not among them
    changed_accounts: dict[int, Account] = field(default_factory=dict)
    amended_orders: dict[int, Order] = field(default_factory=dict)  # stored before, with another quantity or price now
    ticks_before: dict[int, int] = field(default_factory=dict)  # of orders that were amended: before the first time; for the laws
    changed_terms: dict[int, Order] = field(default_factory=dict)  # new or changed terms, by order id
    schedules: dict[int, Instrument] = field(default_factory=dict)  # whose sessions are others now
    venue: tuple[bool, str] | None = None  # the kill switch, when it was moved: on or off, and why
    new_assets: list[Asset] = field(default_factory=list)
    new_instruments: list[Instrument] = field(default_factory=list)
    changed_instruments: dict[int, Instrument] = field(default_factory=dict)
    events: list[EventRow] = field(default_factory=list)
    approvals: list[ApprovalRow] = field(default_factory=list)
    # (instrument id, side, ticks) whose customers' total changed; the settlement reads the final total from the book.
    levels: dict[tuple[int, Side, int], None] = field(default_factory=dict)
    quotes_read: dict[int, HouseQuote] = field(default_factory=dict)  # by instrument id: what decisions of this batch looked at
