"""Cut a test set into strata: by column, by bins, by condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quantassay.errors import DataError, nearest, some
from quantassay.records.samples import Partition

MOST_STRATA = 1000
OVERALL = "overall"


def whole(n: int) -> Partition:
    """Return the partition whose single stratum is the whole test set."""
    return Partition(OVERALL, ({},), np.zeros(n, np.intp))


def by_column(
    table: pa.Table,
    column: str,
    name: str | None = None,
    bins: Sequence[float] | None = None,
    critical: bool = False,
) -> Partition:
    """Return a stratum for every value, or bin, of a column; nulls are in none.

    Parameters
    ----------
    table
        Columns of the test set.
    column
        Which of them.
    name
        What the rubric calls this partition, the column by default.
    bins
        Inner edges, rising: ``[1, 5]`` makes '<1', '1 to <5' and '>=5'.
    critical
        Whether its strata are.

    Raises
    ------
    DataError
        If the column is missing, is not a number although bins are given, or has over a
        thousand values.
    """
    values = column_of(table, column)
    key = name or column
    if bins is not None:
        names, codes = _binned(values, column, bins)
    else:
        names, codes = _distinct(values, column)
    labels = tuple({key: text} for text in names)
    return Partition(key, labels, codes, critical, nameless=int((codes < 0).sum()))


def nameless(partitions: Sequence[Partition], n: int) -> list[str]:
    """Say how many of ``n`` samples are in no stratum of a column, since theirs is not known."""
    return [
        f"{part.nameless:,} of {n:,} samples have no {part.key!r}: no stratum of it holds them"
        for part in partitions
        if part.nameless
    ]


def where(
    table: pa.Table, name: str, conditions: Mapping[str, Any], critical: bool = False
) -> Partition:
    """Return the single stratum of samples whose columns have the given values."""
    inside = np.ones(table.num_rows, bool)
    for column, wanted in conditions.items():
        values = column_of(table, column)
        options = {_plain(w) for w in (wanted if isinstance(wanted, list) else [wanted])}
        text = _as_text(values)
        unmet = sorted(options - set(np.unique(text)))
        if unmet:
            msg = (
                f"stratum {name!r}: no sample has {column!r} = {some(unmet)}"
                f"{nearest(unmet[0], np.unique(text).tolist())}"
            )
            raise DataError(msg)
        inside &= np.isin(text, list(options))
    if not inside.any():
        msg = f"stratum {name!r} holds no sample: nothing matches {dict(conditions)!r}"
        raise DataError(msg)
    return Partition(name, ({name: "yes"},), np.where(inside, 0, -1), critical)


def column_of(table: pa.Table, column: str) -> pa.ChunkedArray[Any]:
    """Return a column by name.

    Raises
    ------
    DataError
        If there is none, with the nearest name.
    """
    if column not in table.column_names:
        msg = (
            f"the test set has no column {column!r}{nearest(column, table.column_names)}; "
            f"it has {some(table.column_names, 12)}"
        )
        raise DataError(msg)
    return table.column(column)


def _distinct(values: pa.ChunkedArray[Any], column: str) -> tuple[list[str], Any]:
    text = _as_text(values)
    missing = np.asarray(pc.is_null(values).to_numpy(zero_copy_only=False), bool)
    names, codes = np.unique(text[~missing], return_inverse=True)
    if len(names) > MOST_STRATA:
        msg = (
            f"column {column!r} has {len(names)} values, more than {MOST_STRATA} strata: "
            "declare bins, or a column with fewer values"
        )
        raise DataError(msg)
    if not len(names):
        msg = f"column {column!r} holds no value"
        raise DataError(msg)
    order = sorted(range(len(names)), key=lambda i: _natural(str(names[i])))
    rank = np.empty(len(names), np.intp)
    rank[order] = np.arange(len(names))
    full = np.full(len(text), -1, np.intp)
    full[~missing] = rank[codes]
    return [str(names[i]) for i in order], full


def _natural(text: str) -> tuple[int, float, str]:
    try:
        return (0, float(text), text)
    except ValueError:
        return (1, 0.0, text)


def _binned(
    values: pa.ChunkedArray[Any], column: str, bins: Sequence[float]
) -> tuple[list[str], Any]:
    if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
        msg = f"column {column!r} is {values.type}, not a number: bins need numbers"
        raise DataError(msg)
    numbers = values.cast(pa.float64()).to_numpy()
    codes = np.searchsorted(np.asarray(bins), numbers, side="right")
    codes = np.where(np.isnan(numbers), -1, codes)
    edges = [f"{edge:g}" for edge in bins]
    inner = [f"{low} to <{high}" for low, high in pairwise(edges)]
    return [f"<{edges[0]}", *inner, f">={edges[-1]}"], codes


def _as_text(values: pa.ChunkedArray[Any]) -> np.ndarray:
    if pa.types.is_floating(values.type):
        return np.array([_plain(value) for value in values.to_pylist()], np.str_)
    text: Any = values.cast(pa.string())
    return np.asarray(text.fill_null("").to_numpy(zero_copy_only=False), np.str_)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
