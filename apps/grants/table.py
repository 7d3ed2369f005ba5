"""Who may do what with which table and function: the one list. A new table gets a row here, or the build fails.

The pages, the console and the jobs read every table where its row says nothing else; everybody else, and whoever writes, may only
what it says. ``UPDATE(a, b)`` is of those columns alone. Nobody may TRUNCATE, or anything with what is not here.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from apps.grants.roles import Role

READ, ADD, ALL = "SELECT", "SELECT INSERT", "SELECT INSERT UPDATE DELETE"
KEEP = "SELECT INSERT UPDATE"
REMOVES = "SELECT DELETE"
NOTHING = ""
_WORD = re.compile(r"(SELECT|INSERT|UPDATE|DELETE)(?:\(([a-z_, ]+)\))?")


class Right(NamedTuple):
    """``column`` is empty where it is about whole rows."""

    privilege: str
    column: str = ""


Row = Mapping[Role, frozenset[Right]]


def read_rights(text: str) -> frozenset[Right]:
    """``SELECT UPDATE(a, b)`` as rights. Raises ValueError for anything else."""
    if _WORD.sub("", text).strip():
        raise ValueError(f"rights must be words such as {ALL}, was {text!r}")
    return frozenset(Right(word, column.strip()) for word, columns in _WORD.findall(text) for column in columns.split(","))


def row(*, web: str = READ, console: str = READ, jobs: str = READ, **others: str) -> Row:
    """What each may with one table; a role that is not named may nothing."""
    told = {"web": web, "console": console, "jobs": jobs, **others}
    return {Role(name): rights for name, text in told.items() if (rights := read_rights(text))}


#: Of a person, all but the password.
_PERSON = "SELECT(id, last_login, is_superuser, email, role, is_staff, is_active, time_zone, date_joined, name)"
#: What commands to the engine change of an account; the rest is of the pages, which make it.
_OF_THE_ENGINE = (
    "SELECT UPDATE(status, max_open_orders, max_order_notional, orders_per_second, self_trade_prevention, dead_man_at)"
)
#: Appending to the embedded event log, and reading it.
_APPENDS = {"relay": ADD, "feed": ADD, "consumers": ADD}
_HEADS = "SELECT UPDATE(next_offset)"

TABLES: dict[str, Row] = {
    # --- people, what they prove themselves with, and what they chose: of the pages alone. A sign-up that nobody confirmed goes
    # with all of it.
    "accounts_user": row(web=ALL, console=_PERSON),
    "accounts_user_groups": row(web=REMOVES),
    "accounts_user_user_permissions": row(web=REMOVES),
    "accounts_account": row(
        web="SELECT INSERT UPDATE(paper_deposit_at) DELETE", engine=_OF_THE_ENGINE, consumers="SELECT(id, kind, user_id)"
    ),
    "accounts_apikey": row(web=ALL, console=NOTHING, jobs=REMOVES),
    "accounts_tradingpreferences": row(web=ALL, jobs=REMOVES),
    "accounts_defaultsize": row(web=ALL, jobs=REMOVES),
    "account_emailaddress": row(web=ALL, jobs=REMOVES),
    "account_emailconfirmation": row(web=ALL, console=NOTHING, jobs=REMOVES),
    "mfa_authenticator": row(web=ALL, console=NOTHING, jobs=REMOVES),
    "usersessions_usersession": row(web=ALL, jobs=REMOVES),
    "django_session": row(web=ALL, console=NOTHING, jobs=REMOVES),
    "watchlists_watchlist": row(web=ALL, jobs=REMOVES),
    "watchlists_watchlistentry": row(web=ALL, jobs=REMOVES),
    # Asked for and taken back on a page, carried out at night: with it the jobs remove and overwrite what is a person's.
    "privacy_deletion": row(
        web="SELECT INSERT UPDATE(undone_at)", jobs="SELECT INSERT UPDATE(shut_at, put_off_at, done_before_at, done_at)"
    ),
    # --- the staff's trail: written, given its outcome once, and never changed or removed
    "backoffice_trailentry": row(web="SELECT INSERT UPDATE(outcome)", jobs="SELECT UPDATE(subject, reason)"),
    "backoffice_traillink": row(jobs="SELECT INSERT UPDATE(salt)"),
    "backoffice_proposal": row(web="SELECT INSERT UPDATE(decision, decided_by_id, decided_at, note, outcome)"),
    "backoffice_staffrequest": row(
        web="SELECT INSERT UPDATE(outcome, note, ended_at, ended_by_id)", jobs="SELECT UPDATE(reason, note)"
    ),
    # --- what Django keeps
    "auth_group": row(),
    "auth_group_permissions": row(),
    "auth_permission": row(),
    "django_admin_log": row(web="SELECT INSERT DELETE"),
    "django_content_type": row(),
    "django_migrations": row(),
    # --- money and orders: of the engine alone
    "ledger_ledgeraccount": row(engine="SELECT INSERT UPDATE(total, held)"),
    "ledger_transfer": row(engine=ADD),
    "ledger_posting": row(engine=ADD),
    # What rests in the book, and from when on, is where the depth begins.
    "orders_order": row(engine=KEEP, consumers=READ),
    "orders_orderterms": row(engine=KEEP, consumers=READ),
    "orders_trade": row(engine=ADD),
    "orders_fill": row(engine=ADD),
    "orders_accountevent": row(engine=ADD, consumers=READ),
    "orders_eventposition": row(consumers=ADD),
    "engine_lease": row(engine=KEEP),
    "engine_journal": row(engine=ADD),
    "engine_commandrecord": row(engine=ADD),
    "engine_chainstart": row(engine=ADD),
    "engine_approval": row(engine=ADD),
    "engine_proofkey": row(),
    "instruments_asset": row(engine=ADD, feed=READ, consumers=READ),
    "instruments_instrument": row(engine=KEEP, feed=READ, consumers=READ),
    "instruments_tradingsession": row(engine="SELECT INSERT DELETE", feed=READ, consumers=READ),
    "instruments_statechange": row(engine=ADD),
    # --- events on their way
    "eventlog_outboxbatch": row(engine=ADD, relay=REMOVES),
    "eventlog_relaycursor": row(engine=READ, relay=KEEP),
    "eventlog_lostrange": row(engine=READ, relay=READ, consumers=READ),
    "eventlog_consumerposition": row(consumers=KEEP),
    "eventlog_appliedevent": row(consumers=KEEP),
    "eventlog_parkedmessage": row(consumers=ADD, jobs=REMOVES),
    "eventlog_loginuse": row(relay=READ, feed=READ, consumers=READ),
    "eventlog_logmember": row(consumers=ALL),
    "eventlog_logpartition": row(relay="SELECT UPDATE(next_offset, first_offset)", feed=_HEADS, consumers=_HEADS),
    "eventlog_logrecord": row(**_APPENDS | {"relay": "SELECT INSERT DELETE"}),
    # --- what is made of them
    "marketdata_bar": row(feed=READ, consumers=ALL),
    # While the log is not well the feed stores the newest price itself.
    "marketdata_latestprice": row(feed=KEEP, consumers=KEEP),
    "marketdata_quoteframe": row(consumers=KEEP),
    "marketdata_feedstate": row(feed=KEEP, consumers=READ),
    "marketdata_quarantinedtick": row(feed="SELECT INSERT DELETE"),
    "portfolio_position": row(consumers=KEEP),
    "portfolio_positionfill": row(consumers=ADD),
    "portfolio_accountprogress": row(consumers=KEEP),
    # --- alerts: their owners set them, the consumer fires them, the worker mails and sweeps
    "alerts_pricealert": row(web=KEEP, consumers="SELECT UPDATE", jobs="SELECT UPDATE DELETE"),
    "alerts_orderalert": row(web=ALL, consumers="SELECT UPDATE(ended_at)", jobs=REMOVES),
    "alerts_alertsettings": row(web=KEEP, consumers=READ, jobs=REMOVES),
    "alerts_firing": row(consumers=ADD, jobs=REMOVES),
    "alerts_notice": row(web="SELECT UPDATE(read_at)", consumers=KEEP, jobs="SELECT UPDATE DELETE"),
    "alerts_noticehead": row(consumers=KEEP, jobs=REMOVES),
    "alerts_mail": row(jobs=ALL),
    "alerts_beginning": row(consumers=READ),
    # --- receipts, written by whoever received the order
    "receipts_receipt": row(web=KEEP, jobs=REMOVES),
    "receipts_shownquote": row(web=ADD, jobs=REMOVES),
    # --- what runs at night, and what is measured
    "jobs_jobrun": row(jobs=ALL),
    "ledger_businessday": row(jobs=ADD),
    "ledger_dailystatement": row(jobs=ADD),
    "ledger_dailystatementline": row(jobs=ADD),
    "ledger_dayhash": row(jobs=ADD),
    "ledger_reconciliationdifference": row(jobs=ADD),
    "portfolio_equitysnapshot": row(jobs=KEEP),
    "engine_invariantreport": row(jobs=KEEP),
    "operations_sample": row(jobs=ALL),
    "operations_slot": row(jobs=ALL),
}

#: Functions that may be called, by whom; triggers need nobody's leave. They do what their caller may, but for those of the days
#: of frames and of a person who is deleted, which do what the owner may: only an owner makes and drops tables, and the jobs
#: change nobody's row but that of somebody whose deletion is due.
FUNCTIONS: dict[str, frozenset[Role]] = {
    "engine_settle": frozenset({Role.ENGINE}),
    "engine_settle_one": frozenset({Role.ENGINE}),
    "engine_settle_rare": frozenset({Role.ENGINE}),
    "engine_settle_chained": frozenset({Role.ENGINE}),
    "engine_settle_one_chained": frozenset({Role.ENGINE}),
    "engine_settle_approved": frozenset({Role.ENGINE}),
    "eventlog_append": frozenset({Role.RELAY, Role.FEED, Role.CONSUMERS}),
    "privacy_ends_a_deletion": frozenset({Role.JOBS}),
    "privacy_shut_user": frozenset({Role.JOBS}),
    "privacy_overwrite_user": frozenset({Role.JOBS}),
    "marketdata_make_day": frozenset({Role.JOBS}),
    "marketdata_attach_day": frozenset({Role.JOBS}),
    "marketdata_drop_day": frozenset({Role.JOBS}),
}

#: How a table's parts (partitions) and sequences are used besides: they are copied by name. All else goes through the table.
PARTS: Row = {Role.JOBS: frozenset({Right("SELECT")})}

#: PostgreSQL's own roles: when others' sessions last moved, by which the pages know that the engine lives and beat counts them.
MEMBERSHIPS: dict[Role, str] = {Role.WEB: "pg_read_all_stats", Role.JOBS: "pg_read_all_stats"}
