"""What the tools of staff share: the trail of who looked and who did what, and why.

Imports ``commands``, ``observability`` and ``core`` only; people and their accounts are named by id.
"""
