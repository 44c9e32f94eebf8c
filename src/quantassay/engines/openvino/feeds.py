"""What one input of an OpenVINO model accepts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ArtifactError, DataError
from ..onnxruntime.feeds import Feed

TYPES = {
    "f16": "float16", "f32": "float32", "f64": "float64", "boolean": "bool", "string": "object",
} | {f"{kind}{bits}": f"{name}{bits}" for kind, name in (("i", "int"), ("u", "uint"))
     for bits in (8, 16, 32, 64)}  # fmt: skip
WIDE = ("int64", "uint64", "uint32")


@dataclass(frozen=True, slots=True)
class OpenVinoFeed:
    """An input: type, rank and batch as for any engine, and each dimension; None for any size."""

    feed: Feed
    dimensions: tuple[tuple[int, int | None], ...] | None

    @property
    def fixed_batch(self) -> int | None:
        """The only batch size that it takes; None where any will do."""
        return self.feed.fixed_batch

    def check(self, array: NDArray[Any], artifact: Path) -> None:
        """Raise DataError where an array is not what this input takes."""
        self.feed.check(array, artifact)
        for size, (least, most) in zip(array.shape, self.dimensions or (), strict=False):
            if size < least or (most is not None and size > most):
                msg = (
                    f"{artifact}: input {self.feed.name!r} takes shape {self._shape()}, got "
                    f"{array.shape}; declare its shape"
                )
                raise DataError(msg)
        if array.dtype.name in WIDE and array.size and not _fits(array):
            msg = (
                f"{artifact}: input {self.feed.name!r}: OpenVINO computes {array.dtype} as int32, "
                f"which values from {array.min()} to {array.max()} do not fit"
            )
            raise DataError(msg)

    def _shape(self) -> str:
        sizes = [_told(least, most) for least, most in self.dimensions or ()]
        return f"({', '.join(sizes)})"


def _fits(array: NDArray[Any]) -> bool:
    limits = np.iinfo(np.int32)
    return bool(array.min() >= limits.min and array.max() <= limits.max)


def _told(least: int, most: int | None) -> str:
    if most is None:
        return "any" if least == 0 else f"from {least}"
    return str(least) if least == most else f"{least} to {most}"


def feeds_of(ports: Iterable[Any], artifact: Path) -> dict[str, OpenVinoFeed]:
    """Read the inputs of a compiled model into feeds, in its order."""
    found = list(ports)
    names = names_of(found, artifact)
    return {name: _feed(name, port) for name, port in zip(names, found, strict=True)}


def names_of(ports: Iterable[Any], artifact: Path) -> tuple[str, ...]:
    """Return a name for each input or output; that of the node where it has none of its own.

    Raises
    ------
    ArtifactError
        If two have the same name.
    """
    names = tuple(min(port.get_names(), default=port.node.get_friendly_name()) for port in ports)
    if len(set(names)) < len(names):
        msg = f"{artifact}: two inputs or two outputs have the same name: {', '.join(names)}"
        raise ArtifactError(msg)
    return names


def _feed(name: str, port: Any) -> OpenVinoFeed:
    kind = port.get_element_type().get_type_name()
    if kind not in TYPES:
        msg = f"input {name!r} of the model is a {kind}, which cannot be fed"
        raise ArtifactError(msg)
    shape = port.get_partial_shape()
    if shape.rank.is_dynamic:
        return OpenVinoFeed(Feed(name, np.dtype(TYPES[kind]), None, None), None)
    sizes = tuple(_bounds(dimension) for dimension in shape)
    fixed = sizes[0][0] if sizes and sizes[0][0] == sizes[0][1] else None
    return OpenVinoFeed(Feed(name, np.dtype(TYPES[kind]), len(sizes), fixed), sizes)


def _bounds(dimension: Any) -> tuple[int, int | None]:
    if dimension.is_static:
        return dimension.get_length(), dimension.get_length()
    most = dimension.get_max_length()
    return dimension.get_min_length(), None if most < 0 else most
