"""What can be set from outside, read once: places, ports and the servers that are given.

Precedence: the environment (``make run WEB_PORT=8100`` is the environment too), then ``.env`` in the project, then the
default.
"""

import os
import socket
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from stack.errors import StackError
from tredye.settings.envfile import read_env_file

ROOT = Path(__file__).resolve().parents[1]

# Every port that one machine's stack listens on: the setting that moves it, its default, and what it is for.
PORTS: dict[str, tuple[str, int, str]] = {
    "web": ("WEB_PORT", 8000, "the pages"),
    "stream": ("STREAM_PORT", 8001, "the WebSockets"),
    "web-2": ("WEB_2_PORT", 8002, "the second pages' process, with `TWO_OF_EACH` only"),
    "stream-2": ("STREAM_2_PORT", 8003, "the second WebSockets' process, with `TWO_OF_EACH` only"),
    "postgres": ("POSTGRES_PORT", 55432, "PostgreSQL"),
    "postgres-standby": ("POSTGRES_STANDBY_PORT", 55433, "PostgreSQL's standby, with `POSTGRES_STANDBY` only"),
    "redis": ("REDIS_PORT", 56379, "Redis"),
    "kafka": ("KAFKA_PORT", 59092, "Kafka"),
    "kafka-controller": ("KAFKA_CONTROLLER_PORT", 59093, "Kafka's controller"),
}
METRICS_SETTING = "METRICS_PORT_BASE"
METRICS_DEFAULT = 9400

# The rest of what ``make`` reads and the product does not: the setting, its default, and what it is for.
SETTINGS: tuple[tuple[str, str, str], ...] = (
    (METRICS_SETTING, str(METRICS_DEFAULT), "the metrics of each process, a port each, in the order of `stack/processes.py`"),
    ("ENGINE_STANDBY", "off", "`on` starts a second engine that takes over from the first"),
    ("FEED_STANDBY", "off", "`on` starts a second feed that takes over from the first"),
    ("POSTGRES_STANDBY", "off", "`on` starts a second PostgreSQL that has every commit and takes over from the first"),
    (
        "DATABASE_ROLES",
        "on where `make run` starts PostgreSQL",
        "`on` has each process connect by a login of its own, which may only what it is made for",
    ),
    ("TWO_OF_EACH", "off", "`on` starts a second one of every process that may be two"),
    ("TREDYE_VENV", "`.venv`", "the virtual environment"),
    ("TREDYE_DOWNLOADS", "`var/downloads`", "Kafka's jars"),
    ("TREDYE_PROVE", "1/50", "the share of a night's budget that `make prove` tries"),
    ("LOAD_ALLOWED_HOSTS", "", "hosts beside this machine that `make load URL=…` may put under load, separated by commas"),
    ("CHROMIUM", "found on PATH", "the browser of the browser tests"),
    ("PROMTOOL", "found on PATH, or fetched", "Prometheus' checker of rules, for the tests of the alerts"),
)

# What ties a process to one running stack, and so must not leak from one into another.
ADDRESSES = frozenset(
    {
        *(
            "DATABASE_URL",
            "REDIS_URL",
            "KAFKA_BOOTSTRAP",
            "KAFKA_TOPIC_PREFIX",
            "REDIS_PREFIX",
            "ENGINE_URL",
            "ENGINE_TOKEN",
        ),
        *("DJANGO_SETTINGS_MODULE", "SECRET_KEY", "VAR_DIR", "PROCESS_NAME", "DATABASE_ROLE", "METRICS_PORT", "METRICS_TARGETS"),
        *("WEB_PORT", "STREAM_PORT", "WEB_2_PORT", "STREAM_2_PORT", "STREAM_URL", "PUBLIC_ORIGINS", "ALLOWED_HOSTS"),
    }
)


@dataclass(frozen=True)
class Settings:
    """Places, ports and the environment of one stack. ``home`` is the project's var directory, ``var`` this stack's
    own, ``downloads`` what every stack shares."""

    root: Path
    home: Path
    var: Path
    downloads: Path
    venv: Path
    ports: Mapping[str, int]
    environ: Mapping[str, str] = field(repr=False)

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] | None = None, *, processes: tuple[str, ...] = ()
    ) -> "Settings":
        """Read the settings. Raises StackError that names a setting with a bad value."""
        file = read_env_file(ROOT / ".env")
        if file.problems:
            raise StackError("; ".join(file.problems), f"The file is {ROOT / '.env'}.")
        known = file.values | dict(os.environ if environ is None else environ)
        home = Path(known.get("VAR_DIR") or ROOT / "var").expanduser().absolute()
        downloads = Path(known.get("TREDYE_DOWNLOADS") or home / "downloads").expanduser().absolute()
        venv = Path(known.get("TREDYE_VENV") or ROOT / ".venv").expanduser().absolute()
        ports = {name: _port(known, setting, default) for name, (setting, default, _) in PORTS.items()}
        base = _port(known, METRICS_SETTING, METRICS_DEFAULT)
        ports |= {f"metrics-{name}": base + number for number, name in enumerate(processes)}
        settings = cls(ROOT, home, home, downloads, venv, ports, known)
        _check_distinct(settings.ports_used())
        return settings

    def throwaway(self, directory: str) -> "Settings":
        """The same project with data of its own in var/DIRECTORY, ports that the kernel picks, and no addresses from
        outside."""
        environ = {name: value for name, value in self.environ.items() if name not in ADDRESSES}
        return replace(self, var=self.home / directory, ports=free_ports(list(self.ports)), environ=environ)

    def with_environ(self, environ: Mapping[str, str]) -> "Settings":
        return replace(self, environ=environ)

    def is_on(self, setting: str) -> bool:
        """Raises StackError when it is neither on nor off."""
        value = self.environ.get(setting) or "off"
        if value not in ("on", "off"):
            raise StackError(f"{setting} must be on or off, was {value!r}")
        return value == "on"

    def ports_used(self) -> dict[str, int]:
        """Those that something listens on: what is the second of its kind runs when it is asked for."""
        asked = {"TWO_OF_EACH": ("web-2", "stream-2"), "POSTGRES_STANDBY": ("postgres-standby",)}
        unused = {name for setting, names in asked.items() if not self.is_on(setting) for name in names}
        return {name: port for name, port in self.ports.items() if name not in unused}

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def run(self) -> Path:
        return self.var / "run"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    @property
    def venv_python(self) -> Path:
        return self.venv / "bin" / "python"

    def tool_env(self) -> dict[str, str]:
        """The environment of helper commands: the caller's, without what would point them at another Python."""
        dropped = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
        return {name: value for name, value in self.environ.items() if name not in dropped}


def _port(environ: Mapping[str, str], setting: str, default: int) -> int:
    text = environ.get(setting) or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65_000:
        raise StackError(f"{setting} must be a port number from 1 to 65000, was {text!r}")
    return int(text)


def setting_of(name: str) -> str:
    return METRICS_SETTING if name.startswith("metrics-") else PORTS[name][0]


def _check_distinct(ports: Mapping[str, int]) -> None:
    seen: dict[int, str] = {}
    for name, port in ports.items():
        if port in seen:
            raise StackError(
                f"{setting_of(seen[port])} and {setting_of(name)} both ask for port {port}", "Move one of them."
            )
        seen[port] = name


def free_ports(names: list[str]) -> dict[str, int]:
    """One free loopback port for each name, picked by the kernel and held until all are known, so that no two are
    equal."""
    with ExitStack() as held:
        found = {}
        for name in names:
            listener = held.enter_context(socket.socket())
            listener.bind(("127.0.0.1", 0))
            found[name] = listener.getsockname()[1]
        return found
