"""Making trades: an incoming order against customers and the house, and the house's quote against resting customers."""

import msgspec

from apps.commands.reasons import Reason
from apps.core.checks import check_invariant
from apps.core.enums import LiquiditySide, OrderStatus, SelfTradePrevention, Side
from apps.engine.matching.book import BookSide, Level
from apps.engine.matching.changes import FillRow, TradeRow
from apps.engine.matching.ending import end_if_over, end_open, step
from apps.engine.matching.house import Rung, lots_within, use_up
from apps.engine.matching.links import after_fill
from apps.engine.matching.memory import Cause, Memory
from apps.engine.matching.money import fee_of, release_hold, settle_trade
from apps.engine.matching.placing import shrink
from apps.engine.matching.state import Account, HouseQuote, Instrument, Order

BUY, SELL = Side.BUY, Side.SELL
MAKER, TAKER = LiquiditySide.MAKER, LiquiditySide.TAKER
FILLED, PARTIALLY_FILLED = OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED


class Meeting(msgspec.Struct, frozen=True, gc=False):
    """Who meets at which price. ``taker`` or ``maker`` is None for the house, and then ``quote`` is what it traded on."""

    instrument: Instrument
    aggressor_side: Side
    taker: Order | None
    maker: Order | None
    ticks: int
    lots: int
    quote: HouseQuote | None


def other_side(side: Side) -> Side:
    return SELL if side is BUY else BUY


def execute(memory: Memory, meeting: Meeting, cause: Cause) -> TradeRow:
    """Make one trade: the print, the money, and both orders' fills and events."""
    instrument, aggressor_side, taker, maker = meeting.instrument, meeting.aggressor_side, meeting.taker, meeting.maker
    ticks, lots = meeting.ticks, meeting.lots
    instrument.trade_sequence += 1
    trade = TradeRow(
        memory.next_sequence(), instrument, instrument.trade_sequence, ticks, lots, aggressor_side, meeting.quote, cause.now_ns
    )
    memory.changes.trades.append(trade)
    notional = ticks * lots * instrument.grid.tick_lot_value
    taker_fee = 0 if taker is None else fee_of(notional, instrument.taker_fee_ppm)
    maker_fee = 0 if maker is None else fee_of(notional, instrument.maker_fee_ppm)
    taking = memory.house if taker is None else memory.accounts[taker.account_id]
    making = memory.house if maker is None else memory.accounts[maker.account_id]
    if aggressor_side is BUY:
        settle_trade(memory, trade, taking, making, taker_fee, maker_fee, cause)
    else:
        settle_trade(memory, trade, making, taking, maker_fee, taker_fee, cause)
    _fill(memory, trade, taker, taking, aggressor_side, TAKER, notional, taker_fee, cause)
    # The command is the taker's: the maker, who may be somebody else, learns of the trade and not of another's ids.
    unnamed = Cause("", "", cause.now_ns)
    _fill(memory, trade, maker, making, other_side(aggressor_side), MAKER, notional, maker_fee, unnamed)
    return trade


def _fill(
    memory: Memory,
    trade: TradeRow,
    order: Order | None,
    account: Account,
    side: Side,
    liquidity_side: LiquiditySide,
    notional: int,
    fee: int,
    cause: Cause,
) -> None:
    memory.changes.fills.append(FillRow(trade, order, account.account_id, side, liquidity_side, fee))
    if order is None:
        return  # the house has no orders and no events
    lots = trade.lots
    release_hold(memory, account, order, lots)
    order.filled_lots += lots
    order.notional += notional
    order.fee += fee
    step(order, FILLED if order.filled_lots == order.lots else PARTIALLY_FILLED, cause.now_ns)
    memory.mark_order(order)
    memory.tell_account(
        account,
        "ORDER_FILLED",
        cause,
        order,
        {
            "trade_id": trade.trade_id,
            "side": side,
            "liquidity_side": liquidity_side,
            "ticks": trade.ticks,
            "lots": lots,
            "fee": fee,
            "status": order.status,
            "filled_lots": order.filled_lots,
            "leaves_lots": order.lots - order.filled_lots,
            "held": order.held,
            "quote": trade.quote,
        },
    )
    if order.terms is not None:
        after_fill(memory, order, order.terms, lots, cause)


def take_from_book(memory: Memory, side: BookSide, level: Level, order: Order, lots: int) -> None:
    """The resting ``order`` is about to be filled by ``lots``: its level shrinks, and it leaves the book when it is full."""
    memory.mark_level(order)
    full = lots == order.lots - order.filled_lots
    side.reduce(level, order, lots)
    if full:
        memory.accounts[order.account_id].open_orders -= 1
        memory.end_order(order)


def match_order(memory: Memory, order: Order, limit_ticks: int, cause: Cause) -> tuple[list[TradeRow], Reason | None]:
    """Trade ``order`` up to ``limit_ticks``: best price first, at one price customers before the house, the oldest first.

    Returns the trades, and SELF_TRADE when it was stopped because the next in line is an order of the same account: what the
    account chose for that case has been done with that order then, and is still to be done with this one.
    """
    instrument = order.instrument
    against = other_side(order.side)
    resting = memory.books[instrument.instrument_id].side(against)
    quote = memory.houses[instrument.instrument_id].quote
    ladder = memory.house_ladder(instrument, against, cause.now_ns)
    sign = resting.sign
    limit = sign * limit_ticks
    trades: list[TradeRow] = []
    while order.filled_lots < order.lots:
        level = resting.best()
        leaves = order.lots - order.filled_lots
        if level is not None and (not ladder or sign * level.ticks >= sign * ladder[0].ticks):
            if sign * level.ticks < limit:
                break
            maker = level.first()
            if memory.is_behind and end_if_over(memory, maker, cause.now_ns):
                continue
            if maker.account_id == order.account_id:
                if _prevent_self_trade(memory, order, maker, cause):
                    continue
                return trades, Reason.SELF_TRADE
            ticks = level.ticks
            lots = min(leaves, maker.lots - maker.filled_lots)
            take_from_book(memory, resting, level, maker, lots)
            meeting = Meeting(instrument, order.side, order, maker, ticks, lots, None)
        else:
            if not ladder or sign * ladder[0].ticks < limit:
                break
            ticks = ladder[0].ticks
            lots = min(leaves, ladder[0].lots)
            use_up(ladder, lots)
            meeting = Meeting(instrument, order.side, order, None, ticks, lots, quote)
        trades.append(execute(memory, meeting, cause))
    return trades, None


def _prevent_self_trade(memory: Memory, order: Order, maker: Order, cause: Cause) -> bool:
    """Two orders of one account meet: do what it chose with the resting one, and say whether the incoming one goes on."""
    mode = memory.accounts[order.account_id].self_trade_prevention
    if mode is SelfTradePrevention.CANCEL_NEWEST:
        return False
    # The command is the incoming order's, and the answer to it is made again from the events that name it.
    unnamed = Cause("", "", cause.now_ns)
    if mode is not SelfTradePrevention.DECREMENT:
        end_open(memory, maker, Reason.SELF_TRADE_PREVENTED, unnamed)
        return mode is SelfTradePrevention.CANCEL_OLDEST
    incoming, resting = order.leaves_lots, maker.leaves_lots
    if resting <= incoming:
        end_open(memory, maker, Reason.SELF_TRADE_PREVENTED, unnamed)
    else:
        _decrement(memory, maker, incoming, unnamed, rests=True)
    if incoming <= resting:
        return False
    _decrement(memory, order, resting, cause, rests=False)
    return True


def _decrement(memory: Memory, order: Order, lots: int, cause: Cause, *, rests: bool) -> None:
    """Take ``lots`` off the order, and off those that are linked to it, which are the same wish: all of a link stay equal."""
    siblings = memory.siblings(order)
    shrink(memory, order, lots, Reason.SELF_TRADE_PREVENTED.value, cause, rests=rests)
    for sibling in siblings:
        shrink(memory, sibling, lots, Reason.SELF_TRADE_PREVENTED.value, cause, rests=False)


def fillable_lots(memory: Memory, account: Account, side: Side, instrument: Instrument, limit_ticks: int, now_ns: int) -> int:
    """How many lots an order would get at once up to ``limit_ticks``: what :func:`match_order` would trade, without trading.

    An order of the same account ends that, whatever it is that the account chose for it; but CANCEL_OLDEST passes it over.
    """
    passes = account.self_trade_prevention is SelfTradePrevention.CANCEL_OLDEST
    against = other_side(side)
    resting = memory.books[instrument.instrument_id].side(against)
    ladder = memory.house_ladder(instrument, against, now_ns)
    sign = resting.sign
    total = 0
    for level in resting.levels():
        if sign * level.ticks < sign * limit_ticks:
            break
        if not account.open_orders and not memory.is_behind:
            total += level.lots
            continue
        for order in level.orders.values():
            if memory.is_behind and order.is_over(now_ns):
                continue
            if order.account_id == account.account_id:
                if passes:
                    continue
                # Stopped here: of the house, only what is better than this price comes before.
                return total + lots_within(ladder, sign, level.ticks + sign)
            total += order.lots - order.filled_lots
    return total + lots_within(ladder, sign, limit_ticks)


def would_trade(memory: Memory, instrument: Instrument, side: Side, limit_ticks: int, now_ns: int) -> bool:
    """Whether an order would meet anybody at once: a customer, its own account among them, or the house where it quotes."""
    against = other_side(side)
    resting = memory.books[instrument.instrument_id].side(against)
    limit = resting.sign * limit_ticks
    level = resting.best()
    if memory.is_behind:
        lives = (each for each in resting.levels() if not all(order.is_over(now_ns) for order in each.orders.values()))
        level = next(lives, None)
    if level is not None and resting.sign * level.ticks >= limit:
        return True
    ladder = memory.house_ladder(instrument, against, now_ns)
    return bool(ladder) and resting.sign * ladder[0].ticks >= limit


def is_crossed_by_house(memory: Memory, instrument: Instrument) -> bool:
    """Whether the house's present quote reaches a resting order of a customer. Reads the quote without deciding anything."""
    book = memory.books[instrument.instrument_id]
    if book.is_empty():
        return False
    quote = memory.houses[instrument.instrument_id].quote
    if quote is None:
        return False
    bid, ask = book.bids.best(), book.asks.best()
    return bool(
        (bid is not None and quote.ask_lots > 0 and bid.ticks >= quote.ask_ticks)
        or (ask is not None and quote.bid_lots > 0 and ask.ticks <= quote.bid_ticks)
    )


def match_house(memory: Memory, instrument: Instrument, cause: Cause) -> None:
    """Fill the customers' orders that the house's quote moved through, each at its own price: they are makers, the house takes.

    An order gets at most what the ladder has at its price or better; best price first, then the oldest.
    """
    for side in (BUY, SELL):
        ladder = memory.house_ladder(instrument, other_side(side), cause.now_ns)
        _match_house_side(memory, instrument, side, ladder, cause)


def _match_house_side(memory: Memory, instrument: Instrument, side: Side, ladder: list[Rung], cause: Cause) -> None:
    resting = memory.books[instrument.instrument_id].side(side)
    quote = memory.houses[instrument.instrument_id].quote
    while ladder:
        level = resting.best()
        # The house's prices rank the other way round: it gives to whoever bids at least what it asks.
        if level is None or resting.sign * level.ticks < resting.sign * ladder[0].ticks:
            return
        order = level.first()
        if end_if_over(memory, order, cause.now_ns):
            continue
        ticks = level.ticks
        offered = lots_within(ladder, -resting.sign, ticks)
        check_invariant(offered > 0, f"the house offers something at {ticks}")
        lots = min(order.lots - order.filled_lots, offered)
        use_up(ladder, lots)
        take_from_book(memory, resting, level, order, lots)
        execute(memory, Meeting(instrument, other_side(side), None, order, ticks, lots, quote), cause)
