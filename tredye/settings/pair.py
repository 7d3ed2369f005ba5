"""Two PostgreSQL servers, of which the second has every commit of the first and takes over from it."""

from pathlib import Path

from tredye.settings import parsing
from tredye.settings.env import VAR_DIR, env

DATABASE_STANDBY_WAIT_S: float = env.seconds(
    "DATABASE_STANDBY_WAIT_S",
    "5",
    "seconds that commits wait for a silent standby, before they go on without it and it may no longer take over by itself",
    least=3,
    most=86_400,
)
DATABASE_FENCE_COMMAND: str = env.text(
    "DATABASE_FENCE_COMMAND",
    "",
    "what ends a PostgreSQL server on another machine, called with its host and port; it exits with 0 when that is done",
    must_be="a program and arguments",
)
DATABASE_DATA_DIRS: list[str] = env.words(
    "DATABASE_DATA_DIRS",
    "",
    "where the data of each server of DATABASE_URL lies, in that order, if they run on this machine",
    must_be="absolute paths, separated by commas",
    each=lambda text: parsing.matching(r"/[^,]+", text),
    internal=True,
)
#: What the guard knows of both, and every process of this machine reads.
DATABASE_PAIR_NOTE: Path = VAR_DIR / "run" / "database-pair.json"
