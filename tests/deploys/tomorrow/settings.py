"""The settings of tests, with the migrations of tomorrow."""

from tredye.settings.test import *  # noqa: F403
from tredye.settings.test import INSTALLED_APPS as _TODAY

INSTALLED_APPS = [*_TODAY, "tests.deploys.tomorrow"]
