"""What the columns of a data set hold, seen in one bounded pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

ROWS = 100_000
HASHED = 20_000
VALUES = 1_000
BYTES = 256 << 20
LONGEST = 200

Kind = Literal["text", "integer", "number", "boolean", "vector", "bytes", "other"]


@dataclass(frozen=True)
class Column:
    """One column: ``shape`` is that of one row's vector, () for single values.

    ``counts`` holds how often each value occurs where there are few enough of them;
    ``repeated`` is the number of rows whose value occurred in an earlier row; ``low`` and
    ``high`` are the ends of what vectors hold.
    """

    name: str
    kind: Kind
    dtype: str
    shape: tuple[int, ...] = ()
    distinct: int = 0
    repeated: int = 0
    missing: int = 0
    counts: Mapping[Any, int] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Sighting:
    """The first rows of a data set; ``whole`` where they are all there is."""

    rows: int
    whole: bool
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column | None:
        """Return a column by name."""
        return next((column for column in self.columns if column.name == name), None)


def wide(schema: pa.Schema) -> list[str]:
    """Return the columns whose rows are vectors or bytes: they are dear to read."""
    return [field.name for field in schema if _described(field.type)[0] in ("vector", "bytes")]


def sight(rows: Iterable[pa.RecordBatch], dear: Iterable[pa.RecordBatch] = ()) -> Sighting:
    """Look at the first 100,000 rows, and of dear columns at no more than 256 MB."""
    tallies: dict[str, _Tally] = {}
    count, whole = _count(rows, tallies, ROWS)
    seen, all_of_them = _count(dear, tallies, min(HASHED, count or HASHED), BYTES)
    columns = tuple(tally.column() for tally in tallies.values())
    return Sighting(count or seen, whole if count else all_of_them, columns)


def _count(
    batches: Iterable[pa.RecordBatch], tallies: dict[str, _Tally], most: int, room: float = inf
) -> tuple[int, bool]:
    """Tally rows until there are enough; return how many, and whether they were all."""
    rows, size = 0, 0
    for batch in batches:
        if rows >= most or size >= room:
            return rows, False
        rows, size = rows + len(batch), size + batch.nbytes
        for name in batch.schema.names:
            values = batch.column(name)
            tallies.setdefault(name, _Tally(name, values.type)).add(values)
    return rows, True


class _Tally:
    """Counts the values of one column; vectors and bytes by a hash of their content."""

    def __init__(self, name: str, kind: pa.DataType) -> None:
        self._name = name
        self._kind, self._dtype = _described(kind)
        self._counts: Counter[Any] = Counter()
        self._missing = 0
        self._shapes: set[tuple[int, ...]] = set()
        self._ends: list[float] = []

    def add(self, values: Any) -> None:
        self._missing += values.null_count
        present = values.drop_null()
        if self._kind in ("vector", "bytes"):
            present = present.slice(0, max(0, HASHED - self._counts.total()))
        if self._kind == "vector":
            self._add_vectors(present)
        elif self._kind == "bytes":
            self._counts.update(hash(value) for value in present.to_pylist())
        elif self._kind == "text":
            self._counts.update(map(_short, present.to_pylist()))
        elif self._kind != "other":
            self._counts.update(present.to_pylist())

    def _add_vectors(self, values: Any) -> None:
        rows = _array(values)
        if rows is None:
            self._shapes |= {(), (0,)}
        elif len(rows):
            self._shapes.add(rows.shape[1:])
            self._counts.update(hash(row.tobytes()) for row in rows)
            if rows.size and rows.dtype.kind in "iuf":
                self._ends += [float(rows.min()), float(rows.max())]

    def column(self) -> Column:
        counts = self._counts
        few = self._kind in ("text", "integer", "number", "boolean") and len(counts) <= VALUES
        return Column(
            self._name,
            self._kind,
            self._dtype,
            next(iter(self._shapes)) if len(self._shapes) == 1 else (),
            len(counts),
            counts.total() - len(counts),
            self._missing,
            dict(sorted(counts.items())) if few else {},
            min(self._ends, default=None),
            max(self._ends, default=None),
        )


def _short(text: str) -> str:
    """Keep what names a value; a long text is told apart by its hash."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… {hash(text):x}"


def _array(values: Any) -> NDArray[Any] | None:
    """Return vectors as one array with a row each; None where their lengths differ."""
    shape = [len(values)]
    kind: Any = values.type
    if isinstance(kind, pa.FixedShapeTensorType):
        shape += kind.shape
        values = values.storage.flatten()
    while _is_list(values.type):
        sizes = pc.unique(pc.list_value_length(values)).to_pylist()
        if len(sizes) > 1:
            return None
        shape += sizes
        values = values.flatten()
    return np.asarray(values.to_numpy(zero_copy_only=False)).reshape(shape)


def _is_list(kind: Any) -> bool:
    tests = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    return any(test(kind) for test in tests)


def _described(kind: Any) -> tuple[Kind, str]:
    """Return the kind of a column, and the type of number or text in it."""
    inner = kind
    while _is_list(inner) or isinstance(inner, pa.FixedShapeTensorType):
        inner = inner.value_type
    dtype = {"float": "float32", "double": "float64", "halffloat": "float16"}.get(
        str(inner), str(inner)
    )
    if inner is not kind:
        return "vector", dtype
    return next((name for test, name in _KINDS if test(kind)), "other"), dtype


_KINDS: tuple[tuple[Callable[[Any], bool], Kind], ...] = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_integer, "integer"),
    (pa.types.is_floating, "number"),
    (pa.types.is_string, "text"),
    (pa.types.is_large_string, "text"),
    (pa.types.is_binary, "bytes"),
    (pa.types.is_large_binary, "bytes"),
)
