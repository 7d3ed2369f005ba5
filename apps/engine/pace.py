"""How many orders an account may send in a second, counted by the engine's own clock.

Asked for a customer's commands that are new: a repeat of a known id is answered whatever the pace is, and a replay asks nobody,
since what was too fast was never journaled. Cancels are not counted: who wants out must get out.
"""

from apps.commands import types

#: Tokens that come each second, and how many fit.
PER_SECOND = 50
BURST = 200
#: Previews are apart: each costs what an order does, and leaves nothing.
PREVIEWS_PER_SECOND = 10
PREVIEWS_BURST = 20
#: What a token is taken for: everything that runs risk and matching.
COUNTED = frozenset({types.SubmitOrder, types.SubmitPair, types.AmendOrder, types.ClosePosition})
_MS = 1_000_000


class Pace:
    """Token buckets, each kept as the one instant at which it would be full again. One for an account in memory."""

    __slots__ = ("_ahead_ns", "_full_at_ns", "_interval_ns")

    def __init__(self, per_second: int, burst: int) -> None:
        self._interval_ns = 1_000_000_000 // per_second
        self._ahead_ns = burst * self._interval_ns
        self._full_at_ns: dict[int, int] = {}

    def wait_ms(self, account_id: int, now_ns: int) -> int:
        """Take a token; 0 when there was one, otherwise after how many milliseconds there is."""
        full_at_ns = self._full_at_ns.get(account_id, 0)
        if full_at_ns < now_ns:
            full_at_ns = now_ns
        full_at_ns += self._interval_ns
        too_far_ns = full_at_ns - now_ns - self._ahead_ns
        if too_far_ns > 0:
            return -(-too_far_ns // _MS)
        self._full_at_ns[account_id] = full_at_ns
        return 0
