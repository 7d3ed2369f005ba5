"""A laptop or a trial: the servers that ``make run`` starts, no TLS, verbose errors off unless DEBUG is set."""

from tredye.settings.base import *  # noqa: F403
from tredye.settings.env import env

# Static files are found where they lie; collecting them is for production.
STATIC_ROOT = None

env.stop_if_wrong()
