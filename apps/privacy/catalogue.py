"""Every table that has rows of a person's: how they are found without reading anybody else's, and what a deletion does with them.

Names of tables and columns are this file's own words. A column that is a secret, or another person's, is left out of the file
by its name. What a deletion leaves of texts is told column by column in ``texts``.
"""

from dataclasses import dataclass
from enum import StrEnum


class Owner(StrEnum):
    """Whose id the column ``owned_by`` has."""

    USER = "user"
    ACCOUNT = "account"
    LEDGER_ACCOUNT = "ledger account"


class Fate(StrEnum):
    """What a deletion does with the rows. OVERWRITTEN ones have a statement in ``erasing``; the books STAY, by numbers alone."""

    REMOVED = "removed"
    OVERWRITTEN = "overwritten"
    STAYS = "stays"


REMOVED, OVERWRITTEN, STAYS = Fate.REMOVED, Fate.OVERWRITTEN, Fate.STAYS


@dataclass(frozen=True, slots=True)
class Child:
    """Rows of another table whose ``key`` is the column ``of`` of the rows of a part."""

    name: str
    table: str
    fate: Fate
    key: str
    of: str = "id"


@dataclass(frozen=True, slots=True)
class Part:
    """One table. ``walk`` is a column behind the owner in an index: a part that grows is read along it, in chunks; empty for the
    few rows of one that does not. ``documents`` are texts that are JSON themselves."""

    name: str
    table: str
    fate: Fate
    owner: Owner
    owned_by: str
    walk: str = ""
    without: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    children: tuple[Child, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A table with a column of a person's or an account's that is not in the file, and why. ``found`` are the rows that a
    deletion removes, in SQL, by ``%(user_id)s`` and ``%(account_id)s``."""

    why: str
    fate: Fate = Fate.STAYS
    found: str = ""


PARTS: tuple[Part, ...] = (
    Part("person", "accounts_user", OVERWRITTEN, Owner.USER, "id", without=("password",)),
    Part("account", "accounts_account", STAYS, Owner.ACCOUNT, "id"),
    Part("email_address", "account_emailaddress", REMOVED, Owner.USER, "user_id"),
    Part("second_factor", "mfa_authenticator", REMOVED, Owner.USER, "user_id", without=("data",)),
    Part("log_in", "usersessions_usersession", REMOVED, Owner.USER, "user_id", without=("session_key",)),
    Part("api_key", "accounts_apikey", REMOVED, Owner.ACCOUNT, "account_id", without=("digest", "form_id")),
    Part("trading_preferences", "accounts_tradingpreferences", REMOVED, Owner.ACCOUNT, "account_id"),
    Part("default_size", "accounts_defaultsize", REMOVED, Owner.ACCOUNT, "preferences_id"),
    Part(
        "order", "orders_order", STAYS, Owner.ACCOUNT, "account_id", walk="id",
        children=(
            Child("order_terms", "orders_orderterms", STAYS, "order_id"),
            Child("order_receipt", "receipts_receipt", REMOVED, "order_id"),
            Child("order_shown_quote", "receipts_shownquote", REMOVED, "order_id"),
        ),
    ),
    Part("event", "orders_accountevent", STAYS, Owner.ACCOUNT, "account_id", walk="account_sequence", documents=("data",)),
    Part("balance", "ledger_ledgeraccount", STAYS, Owner.ACCOUNT, "account_id"),
    Part(
        "posting", "ledger_posting", STAYS, Owner.LEDGER_ACCOUNT, "ledger_account_id", walk="transfer_id",
        children=(Child("transfer", "ledger_transfer", STAYS, "id", of="transfer_id"),),
    ),
    Part(
        "daily_statement", "ledger_dailystatement", STAYS, Owner.ACCOUNT, "account_id", walk="day",
        children=(Child("daily_statement_line", "ledger_dailystatementline", STAYS, "statement_id"),),
    ),
    Part("position", "portfolio_position", STAYS, Owner.ACCOUNT, "account_id"),
    Part("equity", "portfolio_equitysnapshot", STAYS, Owner.ACCOUNT, "account_id", walk="day"),
    Part("price_alert", "alerts_pricealert", REMOVED, Owner.ACCOUNT, "account_id"),
    Part("alert_firing", "alerts_firing", REMOVED, Owner.ACCOUNT, "account_id", walk="id"),
    Part("order_alert", "alerts_orderalert", REMOVED, Owner.ACCOUNT, "account_id"),
    Part("alert_settings", "alerts_alertsettings", REMOVED, Owner.ACCOUNT, "account_id"),
    Part("notice", "alerts_notice", REMOVED, Owner.ACCOUNT, "account_id", walk="sequence"),
    Part("mail", "alerts_mail", REMOVED, Owner.ACCOUNT, "account_id"),
    Part(
        "watchlist", "watchlists_watchlist", REMOVED, Owner.ACCOUNT, "account_id",
        children=(Child("watchlist_entry", "watchlists_watchlistentry", REMOVED, "watchlist_id"),),
    ),
    # Who of the staff it was stays with the house, as on the page of looks.
    Part(
        "look", "backoffice_trailentry", OVERWRITTEN, Owner.ACCOUNT, "account_id", walk="id",
        without=("actor_id", "command_id", "before", "after"),
    ),
    Part("deletion", "privacy_deletion", STAYS, Owner.USER, "user_id"),
)  # fmt: skip

#: Tables with a column of a person's or an account's that are not in the file.
LEFT_OUT: dict[str, LeftOut] = {
    "account_emailconfirmation": LeftOut(
        "keys of links that are not sent: a code is", REMOVED,
        "email_address_id IN (SELECT id FROM account_emailaddress WHERE user_id = %(user_id)s)",
    ),
    "orders_fill": LeftOut("every fill is an event of its order, with price, quantity and fee"),
    "portfolio_positionfill": LeftOut("made from the fills, which are events"),
    "portfolio_accountprogress": LeftOut("how far a consumer has read"),
    "alerts_noticehead": LeftOut("the number of the newest notice", REMOVED, "account_id = %(account_id)s"),
    "engine_commandrecord": LeftOut("answers kept for repeats, of commands whose effect is in the events"),
    "backoffice_proposal": LeftOut("what staff proposed to each other; what was done is in the events and the transfers"),
    "backoffice_staffrequest": LeftOut("what staff asked each other, not what is stored of a person", OVERWRITTEN),
    "accounts_user_groups": LeftOut("nobody is in a group"),
    "accounts_user_user_permissions": LeftOut("nobody has a permission of their own"),
    "django_admin_log": LeftOut("of staff alone"),
}  # fmt: skip
