"""Columns of any kind as numbers and categories, to be compared without targets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from quantassay.errors import DataError

from .arrays import as_tensor, is_list, is_text

Numbers = NDArray[np.float64]
MOST_COLUMNS = 1024
MOST_CATEGORIES = 50


@dataclass
class Features:
    """What describes samples: ``numbers`` (n,) with NaN where missing, ``categories`` as text (n,).

    ``left_out`` says which columns are neither, and why.
    """

    numbers: dict[str, Numbers] = field(default_factory=dict)
    categories: dict[str, NDArray[np.str_]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


def features(table: pa.Table, categorical: Collection[str] = ()) -> Features:
    """Return the columns of a table as numbers and categories.

    Lists of numbers of one length become a column for each place, at most 1,024 of them evenly
    chosen; a text becomes its length, and is a category too where it has few values.

    Parameters
    ----------
    table
        The columns.
    categorical
        Those whose numbers are names.
    """
    found = Features()
    for name in table.column_names:
        column = _plain(table.column(name))
        kind = column.type
        if name in categorical and not is_list(kind):
            found.categories[name] = _text(column)
        elif is_text(kind):
            _of_text(found, name, column)
        elif is_list(kind) or isinstance(kind, pa.FixedShapeTensorType):
            _of_lists(found, name, column)
        elif pa.types.is_boolean(kind):
            found.categories[name] = _text(column)
        elif pa.types.is_integer(kind) or pa.types.is_floating(kind):
            found.numbers[name] = _numbers(column)
        else:
            found.left_out[name] = f"a column of {kind} is not compared"
    return found


def together(first: Features, second: Features) -> Mapping[str, str]:
    """Drop what only one side has, and texts of many values; say what was dropped, and why."""
    dropped = {**first.left_out, **second.left_out}
    for kind in ("numbers", "categories"):
        one, other = getattr(first, kind), getattr(second, kind)
        for name in one.keys() ^ other.keys():
            dropped.setdefault(name, "it is not of one kind and length on both sides")
            one.pop(name, None)
            other.pop(name, None)
    _mark_missing(first, second)
    for name in list(first.categories):
        values = np.union1d(first.categories[name], second.categories[name])
        if len(values) > MOST_CATEGORIES:
            del first.categories[name], second.categories[name]
            if not any(known.startswith(name) for known in first.numbers):
                dropped[name] = f"it has {len(values):,} values"
    return dropped


def _mark_missing(first: Features, second: Features) -> None:
    """Make whether a number is there a category, where on either side one is not."""
    for name in first.numbers:
        gaps = [np.isnan(side.numbers[name]) for side in (first, second)]
        if any(gap.any() for gap in gaps):
            for side, gap in zip((first, second), gaps, strict=True):
                side.categories[f"{name} is missing"] = np.where(gap, "yes", "no")


def _plain(column: Any) -> Any:
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return column


def _text(column: Any) -> NDArray[np.str_]:
    values: Any = column.cast(pa.string()).fill_null("(missing)")
    return np.asarray(values.to_numpy(zero_copy_only=False), np.str_)


def _numbers(column: Any) -> Numbers:
    values = column.cast(pa.float64(), safe=False)
    return np.asarray(values.fill_null(np.nan).to_numpy(zero_copy_only=False), np.float64)


def _of_text(found: Features, name: str, column: Any) -> None:
    lengths = pc.utf8_length(column.cast(pa.string()))
    found.numbers[f"{name} (characters)"] = _numbers(lengths)
    found.categories[name] = _text(column)


def _of_lists(found: Features, name: str, column: Any) -> None:
    try:
        values = np.asarray(as_tensor(column, name), np.float64)
    except (DataError, ValueError, TypeError) as error:
        found.left_out[name] = str(error)[:200]
        return
    flat = values.reshape(len(values), -1)
    places = np.unique(np.linspace(0, flat.shape[1] - 1, MOST_COLUMNS).round().astype(int))
    for place in places if flat.shape[1] else ():
        found.numbers[f"{name}[{place}]"] = flat[:, place]
    if flat.shape[1] > MOST_COLUMNS:
        found.left_out[name] = f"{MOST_COLUMNS:,} of {flat.shape[1]:,} places were compared"
    if name.startswith("probabilit") and flat.shape[1] > 1:
        found.numbers["largest probability"] = flat.max(axis=1)
