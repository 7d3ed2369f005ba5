"""What closing all positions would send, as it stands now."""

from decimal import Decimal

from apps.portfolio.closing import Closing, plan
from apps.portfolio.selectors import get_portfolio


def list_closings(account_id: int, own_notional_max: Decimal | None) -> tuple[Closing, ...]:
    """``own_notional_max`` is the account's own limit of one order, None without one."""
    portfolio = get_portfolio(account_id)
    return plan(portfolio.positions, portfolio.balances, own_notional_max)
