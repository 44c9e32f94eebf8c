"""A batch by the names of a model's inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from ..errors import DataError


def named(
    batch: Mapping[str, NDArray[Any]], inputs: Sequence[str], artifact: Path
) -> dict[str, NDArray[Any]]:
    """Return a batch by the model's own names; the key ``""`` stands for its only input.

    Raises
    ------
    DataError
        If an input is missing, or one is there that the model does not have.
    """
    if "" in batch and len(batch) == len(inputs) == 1:
        return {inputs[0]: batch[""]}
    if batch.keys() != set(inputs):
        given = ", ".join(map(repr, batch)) if "" not in batch else "one unnamed input"
        wanted = ", ".join(map(repr, inputs))
        msg = (
            f"{artifact}: the model's inputs are {wanted}, got {given}; "
            "map them in 'input: {model input: column}'"
        )
        raise DataError(msg)
    return dict(batch)
