"""The browser that the end-to-end tests drive: the machine's own Chromium."""

import shutil

from stack.context import Context
from stack.packages import ensure_program

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def ensure(context: Context) -> str:
    """Path of a Chromium, which is installed when there is none. CHROMIUM in the environment overrides the search."""
    chosen = context.settings.environ.get("CHROMIUM")
    with context.progress.step("Chromium") as step:
        path = ensure_program(
            context,
            "Chromium (the browser tests drive it)",
            lambda: chosen or next(filter(None, map(shutil.which, NAMES)), None),
            ["chromium"],
            otherwise="set CHROMIUM to the path of a browser",
        )
        step.result = path
        return path
