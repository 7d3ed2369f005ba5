"""The whole story of an order for an engineer, in order: from the database, the processes' logs, and the topics.

Owns no table and no page: ``manage.py trace`` is the one way in. It reads, all that it reads is bounded, and where something is
missing it says so: a log that was rotated away, a topic that does not answer.
"""
