"""Tests: the same product on servers of the tests' own. Each xdist worker has its own database, topics and Redis prefix."""

import os

from tredye.settings.base import *  # noqa: F403
from tredye.settings.env import env

DEBUG = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # cheap on purpose: the log-in itself is not what is tested

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
KAFKA_TOPIC_PREFIX = f"{KAFKA_TOPIC_PREFIX or 'test.'}{WORKER}."
REDIS_PREFIX = f"{REDIS_PREFIX}:{WORKER}"
CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = REDIS_PREFIX
CACHES["default"]["KEY_PREFIX"] = REDIS_PREFIX
STATIC_ROOT = None
BEACON_SHARE = 0  # a page is the same each time; the tests of what pages measure say so
WHITENOISE_AUTOREFRESH = True  # a file is looked for when it is asked for: every test's client would list them all

env.stop_if_wrong()
