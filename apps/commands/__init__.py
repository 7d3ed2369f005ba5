"""The only door to change money or orders: command and answer types, reason codes, and the client of the engine's socket.

Promises that the same command id always gets the same answer, and that a lost answer is never mistaken for a refusal.
"""
