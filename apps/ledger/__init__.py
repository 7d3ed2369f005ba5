"""How much: ledger accounts, transfers and postings. The money truth, double entry per asset, append-only.

Written by the engine alone, in the transaction that settles a batch. total = held + available, always.
"""
