"""Copies of the books, and room on the disks. docs/deploying.md and docs/runbook.md say why."""

from pathlib import Path

from tredye.settings import parsing
from tredye.settings.env import env

BACKUP_DIR: str = env.text(
    "BACKUP_DIR",
    "",
    "where backups are kept, and made every night; empty: none are made unasked",
    must_be="an absolute path",
    pattern=r"/\S(.*\S)?",
)
BACKUPS_KEPT: int = env.whole("BACKUPS_KEPT", 7, "backups that stay in BACKUP_DIR; the oldest go", least=1, most=1000)
PROOF_KEY_FILE: str = env.text(
    "PROOF_KEY_FILE",
    "",
    "the file of the key that proofs are signed with, made when it is not there; empty: `keys/proof.pem` in VAR_DIR",
    must_be="an absolute path",
    pattern=r"/\S(.*\S)?",
)
TRAIL_DIR: str = env.text(
    "TRAIL_DIR",
    "",
    "where the chain over the trail of staff is copied to every hour, best out of the database's owner's reach; empty: nowhere",
    must_be="an absolute path",
    pattern=r"/\S(.*\S)?",
)
POSTGRES_BIN: str = env.text(
    "POSTGRES_BIN",
    "",
    "the directory of pg_dump and pg_restore; empty: the newest that this machine has",
    must_be="an absolute path",
    pattern=r"/\S(.*\S)?",
)
DISKS: dict[str, Path] = {
    name: Path(directory)
    for name, _, directory in (
        word.partition("=")
        for word in env.words(
            "DISKS",
            "",
            "directories whose volumes are watched, by what is on them; `postgres` is the one by which the engine refuses orders",
            must_be="name=/directory, or several separated by commas",
            each=lambda text: parsing.matching(r"[a-z]{1,20}=/.*", text),
        )
    )
}
DISK_FULL_PERCENT: int = env.whole(
    "DISK_FULL_PERCENT",
    90,
    "from when on the disk of the books is full: the engine takes no new orders, and still cancels",
    least=50,
    most=100,
)
