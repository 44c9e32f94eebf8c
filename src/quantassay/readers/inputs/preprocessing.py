"""From Arrow rows to what a model is fed: declared, or by the user's own function."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from quantassay.errors import DataError, UserCodeError
from quantassay.plugins import called, load_function
from quantassay.readers.columns.arrays import RowError, as_given, as_tensor, stacked

from .images import image_tensor
from .tensors import scaled

Feeds = dict[str, NDArray[Any]]
Spec = str | Mapping[str, Any] | None


@dataclass(frozen=True)
class Preprocess:
    """A declared preprocessing: rows in, arrays by name out; ``""`` names a single input.

    ``source_digest`` identifies it: the declaration, or the source of the user's module (of that
    module alone, not of what it imports). ``together`` takes columns as one input; None for a
    user's function, which is given the record batch however many columns it has.
    """

    source_digest: str
    apply: Callable[[pa.RecordBatch], Feeds]
    together: Callable[[pa.RecordBatch], Feeds] | None = None

    def __call__(self, batch: pa.RecordBatch) -> Feeds:
        """Turn rows into arrays, each with one row a sample."""
        return self.apply(batch)

    def stack(self, batch: pa.RecordBatch) -> Feeds:
        """Turn rows into the array of a single input, a column of it from each column."""
        return (self.together or self.apply)(batch)


def build_preprocess(spec: Spec, folder: Path) -> Preprocess:
    """Build what a rubric declares.

    Parameters
    ----------
    spec : None, str or mapping
        None: columns as they are; stacked ones as float32. ``module:function``: given a
        ``pyarrow.RecordBatch``, returns an array or a mapping of arrays. ``{"tensor": {...}}``
        or ``{"image": {...}}``.
    folder : Path
        Where the user's module and relative image paths are looked up.

    Raises
    ------
    UserCodeError
        If the function cannot be imported.
    DataError
        If the mapping is neither a tensor nor an image.
    """
    if isinstance(spec, str):
        function = load_function(spec, folder)
        return Preprocess(_source(function, spec), lambda batch: _call(function, spec, batch))
    stated = {key: value for key, value in (spec or {}).items() if value is not None}
    digest = _digest(json.dumps(stated, sort_keys=True, default=str))
    if not stated:
        return Preprocess(digest, lambda batch: _each(batch, as_given), _plain_stack)
    if stated.keys() == {"tensor"}:
        declared = dict(stated["tensor"])
        return Preprocess(
            digest,
            lambda batch: _each(batch, _tensor, declared),
            lambda batch: {"": scaled(stacked(batch), _span(batch), declared)},
        )
    if stated.keys() == {"image"}:
        picture = dict(stated["image"])
        return Preprocess(
            digest, lambda batch: _each(batch, image_tensor, picture, folder), _no_image
        )
    msg = f"'preprocess' names exactly one of 'tensor' and 'image', got {', '.join(stated)}"
    raise DataError(msg)


def _each(batch: pa.RecordBatch, make: Callable[..., NDArray[Any]], *more: Any) -> Feeds:
    """Make one array of each column; a single column is a single, unnamed input."""
    names = batch.schema.names
    made = {
        name: make(column, name, *more) for name, column in zip(names, batch.columns, strict=True)
    }
    return {"": made[names[0]]} if len(names) == 1 else made


def _tensor(column: Any, name: str, declared: Mapping[str, Any]) -> NDArray[Any]:
    return scaled(as_tensor(column, name), name, declared)


def _plain_stack(batch: pa.RecordBatch) -> Feeds:
    """Stack columns as float32, which is what most models take."""
    wide = stacked(batch)
    with np.errstate(over="ignore"):
        array = wide.astype(np.float32)
    beyond = np.argwhere(np.isinf(array) & np.isfinite(wide))
    if len(beyond):
        row, at = beyond[0].tolist()
        what = f"column {batch.schema.names[at]!r} has {wide[row, at]}, which float32 cannot hold"
        raise RowError(row, what)
    return {"": array}


def _no_image(batch: pa.RecordBatch) -> Feeds:
    msg = f"'preprocess: image' decodes one column, but 'input' lists {batch.num_columns}"
    raise DataError(msg)


def _span(batch: pa.RecordBatch) -> str:
    """Name stacked columns, for messages."""
    return f"{batch.schema.names[0]}, ..., {batch.schema.names[-1]}"


def _call(function: Callable[..., Any], spec: str, batch: pa.RecordBatch) -> Feeds:
    returned = called(function, f"preprocess {spec}", batch)
    named = returned if isinstance(returned, Mapping) else {"": returned}
    feeds = {str(name): np.asarray(value) for name, value in named.items()}
    for name, array in feeds.items():
        if array.dtype.kind not in "biufUS" or array.ndim == 0 or len(array) != len(batch):
            label = f" as {name!r}" if name else ""
            msg = (
                f"preprocess {spec}: returned shape {array.shape} of {array.dtype}{label}; "
                f"expected an array of {len(batch)} rows, one for each sample"
            )
            raise UserCodeError(msg)
    if not feeds:
        msg = f"preprocess {spec}: returned an empty mapping; expected at least one array"
        raise UserCodeError(msg)
    return feeds


def _source(function: Callable[..., Any], spec: str) -> str:
    try:
        text = inspect.getsource(inspect.getmodule(function) or function)
    except (OSError, TypeError):
        text = ""
    return _digest(f"{spec}\n{text}")


def _digest(text: str) -> str:
    return f"sha256:{sha256(text.encode()).hexdigest()}"
