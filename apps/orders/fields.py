"""Columns that hold something other than what Postgres makes of them."""

from typing import Any

import msgspec
from django.db import models


class DocumentField(models.TextField):  # type: ignore[type-arg]  # a stub has the parameters, Django itself has not
    """A JSON object, kept byte for byte as it was written. Read and written whole: Postgres neither parses nor searches it."""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        return None if value is None else msgspec.json.decode(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else msgspec.json.encode(value).decode()
