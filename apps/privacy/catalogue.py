"""Every table that has rows of a person's, and how they are found without reading anybody else's.

Names of tables and columns are this file's own words. A column that is a secret, or another person's, is left out by its name.
"""

from dataclasses import dataclass
from enum import StrEnum


class Owner(StrEnum):
    """Whose id the column ``owned_by`` has."""

    USER = "user"
    ACCOUNT = "account"
    LEDGER_ACCOUNT = "ledger account"


@dataclass(frozen=True, slots=True)
class Child:
    """Rows of another table whose ``key`` is the column ``of`` of the rows of a part."""

    name: str
    table: str
    key: str
    of: str = "id"


@dataclass(frozen=True, slots=True)
class Part:
    """One table. ``walk`` is a column behind the owner in an index: a part that grows is read along it, in chunks; empty for the
    few rows of one that does not. ``documents`` are texts that are JSON themselves."""

    name: str
    table: str
    owner: Owner
    owned_by: str
    walk: str = ""
    without: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    children: tuple[Child, ...] = ()


PARTS: tuple[Part, ...] = (
    Part("person", "accounts_user", Owner.USER, "id", without=("password",)),
    Part("account", "accounts_account", Owner.ACCOUNT, "id"),
    Part("email_address", "account_emailaddress", Owner.USER, "user_id"),
    Part("second_factor", "mfa_authenticator", Owner.USER, "user_id", without=("data",)),
    Part("log_in", "usersessions_usersession", Owner.USER, "user_id", without=("session_key",)),
    Part("api_key", "accounts_apikey", Owner.ACCOUNT, "account_id", without=("digest", "form_id")),
    Part("trading_preferences", "accounts_tradingpreferences", Owner.ACCOUNT, "account_id"),
    Part("default_size", "accounts_defaultsize", Owner.ACCOUNT, "preferences_id"),
    Part(
        "order", "orders_order", Owner.ACCOUNT, "account_id", walk="id",
        children=(
            Child("order_terms", "orders_orderterms", "order_id"),
            Child("order_receipt", "receipts_receipt", "order_id"),
            Child("order_shown_quote", "receipts_shownquote", "order_id"),
        ),
    ),
    Part("event", "orders_accountevent", Owner.ACCOUNT, "account_id", walk="account_sequence", documents=("data",)),
    Part("balance", "ledger_ledgeraccount", Owner.ACCOUNT, "account_id"),
    Part(
        "posting", "ledger_posting", Owner.LEDGER_ACCOUNT, "ledger_account_id", walk="transfer_id",
        children=(Child("transfer", "ledger_transfer", "id", of="transfer_id"),),
    ),
    Part(
        "daily_statement", "ledger_dailystatement", Owner.ACCOUNT, "account_id", walk="day",
        children=(Child("daily_statement_line", "ledger_dailystatementline", "statement_id"),),
    ),
    Part("position", "portfolio_position", Owner.ACCOUNT, "account_id"),
    Part("equity", "portfolio_equitysnapshot", Owner.ACCOUNT, "account_id", walk="day"),
    Part("price_alert", "alerts_pricealert", Owner.ACCOUNT, "account_id"),
    Part("alert_firing", "alerts_firing", Owner.ACCOUNT, "account_id", walk="id"),
    Part("order_alert", "alerts_orderalert", Owner.ACCOUNT, "account_id"),
    Part("alert_settings", "alerts_alertsettings", Owner.ACCOUNT, "account_id"),
    Part("notice", "alerts_notice", Owner.ACCOUNT, "account_id", walk="sequence"),
    Part("mail", "alerts_mail", Owner.ACCOUNT, "account_id"),
    Part(
        "watchlist", "watchlists_watchlist", Owner.ACCOUNT, "account_id",
        children=(Child("watchlist_entry", "watchlists_watchlistentry", "watchlist_id"),),
    ),
    # Who of the staff it was stays with the house, as on the page of looks.
    Part(
        "look", "backoffice_trailentry", Owner.ACCOUNT, "account_id", walk="id",
        without=("actor_id", "command_id", "before", "after"),
    ),
)  # fmt: skip

#: Tables with a column of a person's or an account's that are not in the file, and why.
LEFT_OUT: dict[str, str] = {
    "orders_fill": "every fill is an event of its order, with price, quantity and fee",
    "portfolio_positionfill": "made from the fills, which are events",
    "portfolio_accountprogress": "how far a consumer has read",
    "alerts_noticehead": "the number of the newest notice",
    "engine_commandrecord": "answers kept for repeats, of commands whose effect is in the events",
    "backoffice_proposal": "what staff proposed to each other; what was done is in the looks, the events and the transfers",
    "backoffice_staffrequest": "what staff asked each other, not what is stored of a person",
    "accounts_user_groups": "nobody is in a group",
    "accounts_user_user_permissions": "nobody has a permission of their own",
    "django_admin_log": "of staff alone",
    "receipts_receipt": "with its order",
    "receipts_shownquote": "with its order",
}
