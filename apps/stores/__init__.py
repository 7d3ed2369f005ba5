"""Postgres and Redis as every request needs them: the backends that the settings name, and the few statements made every time."""
