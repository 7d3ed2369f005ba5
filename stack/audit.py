"""``make audit``: whether an advisory names a version that is pinned here, of Python's packages and of npm's.

A registry that has no advisories, a mirror for one, says of everything that nothing is known against it, and pip-audit calls that
clean. So each is asked first about a version that is known to be bad: one that does not name it is not believed, and the verdict
is that nobody knows.
"""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from stack import venv
from stack.context import Context
from stack.packages import ensure_program

#: pip-audit is among what the tests need.
LOCKFILE = "requirements-test.txt"
#: Advisories of years ago: PYSEC-2021-66, and GHSA-35jh-r3h4-6jhm.
BAD_PYTHON = ("jinja2", "2.11.2")
BAD_NPM = ("lodash", "4.17.20")
ASK_WITHIN_S = 600.0
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


class Verdict(IntEnum):
    """The exit code."""

    CLEAN = 0
    BAD = 1
    UNKNOWN = 2


@dataclass(frozen=True)
class Finding:
    verdict: Verdict
    lines: tuple[str, ...] = ()


def run_audit(context: Context) -> int:
    """Ask about every pin; 0 when nothing is known against any, 1 when something is, 2 when that could not be found out."""
    context.interrupt.install()
    venv.ensure(context, LOCKFILE)
    findings = {"Python packages": _audit_python(context), "npm packages": _audit_npm(context)}
    for what, finding in findings.items():
        for line in finding.lines:
            context.progress.say(f"    {line}")
        context.progress.say(f"{what}: {_TOLD[finding.verdict]}")
    verdicts = {finding.verdict for finding in findings.values()}
    return int(Verdict.BAD if Verdict.BAD in verdicts else max(verdicts))


_TOLD = {
    Verdict.CLEAN: "no advisory names a version that is pinned",
    Verdict.BAD: "advisories name versions that are pinned",
    Verdict.UNKNOWN: "NOT KNOWN: no advisories could be had here",
}


def pins(lockfiles: Sequence[str]) -> list[tuple[str, str]]:
    """Each name with its version, once, of the texts of compiled requirements."""
    return sorted({(name.lower(), version) for text in lockfiles for name, version in _PIN.findall(text)})


def judge_python(output: str) -> Finding:
    """What pip-audit's JSON amounts to. A package that was passed over is one of which nothing is known."""
    try:
        dependencies = json.loads(output)["dependencies"]
        bad = [f"{each['name']} {each['version']}: {_ids(each)}" for each in dependencies if each.get("vulns")]
        skipped = [f"{each['name']}: {each['skip_reason']}" for each in dependencies if "skip_reason" in each]
    except (ValueError, KeyError, TypeError):
        return Finding(Verdict.UNKNOWN, ("pip-audit said nothing that can be read",))
    if bad:
        return Finding(Verdict.BAD, tuple(bad))
    return Finding(Verdict.UNKNOWN if skipped or not dependencies else Verdict.CLEAN, tuple(skipped[:3]))


def _ids(dependency: dict[str, Any]) -> str:
    return ", ".join(f"{vuln['id']}, fixed in {' or '.join(vuln['fix_versions']) or 'nothing'}" for vuln in dependency["vulns"])


def judge_npm(output: str) -> Finding:
    """What the JSON of ``npm audit`` amounts to."""
    try:
        report = json.loads(output)
        total = report["metadata"]["vulnerabilities"]["total"]
        bad = [f"{name} ({each['severity']})" for name, each in report["vulnerabilities"].items()]
    except (ValueError, KeyError, TypeError, AttributeError):
        return Finding(Verdict.UNKNOWN, ("npm's registry takes no questions about advisories",))
    return Finding(Verdict.BAD, tuple(bad)) if total or bad else Finding(Verdict.CLEAN)


def believed(of_known_bad: Finding, asked: str) -> Finding | None:
    """None when whoever was asked about what is known to be bad said so; else what is to be told in place of an answer."""
    if of_known_bad.verdict is Verdict.BAD:
        return None
    return Finding(Verdict.UNKNOWN, (*of_known_bad.lines, f"it knows nothing of {asked}, of which advisories were published"))


def _audit_python(context: Context) -> Finding:
    root = context.settings.root
    ours = pins([path.read_text() for path in sorted(root.glob("requirements*.txt"))])
    with context.progress.step(f"Advisories of {len(ours)} Python packages"):
        doubt = believed(_ask_python(context, [BAD_PYTHON]), "{}=={}".format(*BAD_PYTHON))
        return doubt or _ask_python(context, ours)


def _ask_python(context: Context, asked: Sequence[tuple[str, str]]) -> Finding:
    with tempfile.NamedTemporaryFile("w", suffix=".txt", prefix="tredye-audit-") as file:
        file.writelines(f"{name}=={version}\n" for name, version in asked)
        file.flush()
        program = str(context.settings.venv / "bin" / "pip-audit")
        options = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
        return judge_python(_said(context, [program, "-r", file.name, *options], context.settings.root))


def _audit_npm(context: Context) -> Finding:
    npm = ensure_program(context, "npm", lambda: shutil.which("npm"), ["npm"])
    ask = [npm, "audit", "--json", "--package-lock-only"]
    with context.progress.step("Advisories of the npm packages"), tempfile.TemporaryDirectory(prefix="tredye-audit-") as place:
        _write_bad_lock(Path(place))
        doubt = believed(judge_npm(_said(context, ask, Path(place))), "{}@{}".format(*BAD_NPM))
        return doubt or judge_npm(_said(context, ask, context.settings.root))


def _write_bad_lock(place: Path) -> None:
    name, version = BAD_NPM
    wanted = {"name": "known-to-be-bad", "version": "1.0.0", "dependencies": {name: version}}
    lock = {"lockfileVersion": 3, "packages": {"": wanted, f"node_modules/{name}": {"version": version}}}
    (place / "package.json").write_text(json.dumps(wanted))
    (place / "package-lock.json").write_text(json.dumps({"name": wanted["name"], "version": wanted["version"], **lock}))


def _said(context: Context, argv: Sequence[str], place: Path) -> str:
    """What a program wrote, whatever its exit code: 1 says that it found something, and that it could not ask."""
    try:
        done = subprocess.run(
            argv, cwd=place, env=context.settings.tool_env(), capture_output=True, text=True, timeout=ASK_WITHIN_S, check=False
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout
