"""The matching core: pure and deterministic. No framework, no I/O, no clock, no randomness; integers only.

Prices are ticks, quantities are lots, money of any asset is in units of 10**-8. The same inputs in the same order, with the same
``now_ns``, always make the same changes: that is what replay and recovery stand on.
"""
