"""Who: users (a login) and their trading accounts.

Users are written here; the trading state of an account is written by the engine alone.
"""
