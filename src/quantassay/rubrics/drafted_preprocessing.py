"""From the columns seen to the input that the model takes, as far as that can be seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .columns import Column, Sighting
from .guesses import Guess
from .signature import Signature, Tensor

TYPES = ("float32", "float16", "float64", "int32", "int64", "uint8")


def drafted_preprocessing(
    data: Sighting, guess: Guess, model: Signature | None
) -> dict[str, Any] | None:
    """Return the declared preprocessing that fits shapes and types; None where none is needed."""
    if model is None or len(model.inputs) != 1:
        return None
    takes = model.inputs[0]
    if isinstance(guess.input, list):
        stacked = Column("", "vector", "float32", (len(guess.input),))
        return _tensor(stacked, takes)
    column = data.column(guess.input) if isinstance(guess.input, str) else None
    if column is None:
        return None
    if column.kind in ("bytes", "text"):
        return _image(takes)
    return _tensor(column, takes) if column.kind == "vector" else None


def _tensor(column: Column, takes: Tensor) -> dict[str, Any] | None:
    shape = [size for size in takes.per_sample if size is not None]
    fixed = len(shape) == len(takes.per_sample)
    same = not fixed or tuple(shape) == column.shape
    if takes.dtype not in TYPES or (same and takes.dtype == column.dtype):
        return None
    parts: dict[str, Any] = {} if same else {"shape": shape}
    return {"tensor": {**parts, "dtype": takes.dtype}}


def _image(takes: Tensor) -> dict[str, Any] | None:
    sizes = takes.per_sample
    if len(sizes) != 3:
        return None
    first = sizes[0] in (1, 3) or sizes[2] not in (1, 3)
    channels, height, width = sizes if first else (sizes[2], sizes[0], sizes[1])
    parts: dict[str, Any] = {"layout": "NCHW" if first else "NHWC"}
    if height and width:
        parts["size"] = [height, width]
    if channels == 1:
        parts["mode"] = "L"
    return {"image": parts}


def preprocessing_lines(data: Sighting, guess: Guess, model: Signature | None) -> Iterator[str]:
    """Write the preprocessing as lines of the rubric's task."""
    found = drafted_preprocessing(data, guess, model)
    if found is None:
        yield "  # preprocess: my_module:prepare  # your own, if not the column as it is"
        return
    [(kind, parts)] = found.items()
    text = ", ".join(f"{key}: {value}" for key, value in parts.items())
    yield "  preprocess:  # DECLARE the scaling that the model was trained with: divide, mean, std"
    yield f"    {kind}: {{{text}}}"
