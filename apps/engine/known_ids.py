"""Which client order ids were used, as far as memory goes: most new orders need no query to be known as new."""

from collections.abc import Iterable

from apps.engine.store import IDS_PER_ACCOUNT

#: How many of an account are kept before the oldest are left to the database.
IDS_KEPT_MAX = 4 * IDS_PER_ACCOUNT
#: And of all accounts: about 100 MB. Beyond, those of the accounts that came first are left to the database.
IDS_TOTAL_MAX = 1_000_000


class _Ids:
    """Those of an account. When not ``complete``, an id that is not here may still be in the database."""

    __slots__ = ("complete", "names")

    def __init__(self, names: Iterable[str], complete: bool) -> None:
        self.names = dict.fromkeys(names)
        self.complete = complete


class KnownIds:
    def __init__(self) -> None:
        self._accounts: dict[int, _Ids] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def load(self, account_id: int, names: Iterable[str], *, complete: bool) -> None:
        """Take an account's newest ids; ``complete`` says that it has no others."""
        before = self._accounts.pop(account_id, None)
        ids = self._accounts[account_id] = _Ids(names, complete)
        self._count += len(ids.names) - (len(before.names) if before else 0)
        if self._count > IDS_TOTAL_MAX:
            self._forget()

    def add(self, account_id: int, name: str) -> None:
        """An order was decided. The account was loaded before."""
        ids = self._accounts[account_id]
        before = len(ids.names)
        ids.names[name] = None
        if len(ids.names) > IDS_KEPT_MAX:
            del ids.names[next(iter(ids.names))]
            ids.complete = False
        self._count += len(ids.names) - before
        if self._count > IDS_TOTAL_MAX:
            self._forget()

    def may_be_used(self, account_id: int, name: str) -> bool:
        """Whether the id was used, or nobody here knows; False is certain. Of an account that is not loaded: False."""
        ids = self._accounts.get(account_id)
        return ids is not None and (name in ids.names or not ids.complete)

    def _forget(self) -> None:
        """A tenth at once, so that it is done rarely."""
        for ids in self._accounts.values():
            if self._count <= IDS_TOTAL_MAX * 9 // 10:
                return
            if ids.names:
                self._count -= len(ids.names)
                ids.names, ids.complete = {}, False
