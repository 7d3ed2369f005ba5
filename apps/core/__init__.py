"""Pure values: strict numbers, ticks and lots, checks, enums, the clock, the house's ladder.

Owns no table and no I/O, knows no framework, and may be imported by every other app; imports none of them.
"""
