"""What is put under load: a stack that runs on this machine, or one that is started for it and removed afterwards."""

import json
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from load.lanes import Lane
from stack import eventlog, servers
from stack.cluster import Cluster
from stack.environment import product_environment
from stack.processes import TREDYE
from stack.runfile import start_time
from stack.settings import ROOT, Settings

ALLOWED_SETTING = "LOAD_ALLOWED_HOSTS"
_HERE = ("127.0.0.1", "localhost", "::1")
_WHAT_IT_NEEDS = ("DATABASE_URL", "REDIS_URL", "ENGINE_URL", "SECRET_KEY", "STREAM_URL", "PUBLIC_ORIGINS")
_MANAGE_S = 900.0


class TargetError(RuntimeError):
    """What was named cannot or must not be put under load; the message says why, and the way out."""


@dataclass(frozen=True)
class Target:
    """``stream_url`` begins with ws; ``metrics`` are addresses by process; ``pids`` asks anew each time, since processes
    restart."""

    web_url: str
    stream_url: str
    origin: str
    env: Mapping[str, str]
    metrics: Mapping[str, str]
    pids: Callable[[], dict[str, int]]
    event_log: str
    is_own: bool

    @property
    def stream_http_url(self) -> str:
        """Where programs send their orders: the stream's processes answer faster than the pages' (docs/api.md)."""
        return self.stream_url.replace("ws", "http", 1)

    @property
    def database_url(self) -> str:
        return self.env["DATABASE_URL"]

    def run(self, *arguments: str, timeout_s: float = _MANAGE_S) -> "subprocess.CompletedProcess[str]":
        """Run Python in the stack's environment."""
        python = str(Settings.from_environment().venv_python)
        env = {**self.env, "PROCESS_NAME": "load", "METRICS_PORT": "0", "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [python, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=timeout_s, check=False
        )


def check_host(url: str, environ: Mapping[str, str]) -> None:
    """Raises :class:`TargetError` for a host that is not this machine, unless LOAD_ALLOWED_HOSTS names it: load is an attack
    on whoever did not ask for it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https", "ws", "wss") or not host:
        raise TargetError(f"URL must be the address of the pages such as http://localhost:8000, was {url!r}")
    allowed = environ.get(ALLOWED_SETTING, "").split(",")
    if host not in _HERE and host not in (name.strip() for name in allowed if name.strip()):
        raise TargetError(
            f"URL names {host!r}, which is not this machine, and load on somebody else's is an attack. If it is yours: "
            f"make load {ALLOWED_SETTING}={host} URL={url}"
        )


def of_cluster(cluster: Cluster, *, is_own: bool) -> Target:
    ports = cluster.settings.ports
    web, stream = cluster.web_url.replace("localhost", "127.0.0.1"), cluster.stream_url.replace("localhost", "127.0.0.1")
    return Target(
        web_url=web,
        stream_url=stream,
        origin=cluster.web_url,
        env=cluster.env,
        metrics=_metrics(ports, cluster.names),
        pids=cluster.pids,
        event_log=cluster.event_log.name,
        is_own=is_own,
    )


@contextmanager
def own_stack(lane: Lane) -> Iterator[Target]:
    """A whole throw-away stack with the lane's feed."""
    with Cluster(env={"FEED_RATE": str(lane.feed_rate), **lane.env}) as cluster:
        yield of_cluster(cluster, is_own=True)


def running_stack(url: str) -> Target:
    """The stack of ``make run`` with this VAR_DIR, or another one that the environment describes.

    Raises :class:`TargetError`.
    """
    check_host(url, os.environ)
    settings = Settings.from_environment(processes=TREDYE.names)
    state = _state(settings)
    if state.get("address") and urlsplit(url).port == urlsplit(state["address"]).port and urlsplit(url).hostname in _HERE:
        return _of_run(settings)
    return _described(url)


def _of_run(settings: Settings) -> Target:
    log = eventlog.choose(settings)
    urls = {kind.variable: _url_here(settings, kind.name) for kind in servers.CLASSES if kind.name != "kafka" or log.is_kafka}
    urls |= servers.given_urls(settings.environ) | {eventlog.SETTING: log.name}
    env = product_environment(settings, urls)
    web, stream = f"http://127.0.0.1:{settings.ports['web']}", f"ws://127.0.0.1:{settings.ports['stream']}"
    return Target(
        web_url=web,
        stream_url=stream,
        origin=env["PUBLIC_ORIGINS"].split(",")[0],
        env=env,
        metrics=_metrics(settings.ports, [name for name in _alive(_state(settings)) if name in TREDYE.names]),
        pids=lambda: _alive(_state(settings)),
        event_log=log.name,
        is_own=False,
    )


def _url_here(settings: Settings, server: str) -> str:
    port = settings.ports[server]
    return {
        "postgres": f"postgres://tredye@127.0.0.1:{port}/tredye",
        "redis": f"redis://127.0.0.1:{port}/0",
        "kafka": f"127.0.0.1:{port}",
    }[server]


def _described(url: str) -> Target:
    """A stack elsewhere, or started otherwise: its processes cannot be looked into, but its database can."""
    missing = [name for name in _WHAT_IT_NEEDS if not os.environ.get(name)]
    if missing:
        raise TargetError(
            f"no stack of this project runs at {url} (there is none in VAR_DIR's run/stack.json). Start one with make run, "
            f"leave URL out to have one started, or describe the one there: {', '.join(missing)} "
            "must be set as its processes have them."
        )
    stream_url = os.environ["STREAM_URL"]
    check_host(stream_url, os.environ)
    return Target(
        web_url=url.rstrip("/"),
        stream_url=stream_url,
        origin=os.environ["PUBLIC_ORIGINS"].split(",")[0],
        env=dict(os.environ),
        metrics={"web": f"{url.rstrip('/')}/metrics", "stream": f"{stream_url.replace('ws', 'http', 1)}/metrics"},
        pids=dict,
        event_log=os.environ.get("EVENT_LOG", ""),
        is_own=False,
    )


def _metrics(ports: Mapping[str, int], names: Iterable[str]) -> dict[str, str]:
    return {name: f"http://127.0.0.1:{ports[f'metrics-{name}']}/metrics" for name in names}


def _state(settings: Settings) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads((settings.run / "stack.json").read_text())
    except (OSError, ValueError):
        return {}
    return state


def _alive(state: dict[str, Any]) -> dict[str, int]:
    return {name: pid for name, pid, started in state.get("children", []) if start_time(pid) == started != 0}
