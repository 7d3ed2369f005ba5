"""Production settings pass Django's deployment checks, and refuse to start with a hole."""

import re
from pathlib import Path

import pytest

from apps.web.context import STYLESHEETS
from tests.settings.production import ROOT, run

CHECK = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")


def test_they_pass_the_deployment_checks_of_django() -> None:
    done = run(*CHECK)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "", "must be set"),
        ("SECRET_KEY", "x1" * 10, "at least 32 characters"),
        ("SECRET_KEY", "q8Jw3nV0zLr5TtY7bXc1KdMfHg2Ps4Qv6Ux9Ae", "at least 50 characters"),
        ("SECRET_KEY", "ab" * 30, "must be random"),
        ("SECRET_KEY", "django-insecure-q8Jw3nV0zLr5TtY7bXc1KdMfHg2Ps4Qv6Ux9Ae-Zi", "must be random"),
        ("SECRET_KEY", "tests-only-key-of-this-worktree-0123456789abcdef-0123456789", "must be random"),
        ("DEBUG", "on", "must be off"),
        ("FAILPOINT", "engine.after_lease:1:exit", "must not be set"),
        ("ALLOWED_HOSTS", "", "must be set"),
        ("ALLOWED_HOSTS", "trade.example.com,*", "must name the hosts"),
        ("ENGINE_TOKEN", "", "must be set when ENGINE_URL is a TCP address"),
        ("PUBLIC_ORIGINS", "", "must all be https://"),
        ("PUBLIC_ORIGINS", "https://trade.example.com,http://trade.example.com", "must all be https://"),
        ("STREAM_URL", "ws://stream.example.com", "must be wss://"),
        ("PROXY_COUNT", "0", "at least 1"),
        ("EMAIL_URL", "", "must name a mail server"),
    ],
)
def test_a_hole_stops_the_start_with_one_line(name: str, value: str, said: str) -> None:
    more = {"ENGINE_URL": "tcp://engine:7000"} if name == "ENGINE_TOKEN" else {}
    done = run("manage.py", "check", **{name: value}, **more)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"settings: {name} ") and said in line
    assert not value or name != "SECRET_KEY" or value not in line


@pytest.mark.parametrize(
    "arguments",
    [
        ("manage.py", "run_engine"),
        ("manage.py", "prepare"),
        ("-m", "celery", "-q", "-A", "tredye", "beat"),
        ("-m", "daphne", "-p", "1", "tredye.asgi:application"),
        ("-m", "uvicorn", "--port", "1", "--lifespan", "off", "--loop", "uvloop", "tredye.asgi:application"),
    ],
    ids=lambda arguments: arguments[1],
)
def test_every_way_in_says_all_that_is_wrong_and_no_stack(arguments: tuple[str, ...]) -> None:
    done = run(*arguments, DATABASE_POOL_MAX="ten", METRICS_TOKEN="c4n4ry", DJANGO_SETTINGS_MODULE="tredye.settings.prod")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "settings: METRICS_TOKEN must be at least 16 characters (its value is not shown)",
        "settings: DATABASE_POOL_MAX must be a whole number from 1 to 500, was 'ten'",
    ]
    assert done.stdout == ""


def test_a_settings_module_that_does_not_exist_is_told_like_any_wrong_value() -> None:
    done = run("manage.py", "check", DJANGO_SETTINGS_MODULE="tredye.settings.prodd")
    assert done.returncode == 1
    assert done.stderr.startswith("settings: DJANGO_SETTINGS_MODULE must be tredye.settings.dev, ")
    assert "was 'tredye.settings.prodd'" in done.stderr


# --- static files ---------------------------------------------------------------------------------------------------------

#: Run in a process of its own: collects for real, then asks for the landing page and for each file that it names.
PAGE = """
import re, sys
from pathlib import Path
from tredye.settings.env import choose_settings
choose_settings()
from django.conf import settings
settings.STATIC_ROOT = Path(sys.argv[1])
import django
django.setup()
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
for name in sys.argv[2:]:
    url = staticfiles_storage.url(name)
    assert re.search(r"\\.[0-9a-f]{12}\\.\\w+$", url), url
from django.test import Client
client = Client(SERVER_NAME="trade.example.com", headers={"X-Forwarded-Proto": "https"})
page = client.get("/login/")
assert page.status_code == 200, page.status_code
urls = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.content.decode()))
assert len(urls) >= 3, urls
for url in urls:
    answer = client.get(url)
    assert answer.status_code == 200, url
    assert "immutable" in answer.headers["Cache-Control"], url
plain = Client(SERVER_NAME="trade.example.com").get("/login/")
assert (plain.status_code, plain.headers["Location"]) == (301, "https://trade.example.com/login/")
assert Client(SERVER_NAME="trade.example.com").get("/livez").status_code == 200
assert Client(SERVER_NAME="other.example.com").get("/livez").status_code == 400
print("all there:", len(urls))
"""


def static_names() -> list[str]:
    """Every file that a template names with ``{% static %}``."""
    found: set[str] = set()
    for path in sorted((ROOT / "templates").rglob("*.html")):
        found |= set(re.findall(r"""{%\s*static\s+['"]([^'"]+)['"]""", path.read_text()))
    return sorted(found)


def test_pages_find_every_static_file_in_the_manifest(tmp_path: Path) -> None:
    names = [*static_names(), *STYLESHEETS]
    assert len(names) > 15
    done = run("-c", PAGE, str(tmp_path / "static"), *names)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "all there" in done.stdout
