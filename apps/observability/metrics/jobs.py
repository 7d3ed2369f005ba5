"""Work that may come late: jobs, their queue, alerts and their mails."""

from prometheus_client import Counter, Gauge, Histogram

from apps.observability.metrics.buckets import LONG, SLOW

# --- Alerts: the consumer "alerts", and the worker's mails ---------------------------------------------------------------
ALERTS_WATCHED = Gauge("tredye_alerts_watched", "Alerts on prices that this process watches.")
ALERTS_TICKS = Counter("tredye_alerts_ticks", "Ticks that alerts were held against, those of symbols without any among them.")
ALERTS_STALE = Counter("tredye_alerts_stale", "Ticks that fired nothing: old, or of the future, when they were put on the log.")
ALERTS_FIRED = Counter("tredye_alerts_fired", "Alerts on prices that fired.")
ALERTS_DELAY_SECONDS = Histogram(
    "tredye_alerts_delay_seconds", "From a tick on the log to the commit of what it fired.", buckets=SLOW
)
ALERTS_MAILS = Counter(
    "tredye_alerts_mails", "Mails about alerts. fate: sent, again (it failed, and is tried again), failed.", ["fate"]
)
ALERTS_MAILS_WAITING = Gauge("tredye_alerts_mails_waiting", "Mails about alerts that are made and not sent.")
ALERTS_MAIL_AGE_SECONDS = Gauge("tredye_alerts_mail_age_seconds", "Age of the oldest of them; 0 without one.")

# --- Jobs ----------------------------------------------------------------------------------------------------------------
JOBS_RUNS = Counter(
    "tredye_jobs_runs",
    "Runs of jobs. outcome: done, failed, repeated (it was done before), busy (another process is at it).",
    ["job", "outcome"],
)
JOBS_SECONDS = Histogram("tredye_jobs_seconds", "Time of an attempt that succeeded.", ["job"], buckets=LONG)
JOBS_LAST_DONE = Gauge(
    "tredye_jobs_last_done_seconds", "When the run of the newest business day was done, in seconds since 1970.", ["job"]
)
JOBS_MISSING = Gauge("tredye_jobs_missing", "Runs that are due and not done, given up or not. Not zero for an hour is an alarm.")
JOBS_ALARM = Gauge(
    "tredye_jobs_alarm", "What the newest run of a job found wrong (reconciliation: differences). Not zero is an alarm.", ["job"]
)

TRAIL_LINKS = Counter("tredye_trail_links", "Links that this process made of the chain over the trail of staff.")
TRAIL_CHANGED = Gauge(
    "tredye_trail_changed", "1 when the trail of staff is not what was exported of it before. Not zero is an alarm."
)
TRAIL_EXPORTED = Gauge(
    "tredye_trail_exported_seconds", "When the trail was last compared with its files and copied out, in seconds since 1970."
)

BACKUP_WANTED = Gauge("tredye_backup_wanted", "1 where a backup is made every night (BACKUP_DIR), else 0.")
BACKUP_MADE = Gauge(
    "tredye_backup_made_seconds", "When the newest backup of BACKUP_DIR was made, in seconds since 1970; 0 without one."
)

# --- Their queue: Celery ------------------------------------------------------------------------------------------------------
TASKS = Counter(
    "tredye_tasks",
    "Tasks that the worker ended, by name. outcome: done, failed, retried, refused (nobody knows it).",
    ["task", "outcome"],
)
TASKS_SECONDS = Histogram("tredye_tasks_seconds", "Time of a task in the worker.", ["task"], buckets=LONG)
TASKS_RUNNING = Gauge("tredye_tasks_running", "Tasks that this worker is at.")
TASKS_SENT = Counter("tredye_tasks_sent", "Tasks handed to the queue, by name, from this process.", ["task"])
TASKS_QUEUED = Gauge("tredye_tasks_queued", "Tasks that wait in the queue, as beat sees it every 15 s.")
BEAT_SENT = Gauge("tredye_beat_sent_seconds", "When beat handed a task to the queue last, in seconds since 1970.")
