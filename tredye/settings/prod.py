"""Production: behind a proxy that ends TLS. What would be a hole there stops the start, because no check runs before a server."""

from tredye.settings.base import *  # noqa: F403
from tredye.settings.env import VAR_DIR, env

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|metrics)$"]  # asked over plain HTTP, from the same machine
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False
STATIC_KEPT = VAR_DIR / "run" / "static"

env.require(len(SECRET_KEY) >= 50, "SECRET_KEY", "must have at least 50 characters in production")
env.require(
    len(set(SECRET_KEY)) >= 10 and not SECRET_KEY.lower().startswith(("django-insecure", "tests-only", "change", "secret")),
    "SECRET_KEY",
    "must be random in production: python -c 'import secrets; print(secrets.token_urlsafe(50))' makes one",
)
env.require(not DEBUG, "DEBUG", "must be off in production")
env.require(not FAILPOINT, "FAILPOINT", "must not be set in production")
env.require(env.is_given("ALLOWED_HOSTS"), "ALLOWED_HOSTS", "must be set in production")
env.require("*" not in ALLOWED_HOSTS, "ALLOWED_HOSTS", "must name the hosts in production: * is every host")
env.require(
    all(origin.startswith("https://") for origin in PUBLIC_ORIGINS), "PUBLIC_ORIGINS", "must all be https:// in production"
)
env.require(not STREAM_URL or STREAM_URL.startswith("wss://"), "STREAM_URL", "must be wss:// in production, or empty")
env.require(PROXY_COUNT, "PROXY_COUNT", "must be at least 1 in production: TLS ends at a proxy, and limits count its callers")
env.require(EMAIL.leaves, "EMAIL_URL", "must name a mail server in production: links to reset passwords would end in the log")
env.stop_if_wrong()
