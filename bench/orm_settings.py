"""The product's settings, with one view that is the benchmark's own: see ``orm_peer``."""

from tredye.settings.dev import *  # noqa: F403

ROOT_URLCONF = "bench.orm_peer"
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]  # allauth does not start without it
ALLOWED_HOSTS = ["*"]
