"""What one input of an ONNX model accepts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ArtifactError, DataError

TYPES = {
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(float16)": "float16",
    "tensor(bool)": "bool",
    "tensor(string)": "object",
} | {
    f"tensor({kind}{bits})": f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)
}


@dataclass(frozen=True, slots=True)
class Feed:
    """Name, element type, rank and batch size of one input; ``ndim`` is None where unknown."""

    name: str
    dtype: np.dtype[Any]
    ndim: int | None
    fixed_batch: int | None

    def check(self, array: NDArray[Any], artifact: Path) -> None:
        """Raise DataError where an array is not what this input takes."""
        where = f"{artifact}: input {self.name!r}"
        text = array.dtype.kind in "OU" and self.dtype == object
        if array.dtype.kind in "OU" and not text:
            msg = f"{where} takes {self.dtype}, got text; declare a 'preprocess' of your own"
            raise DataError(msg)
        if array.dtype != self.dtype and not text:
            msg = (
                f"{where} takes {self.dtype}, got {array.dtype}; declare "
                f"'preprocess: {{tensor: {{dtype: {self.dtype}}}}}'"
            )
            raise DataError(msg)
        if self.ndim is not None and array.ndim != self.ndim:
            msg = f"{where} has {self.ndim} dimensions, got shape {array.shape}; declare its shape"
            raise DataError(msg)
        if self.fixed_batch is not None and len(array) != self.fixed_batch:
            msg = (
                f"{where} is exported for batches of exactly {self.fixed_batch}, got {len(array)}; "
                f"{self._mend()}"
            )
            raise DataError(msg)

    def _mend(self) -> str:
        if self.fixed_batch == 1:
            return "set 'inference: {batch: 1}' or export it with a dynamic batch"
        return "export it with a dynamic batch"


def feeds_of(inputs: Iterable[Any]) -> dict[str, Feed]:
    """Read the inputs of a session into feeds, in the model's order."""
    return {node.name: _feed(node) for node in inputs}


def _feed(node: Any) -> Feed:
    if node.type not in TYPES:
        msg = f"input {node.name!r} of the model is a {node.type}, which cannot be fed"
        raise ArtifactError(msg)
    shape = node.shape
    fixed = shape[0] if shape and isinstance(shape[0], int) else None
    return Feed(node.name, np.dtype(TYPES[node.type]), len(shape) or None, fixed)
