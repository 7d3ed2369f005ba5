#!/usr/bin/env python
"""Django's command line for Tredye: every process except the two web servers starts here."""

import gc
import sys

from tredye.settings.env import choose_settings


def main() -> None:
    # What is imported stays: looking through all of it again and again for what could go is a tenth of the start.
    gc.set_threshold(50_000, 20, 100)
    choose_settings()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
