"""What people do here, counted; who they are, never."""

from prometheus_client import Counter, Gauge

PEOPLE_SIGNED_UP = Counter("tredye_people_signed_up", "People who signed up.")
PEOPLE_LOG_INS = Counter("tredye_people_log_ins", "Log-ins. outcome: done, failed (a wrong password or code).", ["outcome"])
LEDGER_HELD = Gauge(
    "tredye_ledger_held",
    "What is set aside for open orders, in units of the asset, as the ledger has it, asked every minute.",
    ["asset"],
)
LEDGER_HOLDERS = Gauge("tredye_ledger_holders", "Ledger accounts of which something is set aside.", ["asset"])
PROPOSALS_WAITING = Gauge("tredye_proposals_waiting", "Proposals of admins that wait for a second person, asked every minute.")
PROPOSALS_OLDEST_SECONDS = Gauge("tredye_proposals_oldest_seconds", "How long the oldest of them waits; 0 without one.")
