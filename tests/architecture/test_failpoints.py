"""Each fail point in the code is a place where some test lets the process die."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ACTIONS = "exit|raise|sleep"


def names_in(text: str) -> Iterator[str]:
    """What ``failpoint`` is called with; a part that is computed is ``*``."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "failpoint":
            [name] = node.args
            if isinstance(name, ast.JoinedStr):
                yield "".join(part.value if isinstance(part, ast.Constant) else "*" for part in name.values)
            else:
                assert isinstance(name, ast.Constant), f"line {node.lineno}: a fail point is named where it is"
                yield name.value


def texts_in(text: str) -> Iterator[str]:
    """The literal texts of a module, f-strings up to their first computed part; not its docstrings."""
    nodes = list(ast.walk(ast.parse(text)))
    docstrings = {
        id(node.body[0].value)
        for node in nodes
        if isinstance(node, ast.Module | ast.FunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def untested(code: Iterator[str], tests: Iterator[str]) -> set[str]:
    names = {name for text in code for name in names_in(text)}
    asked = {literal for text in tests for literal in texts_in(text)}
    return {
        name
        for name in names
        if not any(re.fullmatch(re.escape(name).replace(r"\*", "[a-z_]+") + rf"(:|:[0-9]+:({ACTIONS}))?", each) for each in asked)
    }


def sources(*folders: str) -> Iterator[str]:
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            if path != Path(__file__):
                yield path.read_text()


def test_every_fail_point_has_a_test() -> None:
    assert untested(sources("apps"), sources("tests")) == set()


def test_the_check_bites() -> None:
    code = 'failpoint("engine.planted")\nfailpoint(f"jobs.{name}.planted")\nfailpoint("engine.known")'
    tests = 'start(FAILPOINT="jobs.mail.planted:3:exit")\nPOINTS = {"engine.known": 1}'
    assert untested(iter([code]), iter([tests])) == {"engine.planted"}
