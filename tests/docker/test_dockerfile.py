"""The Dockerfile keeps its basic laws. It is not built here: a test machine has no Docker."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: One instruction a line, comments out, continuations joined.
LINES = [
    re.sub(r"\s+", " ", line)
    for line in re.sub(
        r"\\\n", " ", "\n".join(x for x in (ROOT / "Dockerfile").read_text().splitlines() if not x.startswith("#"))
    ).splitlines()
    if line.strip()
]
STAGES = [line.split() for line in LINES if line.startswith("FROM ")]
FINAL = LINES[max(number for number, line in enumerate(LINES) if line.startswith("FROM ")) :]


def instructions(name: str, lines: list[str] = LINES) -> list[str]:
    return [line.removeprefix(f"{name} ") for line in lines if line.startswith(f"{name} ")]


def test_it_has_stages_and_every_base_is_one_exact_version() -> None:
    assert len(STAGES) >= 3
    for _, image, *_ in STAGES:
        assert re.fullmatch(r"(python|node):\d+\.\d+\.\d+(-slim-bookworm|-bookworm-slim)", image), image
    assert len({image for _, image, *_ in STAGES if image.startswith("python")}) == 1, (
        "the packages are made for the Python that runs"
    )


def test_what_runs_is_a_numbered_user_that_is_not_root() -> None:
    assert instructions("USER", FINAL) == ["10001:10001"]
    after = FINAL[FINAL.index("USER 10001:10001") :]
    assert not instructions("RUN", after) and not instructions("COPY", after)
    assert not [line for line in LINES if "--chown" in line], "its user owns nothing of the program"


def test_the_packages_come_by_hash_and_nothing_is_compiled_or_downloaded_otherwise() -> None:
    (pip,) = [line for line in instructions("RUN") if "pip install" in line]
    assert "--require-hashes" in pip and "--only-binary :all:" in pip and "-r requirements.txt" in pip
    (npm,) = [line for line in instructions("RUN") if "npm" in line]
    assert "npm ci --ignore-scripts" in npm
    (debian,) = [line for line in instructions("RUN") if "apt-get" in line]  # signed by Debian: the one other source
    assert "install --yes --no-install-recommends postgresql-client-15" in debian
    text = "\n".join(LINES).replace(debian, "")
    assert not instructions("ADD") and not re.search(r"\b(curl|wget|git|apt-get|apk)\b", text)


def test_every_place_that_is_copied_exists_and_may_enter_the_build() -> None:
    entering = [line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    copied = [line.split()[:-1] for line in instructions("COPY") if not line.startswith("--from=")]
    assert copied
    for source in (source for sources in copied for source in sources):
        assert (ROOT / source).exists(), source
        assert source in entering, f"{source} is left out by .dockerignore"
    assert {name for names in copied for name in names} == set(entering)


def test_no_secret_is_in_a_layer() -> None:
    assert not instructions("ARG")
    assert not [line for line in instructions("ENV") if re.search(r"SECRET|PASSWORD|TOKEN|_URL", line)]
    keys = re.findall(r"SECRET_KEY=(\S+)", "\n".join(LINES))
    assert keys == ['"$(python'], "the one key of the build is made up in its command"


def test_the_static_files_are_collected_with_the_production_settings() -> None:
    (collect,) = [line for line in instructions("RUN") if "collectstatic" in line]
    assert "DJANGO_SETTINGS_MODULE=tredye.settings.prod" in collect
    assert "DJANGO_SETTINGS_MODULE=tredye.settings.prod" in " ".join(instructions("ENV", FINAL))


def test_it_stops_with_the_signal_that_the_processes_know() -> None:
    assert instructions("STOPSIGNAL", FINAL) == ["SIGTERM"]


@pytest.mark.parametrize("secret", [".env", "var", ".git", "tests", "docs", "stack"])
def test_the_build_sees_nothing_private(secret: str) -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert next(line for line in lines if line and not line.startswith("#")) == "*", "everything is out that is not let in"
    assert f"!{secret}" not in lines
    assert "**/.env*" in lines
