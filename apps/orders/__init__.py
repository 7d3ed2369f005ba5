"""What was asked and what became of it: orders, fills, trades, the events of an account, and the pages that show them.

Rows are written by the engine alone; this app reads them, and asks for changes through ``commands``.
"""
