"""No secret is ever shown: each one is a canary here, every server is away or says no, and the canaries must not sing."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from stack.settings import free_ports
from tests.settings.production import PRODUCTION, ROOT, run, surroundings

CANARY = "c4n4ry"
NOWHERE = 1


def canaries(**more: str) -> dict[str, str]:
    """A proper environment whose every secret has the canary in it, and whose servers are all away."""
    return {
        "SECRET_KEY": f"{CANARY}-key-3nV0zLr5TtY7bXc1KdMfHg2Ps4Qv6Ux9Ae-Zi_RoWlNjBhFyCk",
        "SECRET_KEY_FALLBACKS": f"{CANARY}-former-key-3nV0zLr5TtY7bXc1KdMfH,{CANARY}-older-key-3nV0zLr5TtY7bXc1KdMfHg",
        "DATABASE_URL": f"postgres://tredye:{CANARY}%2Fdatabase@127.0.0.1:{NOWHERE}/tredye",
        "DATABASE_PASSWORDS": f"web={CANARY}-of-the-pages,console={CANARY}-of-the-console",
        "REDIS_URL": f"redis://:{CANARY}-redis@127.0.0.1:{NOWHERE}/0",
        "KAFKA_BOOTSTRAP": f"127.0.0.1:{NOWHERE}",
        "ENGINE_URL": f"tcp://127.0.0.1:{NOWHERE}",
        "ENGINE_TOKEN": f"{CANARY}-engine-token-token",
        "METRICS_TOKEN": f"{CANARY}-metrics-token-token",
        "EMAIL_URL": f"smtp://me:{CANARY}-mail@127.0.0.1:{NOWHERE}",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{NOWHERE}",
        "OTEL_EXPORTER_OTLP_HEADERS": f"x-key={CANARY}-collector",
        "DEMO_CUSTOMER_PASSWORD": f"{CANARY}-customer",
        "DEMO_SUPPORT_PASSWORD": f"{CANARY}-support",
        "DEMO_ADMIN_PASSWORD": f"{CANARY}-admin",
        "PYTHONUNBUFFERED": "1",
        **more,
    }


def test_every_secret_of_the_product_is_a_canary() -> None:
    from tredye.settings.env import env

    assert {setting.name for setting in env.declared.values() if setting.secret} == {
        name for name, value in canaries().items() if CANARY in value
    }


@pytest.mark.parametrize("command", ["prepare", "seed_demo", "check_invariants"])
def test_a_command_without_its_servers_shows_no_secret(command: str, tmp_path: Path) -> None:
    done = run("manage.py", command, **canaries(VAR_DIR=str(tmp_path)))
    assert done.returncode != 0
    assert done.stdout + done.stderr, "it says something"
    assert CANARY not in done.stdout + done.stderr


def test_an_engine_that_waits_for_its_database_shows_no_secret(tmp_path: Path) -> None:
    engine = subprocess.Popen(
        [sys.executable, "manage.py", "run_engine"],
        cwd=ROOT, env=surroundings(**canaries(VAR_DIR=str(tmp_path))), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert engine.stdout is not None
    said = engine.stdout.readline()
    engine.terminate()
    said += engine.communicate(timeout=30)[0]
    assert engine.returncode == 0, "it was told to stop"
    assert "waiting for the database" in said
    assert CANARY not in said


def test_the_settings_that_django_prints_show_no_secret() -> None:
    done = run("manage.py", "diffsettings", "--all", **canaries())
    assert done.returncode == 0, done.stderr
    assert "SECRET_KEY = '***'" in done.stdout
    assert CANARY not in done.stdout


@pytest.mark.parametrize("name", [name for name, value in canaries().items() if CANARY in value])
def test_a_wrong_value_of_a_secret_is_not_shown(name: str) -> None:
    wrong = f"http://{CANARY}:1:2:3" if name.endswith("_URL") else CANARY
    done = run("manage.py", "check", **{name: wrong})
    assert done.returncode == 1
    assert f"settings: {name} must be " in done.stderr
    assert CANARY not in done.stderr + done.stdout


#: Every door to a server, at DEBUG level, with the stack of what it raised in the log and on Django's error page.
DOORS = """
import logging, sys
from tredye.settings.env import choose_settings
choose_settings()
import django
django.setup()
logging.getLogger().setLevel(logging.DEBUG)
for name in ("kafka", "asyncio", "psycopg", "psycopg.pool", "django", "redis"):
    logging.getLogger(name).setLevel(logging.DEBUG)
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import connection
from django.test import RequestFactory
from apps.commands.client import get_client
from apps.commands.types import Actor, OpenAccount
from apps.core.enums import Role
from apps.engine.recovery import connect
from apps.eventlog.provision import ensure_topics
from apps.observability.health import check_dependencies
from apps.observability.hiding import Reporter
from apps.observability.metrics import exposition
from apps.asyncreads.pool import connection_arguments
import psycopg
def url_in_a_message():
    raise ValueError(f"cannot parse {settings.REDIS_URL} and {settings.DATABASES['default']['PASSWORD']}")
def engine():
    get_client().send(OpenAccount(command_id="1" * 32, actor=Actor(user_id=None, role=Role.SYSTEM), account_id=1), deadline_s=0.2)
doors = {
    "postgres": lambda: connection.cursor(),
    "postgres, the engine's": lambda: connect(settings.DATABASES["default"]),
    "postgres, the stream's": lambda: psycopg.connect(**connection_arguments(settings.DATABASES["default"], "stream")),
    "redis": lambda: cache.get("x"),
    "channels": lambda: async_to_sync(get_channel_layer().group_send)("g", {"type": "x"}),
    "kafka": ensure_topics,
    "engine": engine,
    "mail": lambda: send_mail("s", "t", None, ["a@b.example"]),
    "a careless message": url_in_a_message,
}
opened = 0
for name, door in doors.items():
    try:
        door()
    except Exception as error:
        logging.getLogger("doors").error("%s: %s", name, error, exc_info=True)
        reporter = Reporter(RequestFactory().get("/"), *sys.exc_info())
        print(reporter.get_traceback_html(), reporter.get_traceback_text())
    else:
        opened += 1
        print("OPEN", name)
print([answer.reason for answer in check_dependencies()], exposition())
print("DOORS", len(doors), "OPEN", opened)
"""


def doors(**environment: str) -> str:
    done = run("-c", DOORS, **canaries(DJANGO_SETTINGS_MODULE="tredye.settings.dev", DEBUG="on", **environment))
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
    return done.stdout + done.stderr


@pytest.mark.long
def test_no_door_to_a_server_shows_a_secret_in_logs_at_debug_level_nor_on_an_error_page() -> None:
    said = doors()
    assert "DOORS 9 OPEN 0" in said
    assert "cannot parse redis://:***@127.0.0.1" in said, "what a message would have told is left out of it"
    assert CANARY not in said


@pytest.mark.long
def test_a_server_that_says_no_is_told_without_the_password_that_it_refused() -> None:
    from django.conf import settings

    database = settings.DATABASES["default"]
    port = settings.REDIS_URL.rpartition(":")[2]
    said = doors(
        DATABASE_URL=f"postgres://nobody_here:{CANARY}-database@{database['HOST']}:{database['PORT']}/no_such_database",
        REDIS_URL=f"redis://:{CANARY}-redis@127.0.0.1:{port}",
    )
    assert CANARY not in said


def ask(url: str, **headers: str) -> str:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=40) as answer:
            return str(answer.read(), "utf-8", "replace")
    except urllib.error.HTTPError as error:
        return str(error.read(), "utf-8", "replace")


@pytest.mark.long
@pytest.mark.processes
def test_a_web_process_without_its_servers_shows_no_secret(tmp_path: Path) -> None:
    port = free_ports(["web"])["web"]
    log = tmp_path / "log"
    environment = canaries(DJANGO_SETTINGS_MODULE="tredye.settings.dev", ALLOWED_HOSTS="localhost", DEBUG="on")
    with log.open("wb") as file:
        command = [sys.executable, "-m", "daphne", "-p", str(port), "tredye.asgi:application"]
        process = subprocess.Popen(command, cwd=ROOT, env={**PRODUCTION, **environment}, stdout=file, stderr=file)
    try:
        wait_for_port(port, process, log)
        base = f"http://localhost:{port}"
        seen = [ask(base + path) for path in ("/readyz", "/metrics", "/login/", "/nowhere")]
        seen.append(ask(base + "/markets/", Cookie="sessionid=" + "a" * 32))
        assert {"postgres", "redis", "engine"} <= set(json.loads(seen[0])["missing"]), "the reasons are told to this machine"
    finally:
        process.terminate()
        process.wait(timeout=20)
    assert CANARY not in "".join(seen)
    assert CANARY not in log.read_text()


def wait_for_port(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 40
    while True:
        assert process.poll() is None and time.monotonic() < deadline, log.read_text()
        with socket.socket() as link:
            if link.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
