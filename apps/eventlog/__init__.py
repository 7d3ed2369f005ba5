"""The event log: topics, message schemas, outbox, relay, consumer runner, registry; and the two logs it can be on.

Promises that every event is published at least once and in order by key, and applied once: a consumer's position is stored
in the same transaction as its effect. Imports ``observability`` and ``core`` only.

To read the log, write a ``handler.Handler`` and name it in ``registry``; to write to it without an outbox (market data), use
``producer``. What is on which topic is in ``topics``, how it looks in ``schemas``. What a log must be able to do is ``port``;
``kafka`` and ``embedded`` do it, ``log`` chooses, and nobody else knows which one it is.
"""
