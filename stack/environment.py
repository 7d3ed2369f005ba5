"""The environment of the product's processes: one contract, written down in docs/running.md."""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from stack.errors import StackError
from stack.processes import TWO_OF_EACH, Process
from stack.settings import Settings

# The kernel takes 107 bytes.
SOCKET_PATH_BYTES_MAX = 99
LOGINS = "DATABASE_ROLES"


def product_environment(settings: Settings, given: Mapping[str, str]) -> dict[str, str]:
    """Everything that the product reads. `given` holds the servers' URLs and the event log; the caller's own environment
    may add or override what is the user's to choose (feed, hosts, demo passwords), but not the addresses of what runs
    here, nor name a broker beside them."""
    known = {name: value for name, value in settings.tool_env().items() if name != "KAFKA_BOOTSTRAP"}
    web, stream = settings.ports["web"], settings.ports["stream"]
    webs = (web, settings.ports["web-2"]) if settings.is_on(TWO_OF_EACH) else (web,)
    path = f"{settings.venv / 'bin'}{os.pathsep}{known.get('PATH', os.defpath)}"
    chosen = {
        "DJANGO_SETTINGS_MODULE": "tredye.settings.dev",
        "SECRET_KEY": "",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "PUBLIC_ORIGINS": ",".join(f"http://{host}:{port}" for port in webs for host in ("localhost", "127.0.0.1")),
        "STREAM_URL": f"ws://localhost:{stream}",
        "KAFKA_TOPIC_PREFIX": "",
        "ENGINE_URL": f"unix://{engine_socket(settings)}",
        "LOG_FORMAT": "text",
    }
    chosen = {name: known.get(name) or value for name, value in chosen.items()}
    if not chosen["SECRET_KEY"]:
        chosen["SECRET_KEY"] = secret_key(settings.run / "secret")
    fixed = {
        "VAR_DIR": str(settings.var),
        "DATABASE_ROLE": "",
        "TREDYE_DOWNLOADS": str(settings.downloads),
        "TREDYE_VENV": str(settings.venv),
        "WEB_PORT": str(web),
        "STREAM_PORT": str(stream),
        "WEB_2_PORT": str(settings.ports["web-2"]),
        "STREAM_2_PORT": str(settings.ports["stream-2"]),
        "PYTHONUNBUFFERED": "1",
        "VIRTUAL_ENV": str(settings.venv),
        "PATH": path,
    }
    return {**known, **chosen, **fixed, **given}


def process_environment(settings: Settings, product: Mapping[str, str], process: Process) -> dict[str, str]:
    """A process knows its own name, the port of its metrics, and as whom it connects to the database."""
    port = settings.ports[f"metrics-{process.name}"]
    role = process.role if has_logins(settings) else ""
    return {**product, "PROCESS_NAME": process.name, "METRICS_PORT": str(port), "DATABASE_ROLE": role}


def has_logins(settings: Settings) -> bool:
    """Whether each process connects by a login of its own. On a server that is given the owner may not be allowed to make
    logins, and they may need passwords, so there somebody has to say so."""
    return settings.is_on(LOGINS) if settings.environ.get(LOGINS) else not settings.environ.get("DATABASE_URL")


def metrics_targets(settings: Settings, names: Iterable[str]) -> dict[str, str]:
    """Where each of these processes serves its metrics, for the one that asks them all."""
    return {"METRICS_TARGETS": ",".join(f"{name}=127.0.0.1:{settings.ports[f'metrics-{name}']}" for name in names)}


def secret_key(path: Path) -> str:
    """The installation's secret: made once, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        secret = path.read_text().strip()
        if len(secret) < 32:
            raise StackError(
                f"{path} does not hold a secret key", f"Remove it, and a new one is made: rm {path}"
            ) from None
        return secret
    secret = secrets.token_urlsafe(50)
    with os.fdopen(handle, "w") as file:
        file.write(secret)
    return secret


def engine_socket(settings: Settings) -> Path:
    """Where the engine listens: in var/run, or in a short private directory when that path would be too long for a
    socket."""
    path = settings.run / "engine.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_BYTES_MAX:
        return path
    digest = hashlib.sha256(str(settings.var).encode()).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"tredye-{os.geteuid()}-{digest}"
    short.mkdir(mode=0o700, exist_ok=True)
    found = short.lstat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise StackError(f"{short} is not a private directory of this user", "Remove it and try again.")
    return short / "engine.sock"
