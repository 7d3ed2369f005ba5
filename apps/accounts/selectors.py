"""Who trades, as plain values. Models stay inside this app."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.accounts.models import Account, AccountKind
from apps.core.enums import AccountStatus, SelfTradePrevention


class AccountNotFoundError(LookupError):
    """There is no such account."""


@dataclass(frozen=True, slots=True)
class AccountView:
    """A trading account of a person. ``funded`` is false until the engine has answered for the paper deposit.

    The limits are the account's own, None where the venue's hold; a notional is in the quote currency of the order.
    ``dead_man_at`` is when its dead man's switch cancels all open orders, None while it is off.
    """

    id: int
    user_id: int
    status: AccountStatus
    funded: bool
    opened_at: datetime
    max_open_orders: int | None
    max_order_notional: Decimal | None
    self_trade_prevention: SelfTradePrevention
    dead_man_at: datetime | None = None

    @property
    def may_trade(self) -> bool:
        return self.status is AccountStatus.ACTIVE


def get_account_of_user(user_id: int) -> AccountView | None:
    """Return the user's trading account, or None for those who have none: support and admins."""
    row = Account.objects.filter(user_id=user_id, kind=AccountKind.CUSTOMER).first()
    return account_view(row) if row else None


def list_customer_account_ids(after: int = 0, limit: int = 500) -> tuple[int, ...]:
    """Ids of customers' accounts above ``after``, rising: the next page of all of them, by keyset."""
    rows = Account.objects.filter(kind=AccountKind.CUSTOMER, pk__gt=after).order_by("pk")
    return tuple(rows.values_list("pk", flat=True)[: max(1, min(limit, 10_000))])


def account_view(row: Account) -> AccountView:
    """What others may know of ``row``."""
    if row.user_id is None:
        raise AccountNotFoundError(f"account {row.pk} belongs to nobody")
    return AccountView(
        id=row.pk,
        user_id=row.user_id,
        status=AccountStatus(row.status),
        funded=row.paper_deposit_at is not None,
        opened_at=row.opened_at,
        max_open_orders=row.max_open_orders,
        max_order_notional=row.max_order_notional,
        self_trade_prevention=SelfTradePrevention(row.self_trade_prevention),
        dead_man_at=row.dead_man_at,
    )
