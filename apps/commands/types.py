"""Commands, as they cross the engine's socket; ``answers`` has what comes back.

Frozen, versioned by their tag, refusing unknown fields. Numbers are strings, read by the engine with the strict parser of
``core.numbers``. ``command_id`` is made by the caller before sending, kept by it until a definite answer, and is the client
order id of an order: letters, digits, ``-`` and ``_``, 1 to 48 of them.
"""

import msgspec

from apps.core.enums import OrderType, Role, SelfTradePrevention, Side, TimeInForce, TradingState

COMMAND_ID_PATTERN = r"[A-Za-z0-9_-]{1,48}"
#: What a reason given by staff may be long, in characters.
REASON_LENGTH_MIN = 3
REASON_LENGTH_MAX = 200
#: How many sessions of an instrument are known ahead: two weeks and a little.
SESSIONS_MAX = 16
#: Orders a second that one account may send: the venue's limit, below which an account may have its own.
ORDERS_PER_SECOND_MAX = 50
#: What a customer may deposit with one command, in whole units of the asset: it is paper money.
CUSTOMER_DEPOSIT_MAX = 1_000_000
#: Longest dead man's switch, and the shortest that a renewal over a network can meet.
DEAD_MAN_SECONDS_MIN = 2
DEAD_MAN_SECONDS_MAX = 3600


class Actor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """Who asks. The engine checks it again: a customer acts on the own account only."""

    user_id: int | None
    role: Role


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type"):
    command_id: str
    actor: Actor
    correlation_id: str = ""


class FourEyes(Command, frozen=True, kw_only=True):
    """What one person of the venue asks for and another approves: it gives money or a right, or takes a safeguard away.

    ``actor`` proposed it. The engine does it for an admin only with an ``approver_id`` that is another person's; the house's own
    processes (SYSTEM) name none. Left out it is not sent at all, so that an engine that does not know it reads the command.
    """

    approver_id: int | msgspec.UnsetType = msgspec.UNSET


class OpenAccount(Command, frozen=True, tag="OPEN_ACCOUNT"):
    """Make a PENDING_FUNDING account ACTIVE. The row exists already: sign-up made it."""

    account_id: int


class Deposit(Command, frozen=True, tag="DEPOSIT"):
    account_id: int
    asset: str
    amount: str
    memo: str = ""


class Withdraw(Command, frozen=True, tag="WITHDRAW"):
    account_id: int
    asset: str
    amount: str
    memo: str = ""


class Leg(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of two orders that cancel each other. What each type needs is the same as in :class:`SubmitOrder`."""

    order_type: OrderType
    price: str | None = None
    trigger_price: str | None = None
    trail_amount: str | None = None
    trail_bps: int | None = None


class Bracket(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The exits of a bought position: made when the entry fills, sized by what it filled, cancelling each other.

    ``target`` is a LIMIT or TAKE_PROFIT leg, ``stop`` one of the stops; at least one is given.
    """

    target: Leg | None = None
    stop: Leg | None = None


class SubmitOrder(Command, frozen=True, tag="SUBMIT_ORDER"):
    """``price`` is of LIMIT and STOP_LIMIT; ``trigger_price`` of STOP, STOP_LIMIT and TAKE_PROFIT; a TRAILING_STOP has either
    ``trail_amount``, in the quote asset, or ``trail_bps`` of the reference; ``expires_at_ns`` (since 1970) is of GTD."""

    account_id: int
    symbol: str
    side: Side
    order_type: OrderType
    quantity: str
    price: str | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    trigger_price: str | None = None
    trail_amount: str | None = None
    trail_bps: int | None = None
    expires_at_ns: int | None = None
    post_only: bool = False
    reduce_only: bool = False
    bracket: Bracket | None = None


class SubmitPair(Command, frozen=True, tag="SUBMIT_PAIR"):
    """One-cancels-other: two orders of one side, instrument and quantity, at most one of them a LIMIT.

    What fills one takes the same quantity off the other; when one triggers or ends, the other is canceled. With ``post_only`` the
    LIMIT may only rest: where it would trade at once, neither is taken.
    """

    account_id: int
    symbol: str
    side: Side
    quantity: str
    first: Leg
    second: Leg
    time_in_force: TimeInForce = TimeInForce.GTC
    expires_at_ns: int | None = None
    post_only: bool = False


class AmendOrder(Command, frozen=True, tag="AMEND_ORDER"):
    """Change an open order in place. None keeps what is; ``quantity`` counts what is filled already.

    A smaller quantity alone keeps the order's place in the queue; anything else takes a new one at the end.
    """

    account_id: int
    order_id: int
    quantity: str | None = None
    price: str | None = None
    trigger_price: str | None = None


class CancelOrder(Command, frozen=True, tag="CANCEL_ORDER"):
    account_id: int
    order_id: int


class CancelAll(Command, frozen=True, tag="CANCEL_ALL"):
    """Cancel every open order of the account; ``symbol`` and ``side`` narrow it."""

    account_id: int
    symbol: str | None = None
    side: Side | None = None


class ClosePosition(Command, frozen=True, tag="CLOSE_POSITION"):
    """Cancel the account's open sells of the instrument, then sell all of it at the market. The order's id is the command's."""

    account_id: int
    symbol: str


class CloseId(Command, frozen=True, tag="CLOSE_ID"):
    """Take the id for nothing, so that a command whose answer was lost is never done later. A conflict says that it was decided.

    The id of an order that is no closing is closed with an order (``orders.services.close_lost_id``): only an order takes it.
    """

    account_id: int


class SetSelfTradePrevention(Command, frozen=True, tag="SET_SELF_TRADE_PREVENTION"):
    account_id: int
    mode: SelfTradePrevention


class SetDeadMansSwitch(Command, frozen=True, tag="SET_DEAD_MANS_SWITCH"):
    """All open orders are canceled unless this is sent again within ``seconds``; 0 switches it off."""

    account_id: int
    seconds: int


class PreviewOrder(Command, frozen=True, tag="PREVIEW_ORDER"):
    """What ``order`` would do now. Nothing is stored, and nothing is promised."""

    order: SubmitOrder


# What follows is for the venue's own people and processes. A ``reason`` is printable text of REASON_LENGTH_MIN to
# REASON_LENGTH_MAX characters; it is stored with the event, and the customer reads it.


class SuspendAccount(Command, frozen=True, tag="SUSPEND_ACCOUNT"):
    """``cancel_orders`` is the kill switch of one account: its open orders are canceled in the same step."""

    account_id: int
    reason: str
    cancel_orders: bool = False


class ReinstateAccount(FourEyes, frozen=True, tag="REINSTATE_ACCOUNT"):
    """Make a SUSPENDED account ACTIVE again."""

    account_id: int
    reason: str


class SetAccountLimits(FourEyes, frozen=True, tag="SET_ACCOUNT_LIMITS"):
    """Limits of one account, below the venue's own; None is the venue's. All are set, whatever they were before.

    ``max_order_notional`` is the largest value of one order, in the quote asset of whatever instrument it is for;
    ``orders_per_second``, from 1 on, counts whatever runs risk and matching.
    """

    account_id: int
    max_open_orders: int | None
    max_order_notional: str | None
    reason: str
    orders_per_second: int | None = None


class AdjustBalance(FourEyes, frozen=True, tag="ADJUST_BALANCE"):
    """Correct a balance. ``amount`` is signed and not zero: ``"-12.5"`` takes what is available, never what is held."""

    account_id: int
    asset: str
    amount: str
    reason: str


class ForceCancelOrder(Command, frozen=True, tag="FORCE_CANCEL_ORDER"):
    """Cancel with words for the customer. Answered like CANCEL_ORDER."""

    account_id: int
    order_id: int
    reason: str


class HaltInstrument(Command, frozen=True, tag="HALT_INSTRUMENT"):
    """``cancel_orders`` is the kill switch of one instrument: its open orders are canceled, some hundred a batch."""

    symbol: str
    reason: str
    cancel_orders: bool = False


class ResumeInstrument(FourEyes, frozen=True, tag="RESUME_INSTRUMENT"):
    symbol: str
    reason: str


class PauseInstrument(Command, frozen=True, tag="PAUSE_INSTRUMENT"):
    """Halt for a while because of a tick outside the band; the engine's own, and undone by its own clock."""

    symbol: str
    seconds: int
    reason: str


class SetTradingState(Command, frozen=True, tag="SET_TRADING_STATE"):
    """Move the instrument to ``state``; PRE_OPEN, OPEN and CLOSED only: halts have their own commands."""

    symbol: str
    state: TradingState
    reason: str


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """One trading session, in nanoseconds since 1970: PRE_OPEN, OPEN, then CLOSED."""

    pre_open_ns: int
    open_ns: int
    close_ns: int


class SetSessions(Command, frozen=True, tag="SET_SESSIONS"):
    """The instrument's sessions from now on, in place of those that were known; at most SESSIONS_MAX, in order, not overlapping.

    With ``around_the_clock`` the instrument never closes: a session's end only expires DAY orders.
    """

    symbol: str
    sessions: list[Session]
    around_the_clock: bool = False


class KillVenue(Command, frozen=True, tag="KILL_VENUE"):
    """Refuse every new order from now on, and cancel all open ones, some hundred a batch."""

    reason: str


class RestoreVenue(FourEyes, frozen=True, tag="RESTORE_VENUE"):
    reason: str


class SetInstrumentLimits(FourEyes, frozen=True, tag="SET_INSTRUMENT_LIMITS"):
    """Change what one order may be at most, and how far from the market. Open orders stay as they are."""

    symbol: str
    max_quantity: str
    max_notional: str
    collar_bps: int
    reason: str
    band_bps: int | None = None  # how far one tick may be from the one before it; None leaves it as it is


class ConfigureInstrument(FourEyes, frozen=True, tag="CONFIGURE_INSTRUMENT"):
    """Create an instrument (and its assets), or change one. A tick or a lot changes only while CLOSED without open orders."""

    symbol: str
    name: str
    asset_class: str
    base: str
    base_name: str
    base_decimals: int
    quote: str
    quote_name: str
    quote_decimals: int
    tick_size: str
    lot_size: str
    max_quantity: str
    max_notional: str
    collar_bps: int
    maker_fee_ppm: int
    taker_fee_ppm: int
    ladder_step_ticks: int
    band_bps: int = 1000
    calendar: str = "24x7"  # or an exchange's code, such as XNYS: by it a job makes the instrument's sessions


AnyCommand = (
    OpenAccount
    | Deposit
    | Withdraw
    | SuspendAccount
    | ReinstateAccount
    | SetAccountLimits
    | AdjustBalance
    | SubmitOrder
    | SubmitPair
    | AmendOrder
    | CancelOrder
    | CancelAll
    | ClosePosition
    | PreviewOrder
    | CloseId
    | SetSelfTradePrevention
    | SetDeadMansSwitch
    | ForceCancelOrder
    | PauseInstrument
    | SetTradingState
    | SetSessions
    | KillVenue
    | RestoreVenue
    | HaltInstrument
    | ResumeInstrument
    | SetInstrumentLimits
    | ConfigureInstrument
)
