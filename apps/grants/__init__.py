"""The database's logins, one for each kind of process, and what each may do: what a process is not made for, PostgreSQL refuses.

``roles`` names them, ``table`` is the one list of what each may, ``granting`` brings a database to it: ``manage.py prepare`` and
``manage.py restore`` call it. The owner, whom ``DATABASE_URL`` names, may everything: migrations, and what an operator types.
"""
