"""The event log in the Postgres that runs anyway: append-only tables, NOTIFY as the bell, session locks for the groups.

``producer`` appends, ``reader`` reads as a member of a group (``group``), ``retention`` removes what is old. The tables and the
function that appends are in migration ``0002_embedded_log``, which also says why they are as they are.
"""
