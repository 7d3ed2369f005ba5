"""The style guide as a test: what a reader may expect of every file."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
MONEY_APPS = ("core", "engine", "ledger", "orders", "portfolio", "commands")
IN_SECONDS = re.compile(r"_s(?:_min|_max)?$", re.IGNORECASE)
#: Modules that wait and measure time, and see no amount: their floats are seconds and shares of them.
TIMING_ONLY = {
    Path("apps") / name
    for name in (
        "commands/async_client.py",
        "commands/client.py",
        "commands/quotelink.py",
        "commands/rate.py",
        "engine/standby.py",
        "engine/watchdog.py",
    )
}

#: Attributes that would run code or carry style past the Content-Security-Policy.
INLINE = re.compile(r"""\s(?:on[a-z]+|style|hx-on[\w:-]*)\s*=|<style\b|<script\b(?![^>]*\bsrc=)|javascript:""", re.IGNORECASE)
#: Data for a script, which is not run.
JSON_SCRIPT = re.compile(r"""<script[^>]*type="application/json"[^>]*>""")


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def complaints_about_size(path: Path, text: str) -> list[str]:
    found = []
    lines = text.count("\n") + 1
    if lines > FILE_LINES_MAX:
        found.append(f"{path}: {lines} lines, at most {FILE_LINES_MAX}")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                found.append(f"{path}:{node.lineno} {node.name}: {length} lines, at most {FUNCTION_LINES_MAX}")
    return found


#: Posts that mail programs make, who have no cookie: the signature in the address is all that counts, and the authorization
#: matrix has their routes (``csrf=False``).
SIGNED_POSTS = "apps/alerts/views/settings.py"


def complaints_about_words(path: Path, text: str) -> list[str]:
    banned = {"TODO": "TO" + "DO", "FIXME": "FIX" + "ME", "csrf_exempt": "csrf_" + "exempt"}
    if path.as_posix().endswith(SIGNED_POSTS):
        del banned["csrf_exempt"]
    found = [f"{path}: {name}" for name, word in banned.items() if re.search(rf"\b{word}\b", text)]
    if re.search(r"""fields\s*=\s*["']__all__["']""", text):
        found.append(f"{path}: fields = __all__")
    return found


def complaints_about_floats(path: Path, text: str) -> list[str]:
    """``float`` called or a float literal where money is: neither may be. A literal may be the value of a name in seconds."""
    found, seconds = [], set()
    for node in ast.walk(ast.parse(text)):
        seconds |= literals_in_seconds(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
            found.append(f"{path}:{node.lineno} float()")
        elif isinstance(node, ast.Constant) and isinstance(node.value, float) and path not in TIMING_ONLY:
            found.append(f"{path}:{node.lineno} {node.value}")
    return [complaint for complaint in found if complaint not in {f"{path}:{line} {value}" for line, value in seconds}]


def literals_in_seconds(node: ast.AST) -> set[tuple[int, float]]:
    """The float literals, with their lines, that ``node`` gives to a name in seconds, as ``f(wait_s=2.0)`` does."""
    given: list[tuple[str, ast.expr | None]] = []
    if isinstance(node, ast.Assign):
        given = [(target.id, node.value) for target in node.targets if isinstance(target, ast.Name)]
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        given = [(node.target.id, node.value)]
    elif isinstance(node, ast.keyword):
        given = [(node.arg or "", node.value)]
    elif isinstance(node, ast.arguments):
        given = [(argument.arg, default) for argument, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)]
    return {
        (value.lineno, value.value)
        for name, value in given
        if IN_SECONDS.search(name) and isinstance(value, ast.Constant) and isinstance(value.value, float)
    }


def complaints_about_templates(path: Path, text: str) -> list[str]:
    text = JSON_SCRIPT.sub("", re.sub(r"\{#.*?#\}", "", text))
    return [f"{path}: {match[0].strip()}" for match in INLINE.finditer(text)]


#: A query whose shape is what somebody sent, or SQL that is not written out: names of columns are from lists of ours.
OPEN_QUERY = re.compile(
    r"""\.(?:filter|exclude|annotate|order_by|values|aggregate)\(\*{0,2}[^()]*\b(?:request|GET|POST|query)\b"""
    r"""|\.extra\(|\.raw\(|\bRawSQL\b"""
)


def complaints_about_queries(path: Path, text: str) -> list[str]:
    return [f"{path}: {match[0]}" for match in OPEN_QUERY.finditer(text)]


def relative(path: Path) -> Path:
    return path.relative_to(ROOT)


def test_files_and_functions_fit_on_a_screen() -> None:
    assert [c for path in python_files("apps", "tredye") for c in complaints_about_size(relative(path), path.read_text())] == []


def test_nothing_is_left_for_later_and_nothing_goes_round_the_guards() -> None:
    assert [c for path in python_files("apps", "tredye") for c in complaints_about_words(relative(path), path.read_text())] == []


def test_no_query_has_the_shape_that_somebody_sent() -> None:
    files = python_files("apps", "tredye")
    assert [c for path in files for c in complaints_about_queries(relative(path), path.read_text())] == []


def test_money_is_never_a_float() -> None:
    folders = [f"apps/{app}" for app in MONEY_APPS]
    assert [c for path in python_files(*folders) for c in complaints_about_floats(relative(path), path.read_text())] == []


def test_templates_carry_no_script_and_no_style() -> None:
    files = sorted((ROOT / "templates").rglob("*.html"))
    assert files
    assert [c for path in files for c in complaints_about_templates(relative(path), path.read_text())] == []


def test_every_app_says_what_it_owns() -> None:
    silent = [
        str(relative(folder))
        for folder in sorted((ROOT / "apps").iterdir())
        if (folder / "__init__.py").exists() and not ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
    ]
    assert silent == []


@pytest.mark.django_db
def test_models_and_migrations_are_in_step() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (complaints_about_size, "x = 1\n" * 401),
        (complaints_about_size, "def long() -> None:\n" + "    pass\n" * 70),
        (complaints_about_words, "# TO" + "DO: later"),
        (complaints_about_words, "@csrf_" + "exempt"),
        (complaints_about_words, "fields = '__all__'"),
        (complaints_about_queries, "Order.objects.filter(**request.GET.dict())"),
        (complaints_about_queries, "rows.order_by(request.GET['sort'])"),
        (complaints_about_queries, "Order.objects.raw(text)"),
        (complaints_about_queries, "rows.extra(where=[text])"),
        (complaints_about_floats, "price = float(text)"),
        (complaints_about_floats, "price = 0.1"),
        (complaints_about_floats, "FEE_MAX = 0.1"),
        (complaints_about_floats, "deposit(account, amount=100.0, deadline_s=3.0)"),
        (complaints_about_templates, '<p style="color: red">'),
        (complaints_about_templates, '<a onclick="x()">'),
        (complaints_about_templates, '<a hx-on:click="x()">'),
        (complaints_about_templates, "<script>x()</script>"),
        (complaints_about_templates, "<style>p {}</style>"),
        (complaints_about_templates, '<a href="javascript:x()">'),
    ],
)
def test_each_of_these_checks_bites(check: object, text: str) -> None:
    assert check(Path("planted"), text)  # type: ignore[operator]


def test_what_is_allowed_is_not_complained_about() -> None:
    seconds = "WAIT_S_MAX: Final = 0.1\ndef f(*, deadline_s: float = 2.0): g(timeout_s=0.5)"
    assert complaints_about_floats(Path("fine"), seconds) == []
    assert complaints_about_templates(Path("fine"), '<script src="a.js" defer></script><a href="/on=1" data-on="x">') == []
