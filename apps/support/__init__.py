"""The read-only console of support: find a customer or an order, and see everything that happened to it.

Owns no table. It reads through the selectors of other apps, in transactions that the database itself keeps from writing; the one
thing it writes is the trail of who looked at what and why, before it reads.
"""
