"""Rows of a recording, CSV or Parquet, one at a time, however large the file is."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from apps.marketdata.feeds.columns import is_header

_PARQUET = b"PAR1"
_CELLS_MAX = 200
_LINE_MAX = 65_536
INSTALL = "reading Parquet needs one package more: pip install --require-hashes -r requirements-parquet.txt"


class RecordingError(Exception):
    """The file cannot be read, or not further; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Row:
    """``line`` is of a CSV file, the first being 1, and of a Parquet file the row's number from 1. ``error`` says why there are
    no cells; ``done`` is the share of a CSV file that is read, in per mille."""

    line: int
    cells: Sequence[Any]
    done: int = 0
    error: str = ""


class Recording:
    """``header`` is None where the columns have no names; ``first`` is the first row of cells."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self._is_parquet = file.read(4) == _PARQUET
            self._size = path.stat().st_size
        except OSError as error:
            raise RecordingError(f"{path} cannot be read: {error.strerror}") from None
        self.header: Sequence[str] | None = None
        rows = self._start()
        try:
            self.first = next(row.cells for row in rows if not row.error)
        except StopIteration:
            raise RecordingError(f"{path} has no rows") from None

    def rows(self) -> Iterator[Row]:
        """From the beginning. Raises :class:`RecordingError` where it cannot go on."""
        return self._start()

    def _start(self) -> Iterator[Row]:
        return self._of_parquet() if self._is_parquet else self._of_csv()

    def _of_csv(self) -> Iterator[Row]:
        csv.field_size_limit(_LINE_MAX)
        line = 0
        try:
            # What is not UTF-8 makes a bad cell, not the end of the file.
            with self.path.open("rb") as read, TextIOWrapper(read, "utf-8-sig", errors="replace", newline="") as file:
                reader = csv.reader(_bounded(file))
                while True:
                    try:
                        cells = next(reader)
                    except StopIteration:
                        return
                    except csv.Error as error:
                        yield Row(reader.line_num, (), 0, str(error))
                        continue
                    line = reader.line_num
                    if not cells:
                        continue
                    if line == 1 and is_header(cells):
                        self.header = cells
                        continue
                    done = read.tell() * 1000 // max(1, self._size)
                    yield Row(line, cells[:_CELLS_MAX], done)
        except OSError as error:
            raise RecordingError(f"{self.path}, line {line}: {error.strerror}") from None

    def _of_parquet(self) -> Iterator[Row]:
        try:
            from arro3.io import read_parquet
        except ImportError:
            raise RecordingError(INSTALL) from None
        self._check_parquet()
        number = 0
        try:
            reader = read_parquet(str(self.path))
            self.header = list(reader.schema.names)
            for batch in reader:
                columns = [column.to_pylist() for column in batch.columns[:_CELLS_MAX]]
                for cells in zip(*columns, strict=True):
                    number += 1
                    yield Row(number, cells)
        except BaseException as error:  # a Rust panic, which a damaged file causes, is no Exception
            if isinstance(error, GeneratorExit | KeyboardInterrupt | SystemExit):
                raise
            raise RecordingError(f"{self.path}, after row {number}: {str(error)[:200]}") from None

    def _check_parquet(self) -> None:
        """The library panics where the end of the file is missing, and prints its stack."""
        with self.path.open("rb") as file:
            file.seek(max(0, self._size - 4))
            if self._size < 12 or file.read(4) != _PARQUET:
                raise RecordingError(f"{self.path} begins as a Parquet file and does not end as one: it was cut off")


def _bounded(lines: TextIOWrapper) -> Iterator[str]:
    """The lines of a text file, each of at most 64 KiB: of a longer one the beginning, which is no row."""
    while line := lines.readline(_LINE_MAX):
        rest = line
        while len(rest) == _LINE_MAX and not rest.endswith("\n"):
            rest = lines.readline(_LINE_MAX)
        yield line if line.endswith("\n") or rest is line else f"{line}\n"
