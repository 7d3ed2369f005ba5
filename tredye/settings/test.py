"""Tests: the same product on servers of the tests' own; only the password hasher is cheap."""

from tredye.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
