"""The commands behind the Makefile. Anticipated failures end here, as text and an exit code."""

import sys
from collections.abc import Callable, Sequence

from stack import audit, checks
from stack.context import Context, make_context
from stack.errors import StackError, Stopped
from stack.processes import TREDYE
from stack.run import run
from stack.settings import Settings

USAGE = """\
usage: python3 -m stack COMMAND

  run                      install, start everything, stay until Ctrl-C          (make run)
  test [-- PYTEST ARGS]    install, start servers, run every check and test      (make test)
  prove                    as test, with the tests that take long                (make prove)
  mutants                  plant every bug on the list and say what finds it      (make mutants)
  lint                     the checks that need no server                        (make lint)
  audit                    ask the registries for advisories about what is pinned (make audit)
  exec -- COMMAND ...      run a command with throw-away servers up              (make bench)
  load -- ARGS             put a stack under load, or compare two runs of it     (make load)

Settings, ports and error messages: docs/running.md
"""


def main(arguments: Sequence[str]) -> int:
    command, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    if rest[:1] == ["--"]:
        rest = rest[1:]
    commands: dict[str, Callable[[Context], int]] = {
        "run": run,
        "test": lambda context: checks.run_tests(context, rest),
        "prove": checks.run_long_tests,
        "mutants": checks.run_mutants,
        "lint": checks.run_lint,
        "audit": audit.run_audit,
        "exec": lambda context: checks.run_command(context, rest),
        "load": lambda context: checks.run_load(context, rest),
    }
    alone = ("run", "prove", "mutants", "lint", "audit")
    wrong = command not in commands or (command == "exec" and not rest) or (command in alone and rest)
    if wrong:
        print(USAGE, end="", file=sys.stdout if command in ("help", "--help", "-h") else sys.stderr)
        return 0 if command in ("help", "--help", "-h") else 2
    # What a command that is run for its output prints must not be mixed with our progress.
    stream = sys.stderr if command in ("exec", "load") else sys.stdout
    return guarded(commands[command], stream is sys.stderr)


def guarded(command: Callable[[Context], int], to_stderr: bool = False) -> int:
    """Run a command; show anticipated failures as text, and end with 130 when it was interrupted before it was done."""
    stream = sys.stderr if to_stderr else sys.stdout
    try:
        context = make_context(Settings.from_environment(processes=TREDYE.names), stream)
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        return command(context)
    except StackError as error:
        for line in error.lines():
            context.progress.say(line)
        return 1
    except OSError as error:
        # A full disk, a directory that another user made: the system's words name the place, which is all one needs.
        context.progress.say(f"Error: {error}")
        return 1
    except Stopped:
        context.progress.say("Stopped")
        return 130
    finally:
        context.terminal.close()
