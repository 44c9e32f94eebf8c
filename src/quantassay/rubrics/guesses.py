"""Which column is which, by usual names, by uniqueness and by what the model takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .columns import Column, Sighting
from .signature import Signature, Tensor

IDS = ("id", "sample_id", "image_id", "uid", "uuid", "key", "index", "idx", "filename", "file")
TARGETS = ("target", "label", "labels", "class", "gold", "answer", "y", "category", "digit", "type")
INPUTS = ("input", "inputs", "pixels", "image", "features", "x", "text", "tokens", "bytes", "data")
# fmt: off
NO_FEATURES = frozenset({
    "", "unnamed: 0", "__index_level_0__", "row", "row_id", "fold", "split", "sample_weight",
    "pred", "prediction", "predicted", "correct",
})
FILES = ("path", "image_path", "filepath", "file", "filename", "file_name")
GROUPS = frozenset({
    "writer", "patient", "subject", "user", "author", "speaker", "source", "document", "group",
    "session", "scene", "video", "package", "site", "device", "batch", "original", "parent",
})
# fmt: on


@dataclass(frozen=True)
class Guess:
    """Columns by role; None where nothing fits. ``groups`` may hold samples that go together."""

    id: str | None
    input: str | list[str] | dict[str, str] | None
    target: str | None
    groups: tuple[str, ...] = ()


def guess(data: Sighting, model: Signature | None) -> Guess:
    """Guess the role of each column."""
    names = _id(data)
    inputs = _input(data, model, {names})
    taken = {names, *_named(inputs)}
    target = _target(data, model, taken)
    groups = tuple(
        column.name
        for column in data.columns
        if column.name not in {*taken, target} and _may_group(column, data.rows)
    )
    return Guess(names, inputs, target, groups)


def _named(inputs: str | list[str] | dict[str, str] | None) -> Iterable[str | None]:
    if isinstance(inputs, dict):
        return inputs.values()
    return inputs if isinstance(inputs, list) else (inputs,)


def _first(
    columns: Iterable[Column], names: Iterable[str], fits: Callable[[Column], bool]
) -> str | None:
    """Return the first column with a usual name that fits, in the order of the names."""
    there = {column.name.lower(): column for column in columns}
    found = (there[name] for name in names if name in there)
    return next((column.name for column in found if fits(column)), None)


def _id(data: Sighting) -> str | None:
    def unique(column: Column) -> bool:
        single = column.kind in ("text", "integer")
        return single and column.distinct == data.rows and column.missing == 0

    usual = _first(data.columns, IDS, unique)
    if usual is not None:
        return usual
    endings = ("_id", "id", "name", "path", "key")
    others = [c.name for c in data.columns if unique(c) and c.name.lower().endswith(endings)]
    return others[0] if len(others) == 1 else None


def _input(
    data: Sighting, model: Signature | None, taken: set[str | None]
) -> str | list[str] | dict[str, str] | None:
    free = [column for column in data.columns if column.name not in taken]
    if model is not None and len(model.inputs) > 1:
        named = {tensor.name: tensor.name for tensor in model.inputs}
        return named if set(named) <= {column.name for column in free} else None
    takes = model.inputs[0] if model is not None else None
    fitting = [column for column in free if _feeds(column, takes)]
    if len(fitting) == 1:
        return fitting[0].name
    side_by_side = None if fitting else _stacked(data, model, taken)
    if side_by_side is not None:
        return side_by_side
    own = [takes.name] if takes is not None else []
    usual = _first(fitting or free, [*own, *INPUTS], lambda column: column.kind != "other")
    return usual or _first(data.columns, FILES, lambda column: _may_be_files(column, takes))


def _stacked(data: Sighting, model: Signature | None, taken: set[str | None]) -> list[str] | None:
    """Return the numeric columns that are together as wide as the model's one input."""
    width = _width(model)
    if width is None:
        return None
    free = [column for column in data.columns if column.name not in taken]
    features = [column for column in free if _may_be_feature(column, data.rows)]
    target = _target(data, model, taken)
    for chosen in (
        [c.name for c in features if c.name != target],
        [c.name for c in features if c.name.lower() not in TARGETS],
    ):
        # What looks like the gold answer is a feature only where something else can be the answer.
        left = any(c.name not in chosen and _may_answer(c, data, model) for c in free)
        if len(chosen) == width and (target not in chosen or left):
            return chosen
    return None


def _width(model: Signature | None) -> int | None:
    """Return how many numbers a model takes of each sample; None for less than two."""
    sizes = model.inputs[0].per_sample if model is not None else ()
    if model is None or model.inputs[0].dtype == "string":
        return None
    width = math.prod(size or 0 for size in sizes)
    return width if width > 1 else None


def _may_be_feature(column: Column, rows: int) -> bool:
    name = column.name.lower()
    if column.kind not in ("integer", "number", "boolean") or name.strip() in NO_FEATURES:
        return False
    counts_rows = name in IDS and column.distinct == rows
    return not counts_rows and not _may_group(column, rows)


def _may_be_files(column: Column, takes: Tensor | None) -> bool:
    return column.kind == "text" and takes is not None and len(takes.shape) == 4


def _feeds(column: Column, tensor: Tensor | None) -> bool:
    """Tell whether a column can be what a model takes."""
    if column.kind == "bytes":
        return True
    if column.kind != "vector":
        return tensor is not None and tensor.dtype == "string" and column.kind == "text"
    sizes = tensor.per_sample if tensor is not None else (None,)
    if None in sizes or not column.shape:
        return True
    return math.prod(size or 0 for size in sizes) == math.prod(column.shape)


def _target(data: Sighting, model: Signature | None, taken: set[str | None]) -> str | None:
    free = [column for column in data.columns if column.name not in taken]
    classes = _classes(model)

    def few(column: Column) -> bool:
        return _may_answer(column, data, model)

    usual = _first(free, TARGETS, few)
    if usual is not None or classes is None:
        return usual
    known = range(classes)
    alike = [c.name for c in free if few(c) and c.kind == "integer" and set(c.counts) <= {*known}]
    return alike[0] if len(alike) == 1 else None


def _may_answer(column: Column, data: Sighting, model: Signature | None) -> bool:
    """Tell whether a column has as few values as gold answers have."""
    if column.kind not in ("text", "integer", "boolean"):
        return False
    return 1 < column.distinct <= (_classes(model) or max(2, data.rows // 2))


def _classes(model: Signature | None) -> int | None:
    """Return how many classes the model's first output has, where it says."""
    if model is None:
        return None
    shape = model.outputs[0].per_sample
    return shape[0] if len(shape) == 1 and shape[0] is not None and shape[0] > 1 else None


def _may_group(column: Column, rows: int) -> bool:
    """Tell whether samples that share a value of this column may not be independent."""
    if column.kind not in ("text", "integer") or not 1 < column.distinct < rows:
        return False
    name = column.name.lower()
    return name in GROUPS or name.removesuffix("_id") in GROUPS or name.endswith(("_id", "_of"))
