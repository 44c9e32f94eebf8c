"""Arrow columns as NumPy arrays, whole columns at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from quantassay.errors import DataError

Column = Any


class RowError(DataError):
    """Something is wrong with one row; ``row`` counts from the first row given."""

    def __init__(self, row: int, what: str) -> None:
        super().__init__(f"row {row}: {what}")
        self.row, self.what = row, what


def joined(column: Column) -> Column:
    """Return a chunked array as one array, and anything else as it is."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def first_null(column: Column) -> int | None:
    """Return the first row without a value, or None."""
    missing: Any = column.is_null()
    return int(pc.index(missing, True).as_py()) if column.null_count else None


def as_tensor(column: Column, name: str) -> NDArray[Any]:
    """Return a column of numbers, or of lists of numbers, as an array ``(rows, ...)``.

    Memory is shared with Arrow wherever the layout allows it.

    Raises
    ------
    RowError
        If a row has no value, or its list has another length than the first row's.
    DataError
        If the column holds no numbers.
    """
    column = joined(column)
    missing = first_null(column)
    if missing is not None:
        raise RowError(missing, f"column {name!r} has no value")
    shape: tuple[int, ...] = (len(column),)
    if isinstance(column.type, pa.FixedShapeTensorType):
        shape += tuple(column.type.shape)
        column = column.storage.flatten()
    while is_list(column.type):
        shape += (_list_length(column, name, shape),)
        column = column.flatten()
    return _numbers(column, name).reshape(shape)


def as_given(column: Column, name: str) -> NDArray[Any]:
    """Return a column as a model that reads text is fed: text, lists of text, or `as_tensor`.

    Raises
    ------
    DataError
        If a row has no value, or lists differ in length.
    """
    shape: tuple[int, ...] = (len(column),)
    inner = column = joined(column)
    while is_list(inner.type) and not isinstance(inner.type, pa.FixedShapeTensorType):
        inner = joined(inner).flatten()
    if not is_text(inner.type):
        return as_tensor(column, name)
    missing = first_null(column)
    if missing is not None:
        raise RowError(missing, f"column {name!r} has no value")
    while is_list(column.type):
        shape += (_list_length(column, name, shape),)
        column = column.flatten()
    if column.null_count:
        msg = f"column {name!r} has lists with missing values"
        raise DataError(msg)
    texts: NDArray[Any] = column.to_numpy(zero_copy_only=False)
    return texts.reshape(shape)


def stacked(batch: pa.RecordBatch) -> NDArray[Any]:
    """Return columns of single numbers side by side, as an array ``(rows, columns)``.

    Raises
    ------
    RowError
        If a row has no value, or a column holds anything but single numbers.
    """
    pairs = zip(batch.columns, batch.schema.names, strict=True)
    return np.stack([_single(column, name) for column, name in pairs], axis=1)


def _single(column: Column, name: str) -> NDArray[Any]:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    missing = first_null(column)
    if missing is not None:
        raise RowError(missing, f"column {name!r} has no value")
    kind = column.type
    if len(column) and not (
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
    ):
        what = f"column {name!r} holds {kind} ({repr(column[0].as_py())[:40]}), not a single number"
        raise RowError(0, f"{what}; take it out of 'input', or declare a 'preprocess' of your own")
    return _numbers(column, name)


def is_list(kind: Any) -> bool:
    """Say whether a type is a list, of fixed length or not."""
    return bool(
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    )


def is_text(kind: Any) -> bool:
    """Say whether a type is text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _list_length(column: Column, name: str, shape: tuple[int, ...]) -> int:
    if pa.types.is_fixed_size_list(column.type):
        return int(column.type.list_size)
    lengths = pc.list_value_length(column).to_numpy(zero_copy_only=False)
    if not len(lengths):
        return 0
    odd = np.flatnonzero(lengths != lengths[0])
    if len(odd):
        row = int(odd[0]) // max(1, int(np.prod(shape[1:])))
        what = f"column {name!r} has {int(lengths[odd[0]])} values where others have {lengths[0]}"
        raise RowError(row, what)
    return int(lengths[0])


def _numbers(column: Column, name: str) -> NDArray[Any]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)):
        msg = f"column {name!r} holds {kind}, not numbers; declare 'preprocess'"
        raise DataError(msg)
    if column.null_count:
        msg = f"column {name!r} has lists with missing values"
        raise DataError(msg)
    array: NDArray[Any] = column.to_numpy(zero_copy_only=False)
    return array


def as_values(column: Column, name: str) -> NDArray[Any]:
    """Return a column of single values as an array: numbers, booleans or strings, none missing.

    Long text comes as an object array, so that one long value does not widen all.

    Raises
    ------
    DataError
        If the column holds anything else.
    """
    column = joined(column)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if is_text(kind):
        return as_strings(column)
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        array: NDArray[Any] = column.to_numpy(zero_copy_only=False)
        return array
    if pa.types.is_temporal(kind) or pa.types.is_decimal(kind):
        return as_strings(pc.cast(column, pa.string()))
    msg = f"column {name!r} holds {kind}; expected numbers or text"
    raise DataError(msg)


def as_strings(column: Column) -> NDArray[Any]:
    """Return a column of text as an array of strings."""
    texts: NDArray[Any] = column.to_numpy(zero_copy_only=False)
    lengths: Any = pc.utf8_length(column)
    longest = pc.max(lengths).as_py() or 0
    return texts.astype(np.str_) if longest <= 256 else texts
