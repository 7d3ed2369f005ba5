"""Files in and out: lines with a limit and a number, and an output that is whole or absent."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO


class FlowError(ValueError):
    """The input cannot be replayed. The message names file, line and value, and what to do."""


def fail(path: Path, line: int, problem: str, way_out: str) -> FlowError:
    return FlowError(f"{path}, line {line}: {problem}. {way_out}")


def read_lines(path: Path, length_max: int) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line without its end). At most ``length_max`` characters of a line are ever in memory.

    Blank lines are allowed at the end of the file alone: elsewhere they would put two files out of step.
    """
    with open_input(path) as file:
        number, blank = 0, 0
        while line := file.readline(length_max + 2):
            number += 1
            line = line.rstrip("\r\n")
            if len(line) > length_max:
                raise fail(path, number, f"longer than {length_max} characters", "Is it the right file, and the right --format?")
            if not line.strip():
                blank = blank or number
                continue
            if blank:
                raise fail(path, blank, "blank, and more lines follow", "Remove the blank line")
            yield number, line


def open_input(path: Path) -> TextIO:
    """Open a text file; what is not ASCII is shown as ``\\x..`` by the error of whoever reads the line."""
    try:
        return path.open(encoding="ascii", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise FlowError(f"{path} cannot be read: {error.strerror}. Check the path and its permissions") from error


@contextmanager
def whole_or_absent(path: Path) -> Iterator[TextIO]:
    """Write a file beside ``path`` and rename it over ``path`` when the block ends well; otherwise leave ``path`` as it was."""
    if path.exists() and not path.is_file():  # a rename would put a file in the place of /dev/null
        raise FlowError(f"{path} cannot be written: it is there, and is no file. Give --out the name of a file")
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        file = beside.open("w", encoding="ascii", newline="\n")
    except OSError as error:
        way_out = "Give --out in a directory that exists and is yours"
        raise FlowError(f"{path} cannot be written: {error.strerror}. {way_out}") from error
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise FlowError(f"{path} cannot be written: {error.strerror}. It was left as it was") from error
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()
