"""docker-compose.yml runs the processes that ``make run`` runs, each bounded, watched and unprivileged."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from apps.grants.roles import Role
from stack.processes import PROCESSES, TREDYE, TWO_OF_EACH, Process
from tests.docker.compose import (
    COMPOSE,
    FILE,
    ONCE,
    ROOT,
    SERVERS,
    SERVICES,
    container_command,
    interpolated,
    kind_of_health,
    product_services,
    said_twice,
)
from tests.settings import tables
from tredye.settings.env import env
from tredye.settings.envfile import offered, read_env_file

EXAMPLE = ROOT / ".env.example"
OFFICIAL = {
    "postgres": "postgres",
    "postgres-standby": "postgres",
    "redis": "redis",
    "kafka": "apache/kafka",
    "prometheus": "prom/prometheus",
    "grafana": "grafana/grafana",
    "balancer": "haproxy",
}
#: What must get out, to the mail server, and lets nobody in.
SENDERS = {"worker", "worker-2"}
#: What compose decides itself, because the value is where something is inside its own network.
FIXED = {"VAR_DIR", "ENGINE_URL", "ENGINE_TOKEN", "DATABASE_DATA_DIRS"}
#: Only the command that makes the demo users needs their passwords.
SEED_ONLY = {name for name in env.declared if name.startswith("DEMO_")}
LOGINS = {role: f"POSTGRES_{role.upper()}_PASSWORD" for role in Role}
REQUIRED = {
    *("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "GRAFANA_ADMIN_PASSWORD", "ALLOWED_HOSTS", "PUBLIC_ORIGINS"),
    *LOGINS.values(),
}
#: Who connects to PostgreSQL as its owner; everybody else knows no password but that of a login.
OWNERS = {"prepare", "seed", "guard"}


def test_no_name_is_said_twice() -> None:
    assert said_twice(FILE.read_text()) == []
    assert said_twice("a: &x {b: 1}\nc: [{<<: *x, d: {e: 1, f: 2, e: 3}}]") == ["e"], "this check bites"


def test_the_services_are_the_processes_of_make_run_and_the_servers() -> None:
    assert set(SERVICES) == {*TREDYE.names, *ONCE, *SERVERS}


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_a_container_runs_what_make_run_runs(process: Process) -> None:
    service = SERVICES[process.name]
    assert [str(word) for word in service["command"]] == container_command(process.arguments)
    assert service["environment"]["PROCESS_NAME"] == process.name
    assert service["healthcheck"]["test"] == ["CMD", "python", "ops/docker/healthcheck.py", kind_of_health(process)]


def test_the_profile_two_is_what_make_run_starts_with_two_of_each() -> None:
    wanted = {process.name for process in PROCESSES if TWO_OF_EACH in process.settings}
    profile = {name for name, service in SERVICES.items() if "two" in service.get("profiles", ())}
    assert profile - {"balancer"} == wanted
    assert {process.name for process in PROCESSES if not process.settings} == {
        name for name in product_services() if not SERVICES[name].get("profiles") and name not in ONCE
    }
    first = {process.arguments: process.name for process in PROCESSES if not process.settings}
    seconds = [process for process in PROCESSES if TWO_OF_EACH in process.settings]
    for process in seconds:
        alone = tuple(word.replace("_2_PORT", "_PORT") for word in process.arguments)
        alone = alone[: alone.index("--member")] if "--member" in alone else alone
        first.pop(alone)
        limits = ("mem_limit", "cpus", "ulimits", "networks")
        once = next(each.name for each in PROCESSES if each.arguments == alone)
        assert [SERVICES[process.name].get(name) for name in limits] == [SERVICES[once].get(name) for name in limits]
    assert not first, f"nothing starts a second {', '.join(first.values())}"


def test_the_balancer_asks_every_web_and_stream_whether_it_is_well() -> None:
    config = (ROOT / "ops/haproxy/haproxy.cfg").read_text()
    backends = {part.split("\n")[0]: part for part in config.split("\nbackend ")[1:]}
    for backend, ready, port, probe in (("pages", "WEB", "8000", "/readyz"), ("streams", "STREAM", "8001", "/livez")):
        lines = [line.split() for line in backends[backend].splitlines() if line.strip().startswith("server ")]
        wanted = [process.name for process in PROCESSES if process.ready.name == ready]
        assert [(words[1], words[2]) for words in lines] == [(name, f"{name}:{port}") for name in wanted]
        assert all("check" in words for words in lines)
        assert f"uri {probe} " in backends[backend]
    assert "option forwardfor" in config and "{ path /stream }" in config


def test_what_runs_once_is_what_make_run_does_before() -> None:
    assert tuple(SERVICES["prepare"]["command"]) == TREDYE.prepare
    assert tuple(SERVICES["seed"]["command"]) == TREDYE.seed
    assert SERVICES["seed"]["profiles"] == ["demo"]


def test_a_process_that_is_only_in_one_list_is_found() -> None:
    planted = Process("planted", ("python", "-m", "daphne", "-b", "127.0.0.1", "-p", "{WEB_PORT}"))
    assert planted.name not in SERVICES
    assert container_command(planted.arguments)[3:] == ["-b", "0.0.0.0", "-p", "8000"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_bounded_watched_and_unprivileged(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == {"prepare": "on-failure:5", "seed": "no"}.get(name, "unless-stopped")
    assert service["mem_limit"] and service["cpus"] and service["pids_limit"]
    assert service["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "5"}}
    assert service["cap_drop"] == ["ALL"] and "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"] is True
    assert not service.get("privileged") and "network_mode" not in service and "pid" not in service
    assert service["healthcheck"] == {"disable": True} if name in ONCE else service["healthcheck"]["test"]
    assert service.get("read_only", False) is (name != "kafka")
    assert service.get("user", "the image's own") not in ("root", "0", 0)


def test_the_servers_are_official_images_of_one_version_and_the_product_is_built_here() -> None:
    for name in SERVERS:
        image, _, tag = SERVICES[name]["image"].partition(":")
        assert image == OFFICIAL[name]
        assert tag.removeprefix("v").count(".") >= 1 and tag[-1:].isalnum() and "latest" not in tag
    assert {service["image"] for service in product_services().values()} == {"tredye:${TREDYE_VERSION:-local}"}
    assert all(service["build"] == {"context": "."} for service in product_services().values())


def test_kafka_is_the_version_that_make_run_and_the_tests_use() -> None:
    pinned = (ROOT / "ops/kafka/pom.xml").read_text().split("<kafka.version>")[1].split("<")[0]
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{pinned}"


def test_only_what_a_person_opens_is_published_and_only_on_loopback() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"web", "stream", "web-2", "stream-2", "balancer", "grafana"}
    assert all(port.startswith("127.0.0.1:${") for ports in published.values() for port in ports)
    assert COMPOSE["networks"]["backend"] == {"internal": True}
    for name, service in SERVICES.items():
        assert service["networks"] == (["backend", "edge"] if name in {*published, *SENDERS} else ["backend"])


def test_what_is_kept_is_in_declared_volumes() -> None:
    used = [volume for service in SERVICES.values() for volume in service.get("volumes", [])]
    named = {volume.split(":")[0] for volume in used if not volume.startswith(".")}
    assert named == set(COMPOSE["volumes"])
    for volume in used:
        if volume.startswith("."):
            assert volume.endswith(":ro")
            assert (ROOT / volume.split(":")[0]).is_dir()


def test_nothing_starts_before_what_it_needs() -> None:
    waits = {name: service.get("depends_on", {}) for name, service in SERVICES.items()}
    assert {name for name, needs in waits.items() if "prepare" in needs} == set(TREDYE.names)
    assert all(
        needs["prepare"] == {"condition": "service_completed_successfully"} for needs in waits.values() if "prepare" in needs
    )
    others = [need for needs in waits.values() for name, need in needs.items() if name != "prepare"]
    assert all(need == {"condition": "service_healthy"} for need in others)
    assert set(waits["prepare"]) == {"postgres", "kafka"}


# --- settings -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", product_services())
def test_a_container_is_told_every_setting(name: str) -> None:
    told = set(SERVICES[name]["environment"])
    wanted = set(env.declared) - FIXED - {"FAILPOINT"} - (SEED_ONLY if name != "seed" else set())
    assert told == wanted


@pytest.mark.parametrize("name", product_services())
def test_a_container_knows_the_passwords_of_its_own_logins_alone(name: str) -> None:
    told = SERVICES[name]["environment"]
    role = next((process.role for process in PROCESSES if process.name == name), "")
    assert told["DATABASE_ROLE"] == role and bool(role) is (name not in OWNERS)
    known = {found for value in told.values() for found, _, _ in interpolated(value)} & {"POSTGRES_PASSWORD", *LOGINS.values()}
    if name in OWNERS:
        assert known == ({"POSTGRES_PASSWORD", *LOGINS.values()} if name == "prepare" else {"POSTGRES_PASSWORD"})
        return
    own = {role, Role.CONSOLE} if role == Role.WEB else {role}
    assert known == {LOGINS[Role(each)] for each in own}
    words = dict(word.split("=", 1) for word in told["DATABASE_PASSWORDS"].split(","))
    assert {each: next(interpolated(value))[0] for each, value in words.items()} == {each: LOGINS[Role(each)] for each in own}


def test_a_setting_is_told_under_its_own_name_or_fixed() -> None:
    fixed = {}
    for service in product_services().values():
        for name, value in service["environment"].items():
            names = [found for found, _, _ in interpolated(str(value))]
            if names != [name]:
                fixed[name] = value
    servers = {"DATABASE_URL", "DATABASE_ROLE", "DATABASE_PASSWORDS", "REDIS_URL", "EVENT_LOG", "KAFKA_BOOTSTRAP"}
    assert set(fixed) == servers | {"PROCESS_NAME", "METRICS_HOST", "METRICS_PORT", "METRICS_TARGETS"}


def test_what_must_be_set_stops_the_start_and_no_secret_has_a_default() -> None:
    found = set(interpolated(SERVICES))
    assert {name for name, kind, _ in found if kind == "?"} == REQUIRED
    secret = {setting.name for setting in env.declared.values() if setting.secret} | {n for n in REQUIRED if "PASSWORD" in n}
    assert {name for name, kind, rest in found if name in secret and kind == "-" and rest} == set()


def test_the_example_offers_every_setting_and_no_other() -> None:
    people = {setting.name for setting in env.declared.values() if not setting.internal}
    compose = {name for name, _, _ in interpolated(SERVICES)}
    itself = {"COMPOSE_PROJECT_NAME", "COMPOSE_PROFILES", "COMPOSE_FILE"}
    assert offered(EXAMPLE) == people | compose | itself | set(tables.stack_names())


def test_the_docs_tell_what_only_compose_reads() -> None:
    compose = {name for name, _, _ in interpolated(SERVICES)} - set(env.declared) - set(tables.stack_names())
    section = (ROOT / "docs/settings.md").read_text().split("## Only `docker-compose.yml`\n")[1].split("\n## ")[0]
    assert {line.split("`")[1] for line in section.splitlines() if line.startswith("| `")} == compose


def test_the_example_asks_for_what_must_be_set_and_holds_no_secret() -> None:
    values, problems = read_env_file(EXAMPLE)
    assert problems == []
    assert values.keys() >= REQUIRED
    assert {name: value for name, value in values.items() if value} == {"PROXY_COUNT": "1"}
    lines = [line.removeprefix("#") for line in EXAMPLE.read_text().splitlines()]
    assert [line for line in lines if "=" in line and "PASSWORD" in line.split("=")[0] and line.split("=")[1]] == []


def test_prometheus_asks_every_process() -> None:
    settings = yaml.safe_load((ROOT / "ops/prometheus/prometheus.yml").read_text())
    asked = settings["scrape_configs"][0]["dns_sd_configs"][0]
    assert asked["names"] == list(TREDYE.names)
    assert str(asked["port"]) == SERVICES["web"]["environment"]["METRICS_PORT"]


def test_the_sampler_asks_every_process() -> None:
    port = SERVICES["beat"]["environment"]["METRICS_PORT"]
    asked = SERVICES["beat"]["environment"]["METRICS_TARGETS"].split(",")
    assert asked == [f"{process.name}{'?' if process.settings else ''}={process.name}:{port}" for process in PROCESSES]


def test_grafana_is_provided_with_prometheus_and_a_place_for_boards() -> None:
    provisioning = ROOT / "ops/grafana/provisioning"
    source = yaml.safe_load((provisioning / "datasources/prometheus.yml").read_text())["datasources"][0]
    assert source["url"] == "http://prometheus:9090" and source["isDefault"]
    provider = yaml.safe_load((provisioning / "dashboards/boards.yml").read_text())["providers"][0]
    assert f"./ops/grafana/boards:{provider['options']['path']}:ro" in SERVICES["grafana"]["volumes"]
    assert (ROOT / "ops/grafana/boards").is_dir()


# --- Compose itself -------------------------------------------------------------------------------------------------------


def compose_command() -> list[str] | None:
    """Docker Compose on this machine: the plugin, or the program of its own."""
    docker = shutil.which("docker")
    if docker and subprocess.run([docker, "compose", "version"], capture_output=True, timeout=30).returncode == 0:
        return [docker, "compose"]
    program = shutil.which("docker-compose")
    return [program] if program else None


@pytest.fixture
def compose(tmp_path: Path) -> Any:
    command = compose_command()
    if command is None:
        pytest.skip("there is no Docker Compose on this machine")

    def config(**values: str) -> "subprocess.CompletedProcess[str]":
        (tmp_path / "env").write_text("".join(f"{name}={value}\n" for name, value in values.items()))
        profiles = [word for name in ("demo", "standby", "two") for word in ("--profile", name)]
        arguments = ["--env-file", str(tmp_path / "env"), "--file", str(FILE), *profiles, "config", "--format", "json"]
        bare = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
        return subprocess.run([*command, *arguments], cwd=ROOT, env=bare, capture_output=True, text=True, timeout=60)

    return config


def test_compose_accepts_the_file(compose: Any) -> None:
    done = compose(**dict.fromkeys(REQUIRED, "x1y2"), STREAM_SOCKETS_MAX="7")
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    assert set(read["services"]) == set(SERVICES)
    for process in PROCESSES:
        service = read["services"][process.name]
        assert service["command"] == container_command(process.arguments)
        assert service["environment"]["STREAM_SOCKETS_MAX"] == "7"
        assert service["environment"]["DATABASE_URL"] == "postgres://tredye@postgres:5432/tredye"
    assert {port["host_ip"] for service in read["services"].values() for port in service.get("ports", [])} == {"127.0.0.1"}


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_compose_refuses_to_start_without(compose: Any, name: str) -> None:
    done = compose(**dict.fromkeys(REQUIRED - {name}, "x"))
    assert done.returncode != 0
    assert name in done.stderr and "must be set in .env" in done.stderr
