"""A page of one version asks a process of the other for the files that it names, and gets them."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from apps.web.keptfiles import KEPT_FOR_S, KeptFilesMiddleware, keep_files

SHELL = "web/shell.0123456789ab.css"


@pytest.fixture
def kept(tmp_path: Path, settings: Any) -> Path:
    settings.STATIC_KEPT = tmp_path / "kept"
    settings.WHITENOISE_AUTOREFRESH = False
    settings.WHITENOISE_USE_FINDERS = False
    return settings.STATIC_KEPT


def version(directory: Path, name: str, **files: str) -> Path:
    """What ``collectstatic`` leaves of a version."""
    root = directory / name
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def asked(path: str, encoding: str = "") -> HttpResponse:
    middleware = KeptFilesMiddleware(lambda request: HttpResponse(status=404))
    request: HttpRequest = RequestFactory().get(path, headers={"accept-encoding": encoding})
    return middleware(request)  # type: ignore[return-value]


def test_a_process_that_runs_has_the_files_of_the_next_version_and_the_next_has_its(tmp_path: Path, kept: Path) -> None:
    middleware = KeptFilesMiddleware(lambda request: HttpResponse(status=404))
    later = version(tmp_path, "later", **{SHELL: "later" * 100, f"{SHELL}.gz": "packed", "web/shell.css": "no digest"})
    assert keep_files(later, kept) == 2
    answer = middleware(RequestFactory().get(f"/static/{SHELL}"))
    assert b"".join(answer.streaming_content) == b"later" * 100  # type: ignore[attr-defined]
    assert "immutable" in answer["Cache-Control"] and answer["Content-Type"].startswith("text/css")
    assert asked(f"/static/{SHELL}", "gzip")["Content-Encoding"] == "gzip"
    assert asked("/static/web/shell.css").status_code == 404, "that is another in each version"


def test_a_file_is_kept_as_long_as_some_version_has_it_and_a_month(tmp_path: Path, kept: Path) -> None:
    former = version(tmp_path, "former", **{SHELL: "former", "web/gone.ba9876543210.js": "gone"})
    later = version(tmp_path, "later", **{SHELL: "former"})
    keep_files(former, kept)
    for path in (kept / SHELL, kept / "web/gone.ba9876543210.js"):
        os.utime(path, (0, time.time() - KEPT_FOR_S - 60))
    keep_files(later, kept)
    assert [path.name for path in (kept / "web").iterdir()] == ["shell.0123456789ab.css"]


@pytest.mark.parametrize(
    "path", ["/static/../secret.0123456789ab.txt", "/static/web/", "/static/web/no.0123456789ab.css", "/x.0123456789ab.css"]
)
def test_nothing_else_is_given(tmp_path: Path, kept: Path, path: str) -> None:
    keep_files(version(tmp_path, "one", **{SHELL: "one"}), kept)
    (tmp_path / "secret.0123456789ab.txt").write_text("secret")
    assert asked(path).status_code == 404
