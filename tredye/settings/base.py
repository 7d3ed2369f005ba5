"""Settings that hold everywhere. Nothing exists only in production."""

import sys
from pathlib import Path
from typing import Any

from apps.core import failpoint
from tredye.settings import parsing
from tredye.settings.env import BASE_DIR, VAR_DIR, env
from tredye.settings.logins import *  # noqa: F403 - who connects to PostgreSQL, the same everywhere
from tredye.settings.logins import DATABASE_ROLE, logins_beside
from tredye.settings.observability import *  # noqa: F403 - what is measured and told, the same everywhere
from tredye.settings.pair import *  # noqa: F403 - a primary and its standby, the same everywhere
from tredye.settings.people import *  # noqa: F403 - the log-in, the same everywhere
from tredye.settings.stream import *  # noqa: F403 - the sockets, the same everywhere
from tredye.settings.stream import STREAM_URL
from tredye.settings.upkeep import *  # noqa: F403 - backups and disks, the same everywhere

SECRET_KEY: str = env.secret("SECRET_KEY", None, "signs sessions and links, encrypts second factors", least=32)
# They still read what they signed and encrypted. docs/accounts.md says how a key is changed.
SECRET_KEY_FALLBACKS: list[str] = env.words(
    "SECRET_KEY_FALLBACKS",
    "",
    "former keys, newest first, separated by commas: they still read what they signed and encrypted",
    must_be="keys of at least 32 characters, separated by commas",
    each=lambda text: parsing.matching(r".{32,}", text),
    secret=True,
)
DEBUG: bool = env.switch("DEBUG", False, "error pages with the details of Django, on a machine of your own only")
ALLOWED_HOSTS: list[str] = env.words(
    "ALLOWED_HOSTS",
    "localhost,127.0.0.1",
    "the hosts that browsers and balancers may ask for",
    must_be="host names, separated by commas",
    each=parsing.host_pattern,
)

INSTALLED_APPS = [
    # Its app imports Twisted, a quarter of any process's start, for nothing but `runserver`; as a server it needs none.
    *(["daphne"] if sys.argv[1:2] == ["runserver"] else []),
    "apps.web.admin_app.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "apps.web.published.PublishedFilesConfig",
    "django.contrib.humanize",
    "django_prometheus",
    "django_htmx",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "apps.observability",
    "apps.eventlog",
    "apps.commands",
    "apps.jobs",
    "apps.backoffice",
    "apps.instruments",
    "apps.accounts",
    "apps.receipts",
    "apps.ledger",
    "apps.orders",
    "apps.engine",
    "apps.marketdata",
    "apps.portfolio",
    "apps.watchlists",
    "apps.alerts",
    "apps.operations",
    "apps.privacy",
    "apps.backups",
    "apps.realtime",
    "apps.support",
    "apps.tracing",
    "apps.web",
]

MIDDLEWARE = [
    "apps.observability.middleware.CorrelationMiddleware",
    "apps.observability.callers.CallersMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "apps.web.keptfiles.KeptFilesMiddleware",
    "apps.web.compression.PageCompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "apps.accounts.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "apps.web.middleware.PolicyMiddleware",
    "apps.web.away.PostgresAwayMiddleware",
    "apps.web.middleware.NoPageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.accounts.middleware.AccessMiddleware",
    "apps.accounts.middleware.LogInMiddleware",
    "apps.web.middleware.FundingMiddleware",
    "apps.web.middleware.AccountSequenceMiddleware",
    "apps.web.middleware.RedisAwayMiddleware",
    "apps.web.middleware.RetryAfterMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "tredye.urls"
ASGI_APPLICATION = "tredye.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.web.context.shell",
            ],
        },
    },
]

# --- Postgres -----------------------------------------------------------------------------------------------------------
# psycopg's pool bounds the connections of all threads. Timeouts are short because an honest 503 beats a spinner.
DATABASE_POOL_MAX: int = env.whole(
    "DATABASE_POOL_MAX", 8, "connections to PostgreSQL that one process may hold for its pages", least=1, most=500
)
DATABASE_POOL_TIMEOUT_S: float = env.seconds("DATABASE_POOL_TIMEOUT_S", "2", "seconds a page waits for one", least=0.1, most=60)
PROCESS_NAME: str = env.text(
    "PROCESS_NAME",
    "tredye",
    "which process this is, in metrics and in the database's list of sessions",
    must_be="letters, digits and dashes",
    pattern="[a-zA-Z0-9_-]{1,40}",
    internal=True,
)
DATABASES: dict[str, dict[str, Any]] = {"default": env.database("DATABASE_URL", "the PostgreSQL database: the book of record")}
DATABASE_LOGINS = logins_beside(DATABASES["default"].get("USER", ""))
DATABASES["default"].update(
    **DATABASE_LOGINS.get(DATABASE_ROLE, {}),  # never with the owner's password
    ENGINE="apps.stores.postgres",
    CONN_MAX_AGE=0,
    CONN_HEALTH_CHECKS=True,
    OPTIONS={
        **DATABASES["default"].get("OPTIONS", {}),
        "pool": {"min_size": 1, "max_size": DATABASE_POOL_MAX, "timeout": DATABASE_POOL_TIMEOUT_S},
        "connect_timeout": 2,
        "application_name": PROCESS_NAME,
        "options": "-c statement_timeout=5000 -c lock_timeout=1000 -c idle_in_transaction_session_timeout=5000",
    },
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: channel layer and cache; losing it loses nothing ----------------------------------------------------------
# Two pools a process, because they cannot be one: the cache's is synchronous (rate limits, health), the channel layer's
# belongs to the event loop (sockets). The stream's tickets have a third, small one on that loop. Each is opened at its first
# use; nothing else opens connections to Redis. The cache's has one for each page at once (apps/web/handler.py), and some.
REDIS_URL: str = env.server_url(
    "REDIS_URL",
    "Redis: the channel layer, the queue of the jobs and the cache; losing it loses nothing",
    must_be="redis://:password@host:port/number, rediss:// with TLS, or unix:///path",
    schemes=("redis", "rediss", "unix"),
)
REDIS_PREFIX: str = env.text("REDIS_PREFIX", "tredye", "begins every key, for a Redis that several installations share")
# socket_timeout None: the subscriber blocks on purpose; redis-py's own default would cut an idle socket after a few seconds.
CHANNEL_LAYERS: dict[str, Any] = {
    "default": {
        "BACKEND": "apps.realtime.layer.StreamLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None, "max_connections": 64}], "prefix": REDIS_PREFIX},
    }
}
CACHES = {
    "default": {
        "BACKEND": "apps.stores.redis_cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX,
        "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2, "max_connections": DATABASE_POOL_MAX + 128},
    }
}

# --- The event log: Kafka, or the embedded one in Postgres ----------------------------------------------------------------
KAFKA_BOOTSTRAP: list[str] = env.words(
    "KAFKA_BOOTSTRAP",
    "",
    "the Kafka brokers to ask first; empty: there is no Kafka",
    must_be="host:port, or several separated by commas",
    each=parsing.host_and_port,
)
EVENT_LOG: str = env.choice(
    "EVENT_LOG",
    "",
    "where events are kept and read from: Kafka, or the Postgres that runs anyway; empty: Kafka where there is one",
    ("kafka", "embedded"),
) or ("kafka" if KAFKA_BOOTSTRAP else "embedded")
env.require(EVENT_LOG != "kafka" or KAFKA_BOOTSTRAP, "KAFKA_BOOTSTRAP", "must be set when EVENT_LOG is kafka")
KAFKA_TOPIC_PREFIX: str = env.text(
    "KAFKA_TOPIC_PREFIX",
    "",
    "begins every topic's name on either log, for a broker that several installations share",
    must_be="letters, digits, dots, dashes and underscores",
    pattern="[a-zA-Z0-9._-]{1,100}",
)
KAFKA_REPLICATION_FACTOR: int = env.whole("KAFKA_REPLICATION_FACTOR", 1, "copies of each new topic", least=1, most=10)

# --- The engine's socket ------------------------------------------------------------------------------------------------
ENGINE_URL: str = (
    env.text(
        "ENGINE_URL",
        "",
        "where the engine listens; empty: the socket `run/engine.sock` in VAR_DIR",
        must_be="unix:///path or tcp://host:port",
        check=parsing.engine_url,
    )
    or f"unix://{VAR_DIR}/run/engine.sock"
)
ENGINE_TOKEN: str = env.secret(
    "ENGINE_TOKEN", "", "what a caller of the engine must know when ENGINE_URL is a TCP address", least=16
)
ENGINE_TAKE_OVER_S: float = env.seconds(
    "ENGINE_TAKE_OVER_S",
    "5",
    "seconds of silence after which a second engine takes over from one that is frozen",
    least=2,
    most=600,
)
ENGINE_UNPUBLISHED_MAX: int = env.whole(
    "ENGINE_UNPUBLISHED_MAX",
    2_000_000,
    "events that may wait for the event log; beyond it the engine takes no new orders, and still cancels",
    least=1_000,
    most=1_000_000_000,
)
env.require(ENGINE_URL.startswith("unix:") or ENGINE_TOKEN, "ENGINE_TOKEN", "must be set when ENGINE_URL is a TCP address")

# --- What stands in front -------------------------------------------------------------------------------------------------
PROXY_COUNT: int = env.whole(
    "PROXY_COUNT",
    0,
    "proxies in front of web and stream that each add the caller's address to `X-Forwarded-For`; 0: that header is nobody's word",
    least=0,
    most=5,
)

# --- The API for programs ---------------------------------------------------------------------------------------------------
API_REQUESTS_MAX: int = env.whole(
    "API_REQUESTS_MAX", 500, "requests of programs that one process works at at once", least=1, most=100_000
)
API_REQUESTS_PER_ACCOUNT: int = env.whole(
    "API_REQUESTS_PER_ACCOUNT", 20, "requests of one account that one process works at at once", least=1, most=100_000
)
API_ORDERS_PER_SECOND: int = env.whole(
    "API_ORDERS_PER_SECOND",
    50,
    "orders, cancels and amendments a second that one process takes of one account's programs; four seconds of them at once",
    least=25,
    most=1_000_000,
)
API_LOOKUPS_PER_SECOND: int = env.whole(
    "API_LOOKUPS_PER_SECOND",
    20,
    "look-ups a second that one process answers to one account's programs; four seconds of them at once",
    least=1,
    most=1_000_000,
)

# --- People -------------------------------------------------------------------------------------------------------------
STAFF_SESSION_MAX_S: int = env.whole(
    "STAFF_SESSION_MAX_S",
    12 * 3600,
    "seconds that a second factor opens the pages of the staff; then it is asked for again",
    least=60,
    most=14 * 24 * 3600,
)

EMAIL = env.mail("EMAIL_URL", "the mail server; empty or console://: mail is written to the process's output")
EMAIL_BACKEND: str = EMAIL.backend
EMAIL_HOST: str = EMAIL.host
EMAIL_PORT: int = EMAIL.port
EMAIL_HOST_USER: str = EMAIL.user
EMAIL_HOST_PASSWORD: str = EMAIL.password
EMAIL_USE_TLS: bool = EMAIL.use_tls
EMAIL_USE_SSL: bool = EMAIL.use_ssl
EMAIL_TIMEOUT = 5  # a person waits for it
DEFAULT_FROM_EMAIL: str = env.text(
    "DEFAULT_FROM_EMAIL",
    "Tredye <no-reply@tredye.example>",
    "the sender of e-mail",
    must_be="an address, or a name and an address in angle brackets",
    pattern=r"[^@<>\s]+@[^@<>\s]+|[^@<>]+ <[^@<>\s]+@[^@<>\s]+>",
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

SESSION_ENGINE = "apps.accounts.sessions"  # in Postgres: pages work without Redis
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "apps.web.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "worker-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'", *([STREAM_URL] if STREAM_URL else [])],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Language, time, static files ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = BASE_DIR / "staticfiles"
#: Where versions leave their files for each other; None where their names have no digest.
STATIC_KEPT: Path | None = None
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/htmx", NODE_MODULES / "htmx.org" / "dist"),
    ("vendor/lightweight-charts", NODE_MODULES / "lightweight-charts" / "dist"),
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# --- Observability --------------------------------------------------------------------------------------------------------
LOGGING_CONFIG = None

# --- Market data --------------------------------------------------------------------------------------------------------
FEED_RATE: int = env.whole("FEED_RATE", 100, "ticks a second of the simulated market, over all instruments", least=1, most=20_000)
FEED_SEED: int | None = env.whole_or_none(
    "FEED_SEED", "the same seed gives the same simulated market; empty: another one each time", least=0, most=2**63 - 1
)
# Who says what rests in Tredye's book when the depth starts: orders and marketdata do not know each other.
MARKETDATA_LEVELS_SOURCE = "apps.orders.selectors_levels.list_open_levels"
# How a feed reaches the screens while the event log is away: a feed does not know the stream.
MARKETDATA_DIRECT_LINE = "apps.realtime.direct.DirectLine"

# --- The demo market ------------------------------------------------------------------------------------------------------
PAPER_DEPOSIT = {"asset": "USD", "amount": "100000"}
#: By role; an empty one is made up. The only secrets that are ever shown: ``make run`` prints them.
DEMO_PASSWORDS: dict[str, str] = {
    role: env.secret(f"DEMO_{role}_PASSWORD", "", f"password of {role.lower()}@tredye.example; empty: made once", least=8)
    for role in ("CUSTOMER", "SUPPORT", "ADMIN")
}

#: What logs, error pages and probes leave out wherever it turns up, as in the message of a library.
HIDDEN_TEXTS: frozenset[str] = frozenset(env.hidden)
DEFAULT_EXCEPTION_REPORTER = "apps.observability.hiding.Reporter"

# --- Tests of crashes -----------------------------------------------------------------------------------------------------
FAILPOINT: str = env.text(
    "FAILPOINT",
    "",
    "makes the process die, raise or wait at a named place, in tests of crashes",
    must_be="name:number:exit, name:number:stop, name:number:raise or name:number:sleep",
    pattern="[a-z_.]+:[1-9][0-9]{0,5}:(exit|stop|raise|sleep)",
    internal=True,
)
failpoint.arm(FAILPOINT)
