"""Settings that hold everywhere. Nothing exists only in production."""

from pathlib import Path
from typing import Any

from tredye.settings.env import BASE_DIR, VAR_DIR, env

SECRET_KEY: str = env.str("SECRET_KEY")
# Former keys, newest first: they still read what they signed and encrypted. docs/accounts.md says how a key is changed.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])

INSTALLED_APPS = [
    "daphne",
    "apps.web.admin_app.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
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
    "apps.backoffice",
    "apps.instruments",
    "apps.accounts",
    "apps.ledger",
    "apps.orders",
    "apps.engine",
    "apps.marketdata",
    "apps.portfolio",
    "apps.realtime",
    "apps.web",
]

MIDDLEWARE = [
    "apps.observability.middleware.CorrelationMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.accounts.middleware.AccessMiddleware",
    "apps.accounts.middleware.LogInMiddleware",
    "apps.web.middleware.FundingMiddleware",
    "apps.web.middleware.RedisAwayMiddleware",
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
# Under ASGI every request has its own thread context, so persistent connections are never reused and pile up until the
# server refuses new ones; psycopg's pool bounds them instead. Timeouts are short because an honest 503 beats a spinner.
DATABASE_POOL_MAX: int = env.int("DATABASE_POOL_MAX", default=8)
DATABASES = {"default": env.db_url("DATABASE_URL")}
DATABASES["default"].update(
    ENGINE="django_prometheus.db.backends.postgresql",
    CONN_MAX_AGE=0,
    CONN_HEALTH_CHECKS=True,
    OPTIONS={
        "pool": {"min_size": 1, "max_size": DATABASE_POOL_MAX, "timeout": env.float("DATABASE_POOL_TIMEOUT_S", default=2.0)},
        "connect_timeout": 2,
        "application_name": env.str("PROCESS_NAME", default="tredye"),
        "options": "-c statement_timeout=5000 -c lock_timeout=1000 -c idle_in_transaction_session_timeout=5000",
    },
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: channel layer and cache; losing it loses nothing ----------------------------------------------------------
# Two pools a process, because they cannot be one: the cache's is synchronous (rate limits, health), the channel layer's
# belongs to the event loop (sockets). The stream's tickets have a third, small one on that loop. Each is opened at its first
# use; nothing else opens connections to Redis.
REDIS_URL: str = env.str("REDIS_URL")
REDIS_PREFIX: str = env.str("REDIS_PREFIX", default="tredye")
# socket_timeout None: the subscriber blocks on purpose; redis-py's own default would cut an idle socket after a few seconds.
CHANNEL_LAYERS: dict[str, Any] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None, "max_connections": 64}], "prefix": REDIS_PREFIX},
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX,
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "max_connections": 32},
    }
}

# --- Kafka --------------------------------------------------------------------------------------------------------------
KAFKA_BOOTSTRAP: list[str] = env.list("KAFKA_BOOTSTRAP")
KAFKA_TOPIC_PREFIX: str = env.str("KAFKA_TOPIC_PREFIX", default="")
KAFKA_REPLICATION_FACTOR: int = env.int("KAFKA_REPLICATION_FACTOR", default=1)

# --- The engine's socket ------------------------------------------------------------------------------------------------
ENGINE_URL: str = env.str("ENGINE_URL", default=f"unix://{VAR_DIR}/run/engine.sock")
ENGINE_TOKEN: str = env.str("ENGINE_TOKEN", default="")

# --- Stream ---------------------------------------------------------------------------------------------------------------
# Origins that may open a socket, exactly: scheme, host and port. STREAM_URL is where the page connects first.
PUBLIC_ORIGINS: list[str] = env.list("PUBLIC_ORIGINS", default=["http://localhost:8000", "http://127.0.0.1:8000"])
STREAM_URL: str = env.str("STREAM_URL", default="")
# Counted per server process.
STREAM_SOCKETS_MAX: int = env.int("STREAM_SOCKETS_MAX", default=5000)
STREAM_SOCKETS_PER_IP: int = env.int("STREAM_SOCKETS_PER_IP", default=40)
STREAM_SOCKETS_PER_USER: int = env.int("STREAM_SOCKETS_PER_USER", default=8)
# How soon the end of a log-in, or of a user, closes its sockets.
STREAM_SESSION_CHECK_S: float = env.float("STREAM_SESSION_CHECK_S", default=30.0)

# --- People -------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:markets"
LOGOUT_REDIRECT_URL = "web:landing"
ACCOUNT_ADAPTER = "apps.web.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {
    "signup": "apps.web.account_forms.SignupForm",
    "confirm_email_verification_code": "apps.web.account_forms.ConfirmAddressForm",
}
ACCOUNT_LOGOUT_ON_GET = False
# An address is confirmed by a code: it can be typed on the desk while the mail is read on the phone, and nothing in the mail can
# be clicked by a scanner. A digit more than usual, so that guessing at the rate below is hopeless.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 3
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
PASSWORD_RESET_TIMEOUT = 60 * 60

# How many proxies in front of the web process are ours, each adding one address to X-Forwarded-For. 0: the header is not read.
ALLAUTH_TRUSTED_PROXY_COUNT: int = env.int("TRUSTED_PROXIES", default=0)
# Counted in Redis; without it these pages answer 503. Per address (ip), per e-mail address or person asked for (key), per user.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",  # second factors too, by user
    "signup": "20/m/ip",
    "confirm_email": "1/10s/key,6/h/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}

MFA_ADAPTER = "apps.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "apps.web.account_forms.ActivateAppForm",
    "authenticate": "apps.web.account_forms.AuthenticateForm",
    "reauthenticate": "apps.web.account_forms.ReauthenticateForm",
    "authenticate_webauthn": "apps.web.account_forms.AuthenticateByPasskeyForm",
    "login_webauthn": "apps.web.account_forms.LogInByPasskeyForm",
    "reauthenticate_webauthn": "apps.web.account_forms.ReauthenticateByPasskeyForm",
    "add_webauthn": "apps.web.account_forms.AddPasskeyForm",
    "edit_webauthn": "apps.web.account_forms.RenamePasskeyForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "20/m/ip"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Tredye"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
# How long a second factor opens the staff's pages; then it is asked for again.
STAFF_SESSION_MAX_S: int = env.int("STAFF_SESSION_MAX_S", default=12 * 3600)

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = "Tredye <no-reply@tredye.example>"

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
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/htmx", NODE_MODULES / "htmx.org" / "dist"),
    ("vendor/lightweight-charts", NODE_MODULES / "lightweight-charts" / "dist"),
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# --- Observability --------------------------------------------------------------------------------------------------------
PROCESS_NAME: str = env.str("PROCESS_NAME", default="tredye")
METRICS_PORT: int = env.int("METRICS_PORT", default=0)
METRICS_TOKEN: str = env.str("METRICS_TOKEN", default="")
LOG_FORMAT: str = env.str("LOG_FORMAT", default="")
LOGGING_CONFIG = None

# --- Market data --------------------------------------------------------------------------------------------------------
# Who says what rests in Tredye's book when the depth starts: orders and marketdata do not know each other.
#: The seed of the simulated market; None: another one each time.
FEED_SEED: int | None = env.int("FEED_SEED", default=None)
MARKETDATA_LEVELS_SOURCE = "apps.orders.selectors_levels.list_open_levels"

# --- The demo market ------------------------------------------------------------------------------------------------------
PAPER_DEPOSIT = {"asset": "USD", "amount": "100000"}
