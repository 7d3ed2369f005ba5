"""What a person keeps an eye on: named lists of instruments, in an order of their own, each account its own.

Owns lists and their entries, and nobody else needs to know of them but the pages. There are at most 20 lists an account and 100
instruments a list, because there are only so many places: the database has them counted.
"""
