"""How the running product does, for those who run it and for everybody: samples of all processes, and a week of their history.

Owns the samples (a row each 15 s, kept for two hours) and the slots (a row each quarter of an hour, kept for a week). They are
taken by a thread in beat's process, which has little else to do and needs neither Redis nor the event log for it; while
Postgres is away they wait in memory. May read what stands below it; writes nothing but its own tables.
"""
