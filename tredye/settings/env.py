"""The product's one reader of the environment. The environment comes first, then the file ``.env``, then a setting's default."""

import os
from pathlib import Path

from tredye.settings import parsing
from tredye.settings.envfile import read_env_file
from tredye.settings.reader import Reader

BASE_DIR = Path(__file__).resolve().parents[2]

_file = read_env_file(BASE_DIR / ".env")
env = Reader(_file.values | os.environ, _file.problems)

SETTINGS_MODULE = env.text(
    "DJANGO_SETTINGS_MODULE",
    "tredye.settings.dev",
    "which settings hold: `dev` for a laptop or a trial, `prod` for production behind TLS, `test` for the tests",
    must_be="tredye.settings.dev, tredye.settings.prod or another module of settings",
    check=parsing.module,
)
VAR_DIR = env.path(
    "VAR_DIR", BASE_DIR / "var", "what is kept beside the databases: run files, data, logs; empty: `var` in the project"
)


def choose_settings() -> None:
    """Tell Django which settings to read. Every way into the product calls this first.

    A wrong name is stood in for by the default, and told with whatever else is wrong when those settings are read.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS_MODULE
