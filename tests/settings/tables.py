"""Every setting as the docs and ``.env.example`` must tell it: the declarations are the truth, and they are code."""

from stack.settings import PORTS, SETTINGS
from tredye.settings import base  # noqa: F401  # reading it declares its settings
from tredye.settings.env import env
from tredye.settings.reader import Setting

NONE = "none, it must be set"


def product() -> list[str]:
    """The rows of the product's own settings, those that a person may set."""
    return [_row(setting) for setting in env.declared.values() if not setting.internal]


def internal() -> list[str]:
    return [_row(setting) for setting in env.declared.values() if setting.internal]


def stack() -> list[str]:
    """The rows of what ``make`` reads and the product does not."""
    ports = [(name, f"`{default}`", f"port of {meaning}") for name, default, meaning in PORTS.values()]
    return [f"| `{name}` | {default} | {meaning} |" for name, default, meaning in (*ports, *SETTINGS)]


def stack_names() -> list[str]:
    return [name for name, *_ in (*PORTS.values(), *SETTINGS)]


def _row(setting: Setting) -> str:
    default = NONE if setting.default is None else f"`{setting.default}`" if setting.default else "empty"
    must_be = f"{setting.must_be}; secret" if setting.secret else setting.must_be
    return f"| `{setting.name}` | {default} | {must_be} | {setting.meaning} |"
