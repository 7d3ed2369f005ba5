"""Log-ins, kept in Postgres alone.

Pages must work while Redis is away, and a log-in that was ended must be over at once, so there is no copy in a cache.
"""

import re
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from apps.accounts.models import Account, AccountKind, User
from apps.stores.prepared import columns, fetch_row, instances

_KEY = re.compile(r"[a-z0-9]{32}", re.ASCII)
#: The session, with the person that allauth noted to have it and that person's account: what nearly every page asks for next.
_SESSION = f"""
    SELECT session.session_data, {columns(User, "person")}, {columns(Account, "account")}
    FROM django_session AS session
    LEFT JOIN usersessions_usersession AS noted ON noted.session_key = session.session_key
    LEFT JOIN accounts_user AS person ON person.id = noted.user_id
    LEFT JOIN accounts_account AS account ON account.user_id = person.id AND account.kind = '{AccountKind.CUSTOMER}'
    WHERE session.session_key = %s AND session.expire_date > now()
"""  # noqa: S608 - made of our own names


class SessionStore(DatabaseStore):
    """Django's own store, but a key that it cannot have made is no key: a cookie may hold anything, a NUL among it.

    ``noted`` is whose log-in it is as far as the note of it tells, and that person's account, as they were when the session was
    loaded. That is no proof: who is logged in is what the session itself says, which is signed (``session_proof``).
    """

    noted: tuple[User, Account | None] | None = None

    def _validate_session_key(self, key: Any) -> bool:
        return isinstance(key, str) and _KEY.fullmatch(key) is not None

    def load(self) -> dict[str, Any]:
        row = fetch_row(_SESSION, [self.session_key])
        if row is None:
            self._session_key = None
            return {}
        person, account = instances(row[1:], User, Account)
        self.noted = None if person is None else (person, account)
        session: dict[str, Any] = self.decode(row[0])
        return session
