"""Log-ins, kept in Postgres alone.

Pages must work while Redis is away, and a log-in that was ended must be over at once, so there is no copy in a cache.
"""

import re
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

_KEY = re.compile(r"[a-z0-9]{32}", re.ASCII)


class SessionStore(DatabaseStore):
    """Django's own store, but a key that it cannot have made is no key: a cookie may hold anything, a NUL among it."""

    def _validate_session_key(self, key: Any) -> bool:
        return isinstance(key, str) and _KEY.fullmatch(key) is not None
