from typing import Any

import pytest

from apps.privacy import deletion_job


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    """Nothing is under way that a deletion would have to wait for, and the list beside the backups is this test's own."""
    monkeypatch.setattr(deletion_job, "SETTLES_S", 0.0)
    settings.BACKUP_DIR = str(tmp_path / "shelf")
