"""``python3 -m stack``: checks that the interpreter is new enough, before importing what needs it."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the one place where an old interpreter is told what it lacks
    sys.exit("Tredye needs Python 3.11 or newer; this is " + sys.version.split()[0] + " (" + sys.executable + ").")

from stack.cli import main

sys.exit(main(sys.argv[1:]))
