"""How many orders an account may send in a second, counted by the engine's own clock: the venue's limit, or the account's own.

Asked for a customer's commands that are new: a repeat of a known id is answered whatever the pace is, and a replay asks nobody,
since what was too fast was never journaled. The cancel of one order is not counted: who wants out must get out. Cancels of
all have a bucket of their own, which no number of orders empties: each looks at every open order of the venue.
"""

from apps.commands import types
from apps.commands.types import ORDERS_PER_SECOND_MAX

#: So many seconds' worth of tokens fit, whatever the limit is.
SECONDS_AT_ONCE = 4
BURST = SECONDS_AT_ONCE * ORDERS_PER_SECOND_MAX
#: Previews are apart: each costs what an order does, and leaves nothing.
PREVIEWS_PER_SECOND = 10
PREVIEWS_AT_ONCE = 2
PREVIEWS_BURST = PREVIEWS_AT_ONCE * PREVIEWS_PER_SECOND
#: Cancels of all are apart too, whatever the account's own limit is.
CANCEL_ALLS_PER_SECOND = 5
CANCEL_ALLS_BURST = SECONDS_AT_ONCE * CANCEL_ALLS_PER_SECOND
#: What a token is taken for: everything that runs risk and matching.
COUNTED = frozenset({types.SubmitOrder, types.SubmitPair, types.AmendOrder, types.ClosePosition})
_MS = 1_000_000
_SECOND = 1000 * _MS


class Pace:
    """Token buckets, each kept as the one instant at which it would be full again. One for an account in memory.

    Each holds what comes in ``seconds_at_once``, so the instant stays right when the account's limit is changed.
    """

    __slots__ = ("_ahead_ns", "_full_at_ns")

    def __init__(self, seconds_at_once: int) -> None:
        self._ahead_ns = seconds_at_once * _SECOND
        self._full_at_ns: dict[int, int] = {}

    def wait_ms(self, account_id: int, per_second: int, now_ns: int) -> int:
        """Take one of the tokens that come ``per_second``; 0 when there was one, otherwise in how many milliseconds there is."""
        full_at_ns = self._full_at_ns.get(account_id, 0)
        if full_at_ns < now_ns:
            full_at_ns = now_ns
        full_at_ns += _SECOND // per_second
        too_far_ns = full_at_ns - now_ns - self._ahead_ns
        if too_far_ns > 0:
            return -(-too_far_ns // _MS)
        self._full_at_ns[account_id] = full_at_ns
        return 0
