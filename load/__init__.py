"""What the product does under load: ``make load LANE=…``, told in docs/load.md.

Clients in processes of their own offer a lane's load to a stack that runs or that is started for it, open loop: what is due is
sent when it is due, however late the answers are, and a latency begins when the request was due. Meanwhile every process, the
database and the event log are looked at; afterwards the journal of what was asked and answered is held against the database. The
result is a report that needs no network, and ``results.json``, which another run is compared with.

The parent needs no Django: what does, runs in the stack's own environment (``load.people``, ``manage.py``).
"""
