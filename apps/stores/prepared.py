"""Statements that are made with nearly every request: one round trip of a statement that Postgres has planned already.

To plan a join of four small tables takes Postgres five times as long as to run it, and to make the same query anew takes the ORM
longer than both. So the statements that every page begins with are written out, and read into the models' own instances.
"""

import functools
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from apps.stores.postgres.base import DatabaseWrapper


@functools.cache
def columns(model: type[Model], alias: str) -> str:
    """Every column of ``model`` by name, of the table that the statement calls ``alias``."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


@functools.cache
def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def fetch_row(sql: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row of a constant statement; None when there is none."""
    connection = connections[DEFAULT_DB_ALIAS]
    if not isinstance(connection, DatabaseWrapper):
        raise ImproperlyConfigured(f"the database must be apps.stores.postgres, was {connection.settings_dict['ENGINE']}")
    with connection.prepared_cursor() as cursor:
        cursor.execute(sql, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def instances(row: Sequence[Any], *models: type[Model]) -> list[Any]:
    """What ``row`` holds of each of ``models``, whose :func:`columns` follow each other; None where a join found nothing."""
    found, start = [], 0
    for model in models:
        names = _names(model)
        values = row[start : start + len(names)]
        start += len(names)
        # Every model here has its key first.
        found.append(None if values[0] is None else model.from_db(DEFAULT_DB_ALIAS, names, values))
    return found
