"""docker-compose.yml as data, and the rule that makes a container's command from a process of ``stack.processes``."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from stack.processes import Process

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docker-compose.yml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
#: The commands that run to their end.
ONCE = ("prepare", "seed")
SERVERS = ("postgres", "postgres-standby", "redis", "kafka", "prometheus", "grafana", "balancer")
#: The ports inside the containers, each of which is alone in its own network namespace.
PORTS = {"WEB_PORT": "8000", "STREAM_PORT": "8001", "WEB_2_PORT": "8000", "STREAM_2_PORT": "8001"}
_INTERPOLATED = re.compile(r"\$\{(?P<name>[A-Z0-9_]+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


def container_command(arguments: tuple[str, ...]) -> list[str]:
    """What a container runs for a process of ``make run``: the same words, listening on every address of its own."""
    return [argument.replace("127.0.0.1", "0.0.0.0").format_map(PORTS) for argument in arguments]


def product_services() -> dict[str, dict[str, Any]]:
    return {name: service for name, service in SERVICES.items() if name not in SERVERS}


def interpolated(value: object) -> Iterator[tuple[str, str, str]]:
    """Every ``${NAME:-default}`` and ``${NAME:?message}`` in ``value``: name, ``-`` or ``?``, and what follows."""
    if isinstance(value, Mapping):
        for part in value.values():
            yield from interpolated(part)
    elif isinstance(value, list):
        for part in value:
            yield from interpolated(part)
    elif isinstance(value, str):
        assert "$" not in _INTERPOLATED.sub("", value), f"{value} is not ${{NAME:-default}}"
        for match in _INTERPOLATED.finditer(value):
            yield match["name"], match["kind"] or "", match["rest"] or ""


def kind_of_health(process: Process) -> str:
    return {"ENGINE": "engine", "WEB": "web", "STREAM": "stream", "ALIVE": "worker"}[process.ready.name]


def said_twice(text: str) -> list[str]:
    """Names that are twice in one mapping of YAML: Compose refuses the file, while PyYAML takes the last one."""
    found: list[str] = []
    waiting: list[yaml.Node | None] = [yaml.compose(text)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            names = [name.value for name, _ in node.value]
            found += {name for name in names if names.count(name) > 1}
            waiting += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
    return found
