"""Copies of the books, and what is made again from what.

Owns the backups of the database (making, checking, restoring them) and the commands that make projections and the event log
anew. It promises that a backup which was reported as made can be restored, that a restored database gives no number out twice,
and that what is derived comes out the same again. It has no tables, and stands above everything whose tables it brings back.
"""
