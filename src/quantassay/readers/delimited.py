"""CSV and TSV: a column's type settled over the whole file, rows of bounded length."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from ..errors import DataError

BLOCK = 16 << 20
NUMBER = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"
LADDER = (pa.int64(), pa.float64(), pa.bool_())


class Delimited:
    """One ``.csv`` or ``.tsv`` file with a header. A row is at most 16 MB.

    Numbers stay numbers, dates stay text, and what is empty is missing. A column where most values are numbers and some are
    not is an error rather than a column of text.
    """

    def __init__(self, path: Path, text: Sequence[str] = ()) -> None:
        self._path, self._text = path, frozenset(text)
        first = self._inferred()
        if len(set(first.names)) < len(first.names):
            self.schema: pa.Schema = first
            return
        types = {field.name: self._first_type(field) for field in first}
        self.schema = pa.schema(list(self._settled(types).items()))

    def batches(self, columns: list[str], rows: int) -> Iterator[pa.RecordBatch]:
        """Yield the chosen columns in file order, a block at a time."""
        types = {name: self.schema.field(name).type for name in columns}
        for batch in self._stream(types, columns):
            yield pa.record_batch([_emptied(column) for column in batch.columns], names=columns)

    def _inferred(self) -> pa.Schema:
        try:
            return self._opened(_Counted(self._path), {}, None, nulls=False).schema
        except pa.ArrowInvalid as error:
            raise self._located(error) from error

    def _first_type(self, field: pa.Field[Any]) -> pa.DataType:
        if pa.types.is_binary(field.type):
            msg = f"{self._path}: column {field.name!r} is not UTF-8 text; save the file as UTF-8"
            raise DataError(msg)
        text = field.name in self._text or pa.types.is_temporal(field.type)
        return pa.string() if text else field.type

    def _settled(self, types: dict[str, Any]) -> dict[str, Any]:
        """Read the file once; where a later block does not fit the first, settle on what fits."""
        try:
            self._tally(types)
        except pa.ArrowInvalid:
            types = self._widest(types)
            self._tally(types)
        return types

    def _tally(self, types: dict[str, Any]) -> None:
        tally = _Tally(self._path, [name for name in types if name not in self._text])
        for batch in self._stream(types, list(types)):
            tally.add(batch)
        tally.check()

    def _widest(self, types: dict[str, Any]) -> dict[str, Any]:
        alive = {name: list(LADDER) for name in types if name not in self._text}
        for batch in self._stream(dict.fromkeys(types, pa.string()), list(types), nulls=True):
            for name, kinds in alive.items():
                values = batch.column(name)
                alive[name] = [kind for kind in kinds if _casts(values, kind)]
        return {name: (alive.get(name) or [pa.string()])[0] for name in types}

    def _stream(
        self, types: dict[str, Any], columns: list[str] | None, *, nulls: bool = False
    ) -> Iterator[pa.RecordBatch]:
        """Yield the file in blocks; a value that does not fit its type raises ArrowInvalid."""
        file = _Counted(self._path)
        rows = 0
        try:
            for batch in self._opened(file, types, columns, nulls=nulls):
                rows += len(batch)
                yield batch
        except pa.ArrowInvalid as error:
            if "conversion error" in str(error):
                raise
            raise self._located(error) from error
        if file.quotes % 2 and file.lines > rows + 1:
            msg = f"{self._path}: a quotation mark is opened and never closed"
            raise DataError(msg)

    def _opened(
        self, file: _Counted, types: dict[str, Any], columns: list[str] | None, *, nulls: bool
    ) -> Any:
        return pv.open_csv(
            pa.PythonFile(file, mode="r"),
            pv.ReadOptions(block_size=BLOCK),
            pv.ParseOptions(
                delimiter="\t" if ".tsv" in self._path.suffixes else ",", newlines_in_values=True
            ),
            pv.ConvertOptions(
                column_types=types, include_columns=columns, strings_can_be_null=nulls
            ),
        )

    def _located(self, error: pa.ArrowInvalid) -> DataError:
        text = " ".join(str(error).split())
        if "straddling" in text or "cannot infer number of columns" in text:
            return DataError(f"{self._path}: a row is longer than {BLOCK >> 20} MB")
        if row := re.search(r"Row #(\d+): (Expected \d+ columns, got \d+)", text):
            return DataError(f"{self._path}, row {row[1]}: {row[2].lower()}")
        return DataError(f"{self._path}: {text.removeprefix('CSV parse error: ')[:200]}")


class _Counted:
    """A file that counts quotation marks and lines as it is read."""

    def __init__(self, path: Path) -> None:
        self._file = pa.input_stream(str(path), compression="detect")
        self.quotes = self.lines = 0
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        data = bytes(self._file.read(size if size >= 0 else None))
        self.quotes += data.count(b'"')
        self.lines += data.count(b"\n")
        return data

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        self._file.close()
        self.closed = True


class _Tally:
    """Counts, in columns of text, the values that are numbers."""

    def __init__(self, path: Path, columns: list[str]) -> None:
        self._path = path
        self._numbers = dict.fromkeys(columns, 0)
        self._others = dict.fromkeys(columns, 0)
        self._example: dict[str, tuple[int, str]] = {}
        self._rows = 0

    def add(self, batch: pa.RecordBatch) -> None:
        for name in self._numbers:
            values = batch.column(name)
            if pa.types.is_string(values.type):
                self._count(name, values)
        self._rows += len(batch)

    def _count(self, name: str, values: pa.Array[Any]) -> None:
        filled = pc.not_equal(values, "")
        numbers = pc.match_substring_regex(values, NUMBER)
        self._numbers[name] += pc.sum(numbers).as_py() or 0
        others = pc.and_(filled, pc.invert(numbers))
        self._others[name] += pc.sum(others).as_py() or 0
        at = pc.index(others, True).as_py()
        if at >= 0:
            self._example.setdefault(name, (self._rows + at + 1, values[at].as_py()))

    def check(self) -> None:
        for name, numbers in self._numbers.items():
            if 0 < self._others[name] < numbers:
                row, value = self._example[name]
                msg = (
                    f"{self._path}, row {row}: column {name!r} mixes numbers and text: "
                    f"{value[:40]!r}; write one type, or keep text in JSONL or Parquet"
                )
                raise DataError(msg)


def _emptied(values: pa.Array[Any]) -> pa.Array[Any]:
    """Read text that is empty as missing."""
    if not pa.types.is_string(values.type):
        return values
    return pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)


def _casts(values: pa.Array[Any], kind: pa.DataType) -> bool:
    try:
        pc.cast(values, kind)
    except pa.ArrowInvalid:
        return False
    return True
