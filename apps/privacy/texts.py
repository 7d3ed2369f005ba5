"""The columns of text that a deletion leaves as they are, and why none of them says who somebody is.

A column of a table that is REMOVED for its person is in no list here; every other one of the database is, or a test fails. Bytes,
JSON and lists of words count as texts.
"""

CODES = "codes, names and numbers of ours"
OF_THE_BOOKS = (
    "decided by the engine and read again by a replay: codes, ids that programs gave, reasons that staff gave for a command; no"
    " name, no address"
)
OF_THE_MACHINERY = "of the machinery, by numbers and codes"
PUBLIC = "of the market, which everybody sees"
OF_STAFF = "of the staff"

#: Table: its columns of text, and why they may stay.
STAY: dict[str, tuple[str, str]] = {
    "accounts_account": ("kind status self_trade_prevention", CODES),
    "accounts_user": ("role", CODES),
    "auth_group": ("name", "nobody is in a group"),
    "auth_permission": ("name codename", CODES),
    "backoffice_proposal": (
        "action subject reason command_id payload payload_sha256 decision note outcome",
        "what one of the staff proposed and another decided, of an account or a user by its number; the reason is the command's",
    ),
    "backoffice_staffrequest": ("kind form_id outcome", CODES),
    "backoffice_trailentry": (
        "kind action subject command_id before after outcome",
        "who of the staff did what, on which account or order, and what the engine answered; the subject of a search and the"
        " reason of a look are overwritten, the reason of a command is the engine's as well",
    ),
    "backoffice_traillink": ("salt texts hash", "digests; the salt of what is overwritten goes with it"),
    "django_admin_log": ("object_id object_repr change_message", OF_STAFF),
    "django_content_type": ("app_label model", CODES),
    "django_migrations": ("app name", CODES),
    "django_session": (
        "session_key session_data",
        "every session of the person, and every one that names the address, is removed",
    ),
    "engine_approval": ("command_id kind", OF_THE_BOOKS),
    "engine_chainstart": ("hash_before", OF_THE_BOOKS),
    "engine_commandrecord": ("command_id body_digest answer", OF_THE_BOOKS),
    "engine_invariantreport": ("scope results", OF_THE_MACHINERY),
    "engine_journal": ("inputs hash", OF_THE_BOOKS),
    "engine_lease": ("holder kill_reason", OF_THE_MACHINERY),
    "engine_proofkey": ("public_key", OF_THE_MACHINERY),
    "eventlog_appliedevent": ("consumer key", OF_THE_MACHINERY),
    "eventlog_consumerposition": ("consumer topic", OF_THE_MACHINERY),
    "eventlog_loginuse": ("identity", OF_THE_MACHINERY),
    "eventlog_logmember": ("group_name member token", OF_THE_MACHINERY),
    "eventlog_logpartition": ("topic", OF_THE_MACHINERY),
    "eventlog_logrecord": ("key value headers", OF_THE_BOOKS),
    "eventlog_lostrange": ("lane", OF_THE_MACHINERY),
    "eventlog_outboxbatch": ("lane messages", OF_THE_BOOKS),
    "eventlog_parkedmessage": (
        "consumer topic value error",
        "a message of a topic, and no topic has more of a person than numbers",
    ),
    "eventlog_relaycursor": ("lane", OF_THE_MACHINERY),
    "instruments_asset": ("code name asset_class", PUBLIC),
    "instruments_instrument": ("symbol name asset_class trading_state state_reason calendar", PUBLIC),
    "instruments_statechange": ("state", PUBLIC),
    "jobs_jobrun": ("job status progress result error", OF_THE_MACHINERY),
    "ledger_dayhash": ("hash", OF_THE_BOOKS),
    "ledger_reconciliationdifference": ("check_name meaning subject", OF_THE_BOOKS),
    "ledger_transfer": ("kind command_id memo", OF_THE_BOOKS),
    "marketdata_bar": ("interval", PUBLIC),
    "marketdata_feedstate": ("source holder", OF_THE_MACHINERY),
    "marketdata_latestprice": ("source", PUBLIC),
    "marketdata_quarantinedtick": ("source symbol kind reason bid ask bid_quantity ask_quantity price quantity", PUBLIC),
    "marketdata_quoteframe": ("source", PUBLIC),
    "operations_sample": ("figures", OF_THE_MACHINERY),
    "operations_slot": ("counts paces", OF_THE_MACHINERY),
    "orders_accountevent": ("type data", OF_THE_BOOKS),
    "orders_fill": ("side liquidity_side", OF_THE_BOOKS),
    "orders_order": ("client_order_id side order_type time_in_force status reason", OF_THE_BOOKS),
    "orders_orderterms": ("exits", OF_THE_BOOKS),
    "orders_trade": ("aggressor_side quote_source", OF_THE_BOOKS),
    "portfolio_equitysnapshot": ("missing", CODES),
    "portfolio_positionfill": ("side", OF_THE_BOOKS),
}
