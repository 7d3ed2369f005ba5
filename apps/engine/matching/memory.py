"""Everything the venue knows, and the record of what is changing. The modules beside it decide; this one remembers."""

from collections.abc import Callable

import msgspec

from apps.commands.reasons import Reason
from apps.core.checks import check
from apps.core.enums import AccountStatus, OrderStatus, OrderType, Side, TimeInForce, TradingState
from apps.engine.matching.book import Book
from apps.engine.matching.changes import Changes, EventRow
from apps.engine.matching.house import HOUSE_AGE_NS_MAX, House, Rung, is_fresh
from apps.engine.matching.state import Account, Asset, Balance, Instrument, Order, Terms, next_boundary_ns
from apps.engine.matching.timers import Timer, Timers
from apps.engine.matching.watch import Watch
from apps.orders.status import OPEN, RESTING

TRADING = TradingState.OPEN  # looked up with every order


class Refusal(Exception):  # noqa: N818 - not an error of ours: the answer to bad input, raised before anything changes
    """Bad input, or not allowed. Becomes a ``RefusedAnswer``."""

    def __init__(self, reason: Reason, message: str, field: str = "", value: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.field = field
        self.value = value


class Cause(msgspec.Struct, frozen=True, gc=False):
    """What makes things happen now. ``command_id`` is empty when it is the house's quote, or the clock."""

    command_id: str
    correlation_id: str
    now_ns: int


class Memory:
    """Accounts, instruments, orders, books and houses, with one counter for every id and sequence."""

    def __init__(
        self, *, house_id: int, fees_id: int, external_id: int, epoch: int = 0, sequence: int = 0, seen_ns: int = 0
    ) -> None:
        """``seen_ns`` is the instant up to which a former engine looked at what was due: that of its last batch."""
        self.epoch = epoch
        self.sequence = sequence
        self.changes = Changes()
        self.accounts: dict[int, Account] = {}
        self.assets: dict[int, Asset] = {}
        self.instruments: dict[int, Instrument] = {}
        self.orders: dict[int, Order] = {}
        self.books: dict[int, Book] = {}
        self.houses: dict[int, House] = {}
        self.assets_by_code: dict[str, Asset] = {}
        self.instruments_by_symbol: dict[str, Instrument] = {}
        self.system_ids = frozenset({house_id, fees_id, external_id})
        self._overdrawable = frozenset({house_id, external_id})
        self.house, self.fees, self.external = (self._system_account(i) for i in (house_id, fees_id, external_id))
        self.watches: dict[int, Watch] = {}  # orders that wait for a trigger, by instrument id
        self.links: dict[int, list[Order]] = {}  # open orders that cancel each other, by link id
        self.exits: dict[int, int] = {}  # of a bracket's entry: the link of its open exits
        self.bought: dict[int, int] = {}  # of a bracket's entry: lots that it bought and its exits have not sold
        self.follow_ups: dict[int, int] = {}  # lots filled in this step, by the id of a bracket's entry: to be covered by exits
        self.unfinished: dict[int, None] = {}  # instruments with more triggers reached than one batch sets off
        self.timers = Timers(seen_ns)
        self.asks_approval = True  # of a replay: whether the engine of then asked that a second person approves
        self.endings_max = 0  # of a replay: as many as the engine of then ended in a batch; 0: as many as this one does
        self.is_behind = False  # more is due in this batch than one batch does: an open order may be over
        #: Set by whoever measures: the checks of the next order are timed by it, once. It decides nothing.
        self.stopwatch: Callable[[], float] | None = None
        self.judged_s: float | None = None  # how long those checks took, until it is taken
        self.is_killed = False
        self.kill_reason = ""
        self._new: set[int] = set()  # orders and ledger accounts that are not stored yet
        self._ended: list[int] = []  # orders to forget when the batch is taken

    def _system_account(self, account_id: int) -> Account:
        account = Account(account_id, None, AccountStatus.ACTIVE)
        self.accounts[account_id] = account
        return account

    def take_changes(self) -> Changes:
        """Return what happened since the last call, start a new record, and forget the orders that ended."""
        taken, self.changes = self.changes, Changes()
        for order_id in self._ended:
            del self.orders[order_id]
        if self.bought:
            for order_id in self._ended:
                if order_id not in self.exits:
                    self.bought.pop(order_id, None)
        self._ended.clear()
        self._new.clear()
        return taken

    def ending(self) -> dict[int, Order]:
        """The orders that :meth:`take_changes` would forget."""
        return {order_id: self.orders[order_id] for order_id in self._ended}

    # Loading: recovery, and the first command of an account. Nothing of it is a change.

    def load_asset(self, asset: Asset) -> None:
        self.assets[asset.asset_id] = asset
        self.assets_by_code[asset.code] = asset

    def load_instrument(self, instrument: Instrument) -> None:
        instrument.trading_state = TradingState(instrument.trading_state)  # compared by identity
        self.instruments[instrument.instrument_id] = instrument
        self.arm_instrument(instrument)
        self.instruments_by_symbol[instrument.symbol] = instrument
        self.books[instrument.instrument_id] = Book()
        self.watches[instrument.instrument_id] = Watch()
        self.houses[instrument.instrument_id] = House()

    def load_account(self, account: Account) -> None:
        """``account.open_orders`` is counted here, by :meth:`load_order`; a system account only brings its sequence."""
        if account.account_id in self.system_ids:
            self.accounts[account.account_id].sequence = account.sequence
            return
        check(account.account_id not in self.accounts, f"account {account.account_id} is loaded once")
        account.status = AccountStatus(account.status)
        account.open_orders = 0
        self.accounts[account.account_id] = account
        self.arm_dead_man(account)

    def load_balance(self, balance: Balance) -> None:
        self.accounts[balance.account_id].balances[balance.asset_id] = balance

    def load_order(self, order: Order) -> None:
        """An open order; call it in the order of priorities. Its account is loaded, and its hold is in the balance already."""
        order.side, order.status = Side(order.side), OrderStatus(order.status)
        order.order_type, order.time_in_force = OrderType(order.order_type), TimeInForce(order.time_in_force)
        check(order.status in OPEN, f"only open orders are loaded, order {order.order_id} is {order.status}")
        self.accounts[order.account_id].open_orders += 1
        self.orders[order.order_id] = order
        self.arm_expiry(order)
        if order.terms is not None and order.terms.link_id:
            self.join_link(order, order.terms)
        if order.status in RESTING:
            self.books[order.instrument.instrument_id].side(order.side).add(order)
        else:
            self.watches[order.instrument.instrument_id].add(order)

    def load_bought(self, entry_id: int, lots: int) -> None:
        """What a bracket's entry bought and its exits have not sold, where the entry or one of its exits is open."""
        self.bought[entry_id] = lots

    def load_kill_switch(self, is_killed: bool, reason: str) -> None:
        self.is_killed, self.kill_reason = is_killed, reason
        if is_killed:
            self.timers.arm(Timer.KILL_SWEEP, 0, 0)

    # What is due when: armed by whatever changes it, and by loading

    def arm_instrument(self, instrument: Instrument) -> None:
        """Its sweep, the end of its pause, the DAY orders of a session that is over, and the next boundary of the sessions."""
        key, timers = instrument.instrument_id, self.timers
        if instrument.is_sweeping:
            timers.arm(Timer.SWEEP, key, 0)
        if instrument.paused_until_ns:
            timers.arm(Timer.PAUSE, key, instrument.paused_until_ns)
        if instrument.sessions and instrument.sessions[0].close_ns <= timers.seen_ns:
            timers.arm(Timer.DAY_END, key, instrument.sessions[0].close_ns)
        boundary_ns = next_boundary_ns(instrument.sessions, timers.seen_ns)
        if boundary_ns is not None:
            timers.arm(Timer.SESSION, key, boundary_ns)

    def arm_dead_man(self, account: Account) -> None:
        if account.dead_man_ns:
            self.timers.arm(Timer.DEAD_MAN, account.account_id, account.dead_man_ns)

    def arm_expiry(self, order: Order) -> None:
        if order.terms is not None and order.terms.expires_ns and order.status in OPEN:
            self.timers.arm(Timer.EXPIRY, order.order_id, order.terms.expires_ns)

    # Reading

    def has_account(self, account_id: int) -> bool:
        return account_id in self.accounts

    def knows_order(self, order_id: int) -> bool:
        return order_id in self.orders

    def instrument_by_symbol(self, symbol: str) -> Instrument | None:
        return self.instruments_by_symbol.get(symbol)

    def asset_by_code(self, code: str) -> Asset | None:
        return self.assets_by_code.get(code)

    def level_lots(self, instrument_id: int, side: Side, ticks: int) -> int:
        """The customers' total at a price, 0 when there is none."""
        level = self.books[instrument_id].side(side).level(ticks)
        return 0 if level is None else level.lots

    def best(self, instrument_id: int) -> tuple[int | None, int | None]:
        """The customers' best bid and best ask, in ticks."""
        book = self.books[instrument_id]
        bid, ask = book.bids.best(), book.asks.best()
        return (None if bid is None else bid.ticks, None if ask is None else ask.ticks)

    def is_trading(self, instrument: Instrument) -> bool:
        """Whether the house stands behind the book, and what waits may be set off: OPEN, and the venue not killed."""
        return instrument.trading_state is TRADING and not self.is_killed

    def house_ladder(self, instrument: Instrument, side: Side, now_ns: int) -> list[Rung]:
        """What the house offers on its side ``side`` now: nothing when its quote is stale or the instrument is not open."""
        house = self.houses[instrument.instrument_id]
        quote = house.quote
        if quote is None:
            return []
        self.changes.quotes_read[instrument.instrument_id] = quote
        if instrument.trading_state is not TRADING or self.is_killed or not is_fresh(quote, now_ns, HOUSE_AGE_NS_MAX):
            return []
        return house.ladder(side, instrument.ladder_step_ticks)

    # Writing

    def next_sequence(self) -> int:
        self.sequence += 1
        return self.sequence

    def balance(self, account: Account, asset_id: int) -> Balance:
        """The account's ledger account of an asset, made when there is none, and marked as changed."""
        balance = account.balances.get(asset_id)
        if balance is None:
            overdrawable = account.account_id in self._overdrawable
            balance = Balance(self.next_sequence(), account.account_id, asset_id, overdrawable)
            account.balances[asset_id] = balance
            self._new.add(balance.ledger_account_id)
            self.changes.new_balances.append(balance)
        elif balance.ledger_account_id not in self._new:
            self.changes.changed_balances[balance.ledger_account_id] = balance
        return balance

    def add_order(self, order: Order) -> None:
        self.orders[order.order_id] = order
        self._new.add(order.order_id)
        self.changes.new_orders.append(order)

    def mark_order(self, order: Order) -> None:
        if order.order_id not in self._new:
            self.changes.changed_orders[order.order_id] = order

    def mark_amended(self, order: Order) -> None:
        """Its quantity or its price is another."""
        if order.order_id not in self._new:
            self.changes.amended_orders[order.order_id] = order
            self.changes.changed_orders[order.order_id] = order

    def mark_instrument(self, instrument: Instrument) -> None:
        if not any(new is instrument for new in self.changes.new_instruments):
            self.changes.changed_instruments[instrument.instrument_id] = instrument

    def mark_terms(self, order: Order) -> None:
        """They are new, or others than they were."""
        self.changes.changed_terms[order.order_id] = order
        self.arm_expiry(order)

    def join_link(self, order: Order, terms: Terms) -> None:
        """The order is open and has a link: the others of it are its siblings from now on."""
        self.links.setdefault(terms.link_id, []).append(order)
        if terms.parent_id:
            self.exits[terms.parent_id] = terms.link_id

    def leave_link(self, order: Order, terms: Terms) -> None:
        """The order has ended, and holds nothing any more."""
        members = [member for member in self.links[terms.link_id] if member is not order]
        if members:
            self.links[terms.link_id] = members
            return
        del self.links[terms.link_id]
        if terms.parent_id:
            del self.exits[terms.parent_id]
            if terms.parent_id not in self.orders:  # one that is open may fill further
                self.bought.pop(terms.parent_id, None)

    def siblings(self, order: Order) -> list[Order]:
        """The other open orders of its link, oldest first."""
        members = () if order.terms is None else self.links.get(order.terms.link_id, ())
        return sorted((member for member in members if member is not order), key=lambda member: member.order_id)

    def end_order(self, order: Order) -> None:
        """The order is final: it is forgotten when the batch is taken."""
        self._ended.append(order.order_id)
        if order.terms is not None and order.terms.expires_ns:
            self.timers.disarm(Timer.EXPIRY, order.order_id)

    def mark_level(self, order: Order) -> None:
        self.changes.levels[(order.instrument.instrument_id, order.side, order.ticks)] = None

    def tell_account(self, account: Account, kind: str, cause: Cause, order: Order | None, fields: dict[str, object]) -> None:
        """Record one event of an account. The account itself counts as changed only when its status does: its sequence is
        stored with the event."""
        account.sequence += 1
        instrument = None if order is None else order.instrument
        self.sequence += 1
        self.changes.events.append(
            EventRow(
                self.sequence,
                kind,
                cause.now_ns,
                cause.command_id,
                cause.correlation_id,
                account.account_id,
                account.sequence,
                order,
                instrument,
                fields,
            )
        )

    def tell_instrument(self, instrument: Instrument, kind: str, cause: Cause, fields: dict[str, object]) -> None:
        """Record one event of an instrument."""
        row = EventRow(
            self.next_sequence(), kind, cause.now_ns, cause.command_id, cause.correlation_id, None, 0, None, instrument, fields
        )
        self.changes.events.append(row)
