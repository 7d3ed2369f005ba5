"""A proper environment of production, which no server of the tests' answers to."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "q8Jw3nV0zLr5TtY7bXc1KdMfHg2Ps4Qv6Ux9Ae-Zi_RoWlNjBhFyCk"
TIMEOUT_S = 110.0
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "tredye.settings.prod",
    "SECRET_KEY": SECRET_KEY,
    "DATABASE_URL": "postgres://tredye:pass@db.invalid/tredye",
    "REDIS_URL": "redis://:pass@cache.invalid:6379/0",
    "KAFKA_BOOTSTRAP": "log.invalid:9092",
    "ALLOWED_HOSTS": "trade.example.com",
    "PUBLIC_ORIGINS": "https://trade.example.com",
    "STREAM_URL": "wss://stream.example.com",
    "EMAIL_URL": "smtp+tls://me:pass@mail.example.com",
    "PROXY_COUNT": "1",
}


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run Python with the environment of production, changed by ``environment`` (an empty value is none)."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, env=surroundings(**environment), capture_output=True, text=True, timeout=TIMEOUT_S,
    )  # fmt: skip


def surroundings(**environment: str) -> dict[str, str]:
    """What :func:`run` runs with."""
    bare = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return bare | PRODUCTION | environment
