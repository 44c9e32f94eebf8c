"""What CSV lets pass in silence: a quote that is never closed, a column of two minds."""

from __future__ import annotations

from io import RawIOBase
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

NUMBER = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"


class CountedFile(RawIOBase):
    """A file that counts quotation marks and lines as it is read."""

    def __init__(self, path: Path) -> None:
        self._file = pa.input_stream(str(path), compression="detect")
        self.quotes = self.lines = 0

    def read(self, size: int = -1) -> bytes:
        """Read bytes, uncompressed, counting on the way."""
        data = bytes(self._file.read(size if size >= 0 else None))
        self.quotes += data.count(b'"')
        self.lines += data.count(b"\n")
        return data

    def readable(self) -> bool:
        """Return True."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


class Tally:
    """Counts, in columns of text, the values that are numbers."""

    def __init__(self, path: Path, columns: list[str]) -> None:
        self._path = path
        self._numbers = dict.fromkeys(columns, 0)
        self._others = dict.fromkeys(columns, 0)
        self._example: dict[str, tuple[int, str]] = {}
        self._rows = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Take in more rows."""
        for name in self._numbers:
            values = batch.column(name)
            if pa.types.is_string(values.type):
                self._count(name, values)
        self._rows += len(batch)

    def _count(self, name: str, values: Any) -> None:
        filled = pc.not_equal(values, pa.scalar(""))
        numbers: Any = pc.match_substring_regex(values, NUMBER)
        self._numbers[name] += pc.sum(numbers).as_py() or 0
        others: Any = pc.and_(filled, pc.invert(numbers))
        self._others[name] += pc.sum(others).as_py() or 0
        at = pc.index(others, True).as_py()
        if at >= 0:
            self._example.setdefault(name, (self._rows + at + 1, values[at].as_py()))

    def mixtures(self) -> dict[str, str]:
        """Say, by column, where most values are numbers and some are not."""
        found = {}
        for name, numbers in self._numbers.items():
            if 0 < self._others[name] < numbers:
                row, value = self._example[name]
                found[name] = (
                    f"{self._path}, row {row}: column {name!r} mixes numbers and text: "
                    f"{value[:40]!r}; write one type, or keep text in JSONL or Parquet"
                )
        return found
