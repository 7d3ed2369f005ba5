"""Tests: the same product on servers of the tests' own. Each xdist worker has its own database, topics and Redis prefix."""

from tredye.settings.base import *  # noqa: F403
from tredye.settings.env import env

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # cheap on purpose: the log-in itself is not what is tested

WORKER: str = env.str("PYTEST_XDIST_WORKER", default="gw0")
KAFKA_TOPIC_PREFIX = f"{env.str('KAFKA_TOPIC_PREFIX', default='test.')}{WORKER}."
REDIS_PREFIX = f"{env.str('REDIS_PREFIX', default='test')}:{WORKER}"
CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = REDIS_PREFIX
CACHES["default"]["KEY_PREFIX"] = REDIS_PREFIX
STATIC_ROOT = None
