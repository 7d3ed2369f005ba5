"""WebSockets only: from the newest prices to the browser, and from an account's events to its owner.

Owns the ``/stream`` socket, the hub (one per process), the realtime handler, and the ticket that names who connects.
Promises: a slow socket never delays another one and never grows memory; prices are latest-wins; account events arrive in order
and without a gap, read from Postgres. Redis only carries and rings; losing it loses nothing. The only importer of Channels
beside ``tredye/asgi.py``; the socket side uses no ORM. May import ``eventlog`` (the handler's contract and the messages),
``receipts`` (to note what was pushed), ``observability`` and ``core``; what it reads of other apps' tables is plain SQL in
``reader``.
"""
