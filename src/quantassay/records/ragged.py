"""Lists of different lengths, one a sample, as flat columns: no loop over samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


@dataclass(frozen=True)
class Ragged:
    """One list a sample: list i holds the places ``offsets[i]`` to ``offsets[i + 1]`` of ``flat``.

    ``flat`` maps each field of a list's items (an Arrow array of all lists, one after another);
    lists of plain values have the single field ``''``. ``missing`` (n,) marks samples without a
    list, whose length is 0.
    """

    offsets: NDArray[np.int64]
    flat: Mapping[str, Any]
    missing: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.missing)

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Items of each sample (n,)."""
        return np.diff(self.offsets)

    @cached_property
    def sample(self) -> NDArray[np.intp]:
        """Which sample each item belongs to (items,)."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @cached_property
    def place(self) -> NDArray[np.int64]:
        """Place of each item in its own list (items,), from 0."""
        return np.arange(len(self.sample)) - np.repeat(self.offsets[:-1], self.lengths)

    def numbers(self, field: str = "") -> NDArray[np.float64]:
        """Return a field as numbers (items,); NaN where an item has none."""
        values: Any = pc.cast(self.flat[field], pa.float64())
        return np.asarray(values.to_numpy(zero_copy_only=False), np.float64)

    def total(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum values (items,) of each sample's items (n,)."""
        return np.bincount(self.sample, values, len(self)).astype(np.float64)


def ragged(column: Any) -> Ragged:
    """Read an Arrow column of lists, of plain values or of structs.

    Raises
    ------
    TypeError
        If it holds no lists.
    """
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = pa.concat_arrays(column.chunks)
    if isinstance(column.type, pa.FixedSizeListType):
        column = column.cast(pa.list_(column.type.value_type))
    if not (pa.types.is_list(column.type) or pa.types.is_large_list(column.type)):
        msg = f"holds {column.type}, not lists"
        raise TypeError(msg)
    sizes: Any = pc.fill_null(pc.list_value_length(column), 0)
    lengths = sizes.to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    items = column.flatten()
    missing = column.is_null().to_numpy(zero_copy_only=False)
    if not pa.types.is_struct(items.type):
        return Ragged(offsets, {"": items}, missing)
    names = [items.type.field(at).name for at in range(items.type.num_fields)]
    return Ragged(offsets, dict(zip(names, items.flatten(), strict=True)), missing)


def vectors(table: pa.Table | None, name: str) -> Ragged | None:
    """Read a column of lists of numbers; None where there is none of that name."""
    if table is None or name not in table.column_names:
        return None
    try:
        found = ragged(table.column(name))
    except TypeError:
        return None
    numbers = "" in found.flat and (
        pa.types.is_floating(found.flat[""].type) or pa.types.is_integer(found.flat[""].type)
    )
    return found if numbers else None
