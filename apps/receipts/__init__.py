"""An order's receipt: when it was clicked, received, pushed and painted. (When it was committed, the order itself says.)

Owns one table, a row an order, in which each instant is written once. Promises that no order waits for it: what is known is noted
in memory and written later by a thread of its own, in batches, bounded; what finds no room is left out and counted. Servers write
what servers know; what a browser claims is kept apart, must be plausible beside it, and only adds to a row of its own account.
May import ``accounts``, ``commands``, ``observability`` and ``core``; every door that takes or pushes orders imports it.
"""
