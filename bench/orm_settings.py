"""The product's settings, with one view that is the benchmark's own: see ``orm_peer``."""

from tredye.settings.dev import *  # noqa: F403
from tredye.settings.dev import DATABASES

ROOT_URLCONF = "bench.orm_peer"
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]  # allauth does not start without it
ALLOWED_HOSTS = ["*"]
# Sixteen callers wait for one instrument's row, on a busy machine for longer than a page of the product would.
DATABASES["default"]["OPTIONS"]["options"] = "-c statement_timeout=30000 -c lock_timeout=30000"
DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 16, "timeout": 30}
