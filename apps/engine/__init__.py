"""The venue: the one writer of money and orders.

``matching`` is pure and deterministic. Around it: the socket server, the settlement that writes a whole batch in one
transaction, recovery, fencing, and replay of the journal.
"""
