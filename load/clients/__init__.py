"""The clients, each a process of its own: ``python -m load.clients.NAME PLAN``, a file of JSON as :class:`load.plan.Plan` has
it.

A client says on its output, in lines of JSON, that it is ready, what each window of time brought, and at last what all did. It
begins at the moment that the file ``begin`` beside the plan names, so that all have one clock; told to end (SIGTERM), it ends
what is under way and says what there was until then.
"""
