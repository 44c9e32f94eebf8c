"""Calibration samples as NNCF takes them: one at a time, by the names of the model's inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError
from ..contract import Batches


@dataclass(frozen=True)
class ModelInput:
    """Name, element type and shape of an input; None for a size, or a shape, of any kind."""

    name: str
    dtype: str
    shape: tuple[int | None, ...] | None

    @property
    def batch(self) -> int:
        """How many samples it takes at once; 1 where any number will do."""
        return (self.shape[0] if self.shape else None) or 1

    def check(self, array: NDArray[Any], where: str) -> None:
        """Raise DataError where an array is not what this input takes, but for its first size."""
        if array.dtype.name != self.dtype:
            msg = (
                f"{where}: input {self.name!r} takes {self.dtype}, calibration gives {array.dtype}"
            )
            raise DataError(msg)
        if self.shape is None:
            return
        sizes = zip(array.shape[1:], self.shape[1:], strict=False)
        same = all(wanted in (None, size) for size, wanted in sizes)
        if array.ndim != len(self.shape) or not same:
            wanted = ", ".join("any" if size is None else str(size) for size in self.shape)
            msg = (
                f"{where}: input {self.name!r} takes shape ({wanted}), calibration gives "
                f"{array.shape}"
            )
            raise DataError(msg)


class Samples:
    """Feeds of one sample each, or of as many as the model's fixed batch has.

    Parameters
    ----------
    batches : sequence of mappings of str to ndarray, or None
        As a scheme is given them.
    inputs : sequence of ModelInput
        In the model's order.
    reference : Path
        The model, for messages.
    scheme : str
        Whose samples these are.

    Raises
    ------
    DataError
        If there are none, or they do not fit the model.
    """

    def __init__(
        self, batches: Batches | None, inputs: tuple[ModelInput, ...], reference: Path, scheme: str
    ) -> None:
        if not batches:
            msg = f"scheme {scheme!r} needs calibration samples: set 'calibration'"
            raise DataError(msg)
        self._batches, self._inputs, self._where = batches, inputs, str(reference)
        self._size = max(one.batch for one in inputs)
        self._length = sum(len(next(iter(batch.values()))) for batch in batches) // self._size
        if not self._length:
            msg = f"{reference}: takes {self._size} samples at once; calibration has fewer"
            raise DataError(msg)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[dict[str, NDArray[Any]]]:
        held: list[dict[str, NDArray[Any]]] = []
        for batch in self._batches:
            feeds = self._named(batch)
            for row in range(len(next(iter(feeds.values())))):
                held.append({name: array[row : row + 1] for name, array in feeds.items()})
                if len(held) == self._size:
                    yield {name: np.concatenate([one[name] for one in held]) for name in feeds}
                    held = []

    def _named(self, batch: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        feeds = dict(batch)
        if list(feeds) == [""] and len(self._inputs) == 1:
            feeds = {self._inputs[0].name: feeds[""]}
        names = [one.name for one in self._inputs]
        if sorted(feeds) != sorted(names):
            msg = f"{self._where}: inputs are {names}, calibration gives {sorted(feeds)}"
            raise DataError(msg)
        for one in self._inputs:
            one.check(feeds[one.name], self._where)
        return {name: feeds[name] for name in names}
