"""The matching core: pure and deterministic. No framework, no I/O, no clock, no randomness; integers only.

Prices are ticks, quantities are lots, money of any asset is in units of 10**-8. The same inputs in the same order, with the same
``now_ns``, always make the same changes: that is what replay and recovery stand on.

``venue`` is the door. Behind it: ``memory`` (what is known, and the record of what changes), ``orders``, ``accounts`` and
``instruments`` (the commands), ``risk`` (may it enter), ``trading`` over ``book`` and ``house`` (who meets whom), ``money`` (what
moves), ``answers`` (strings in and out), ``invariants`` (the laws). ``state`` and ``changes`` are what the settlement reads.
"""
