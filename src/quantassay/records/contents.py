"""What a model file holds: operations, weights, and how much of them is in low precision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

LOW_BITS = 16


@dataclass(frozen=True)
class Weight:
    """One constant tensor that is computed with.

    Attributes
    ----------
    kind : str
        Element type, such as ``fp32``, ``bf16``, ``int8``, ``int4``; signed or not.
    dimensions, elements, bits : int
        Rank, number of weights, and bits stored for all of them; packed ones are counted apart.
    parameter : bool
        Whether it is a scale or zero point rather than a weight.
    digest : str
        SHA-256 of type, shape and values, however they are stored.
    """

    kind: str
    dimensions: int
    elements: int
    bits: int
    parameter: bool
    digest: str

    @property
    def low(self) -> bool:
        """Whether its elements take 16 bits or less."""
        return not self.parameter and self.elements > 0 and self.bits <= LOW_BITS * self.elements


@dataclass(frozen=True)
class Contents:
    """What a model computes, with which weights.

    Attributes
    ----------
    format : str
        The format's name; operations and structure of two formats are not compared.
    ops : mapping of str to int
        Operations by kind.
    low_ops : mapping of str to int
        Those of them that compute in, or convert to, 16 bits or less.
    weights : tuple of Weight
        Constants that numbers are computed with; shapes, indices and flags left out.
    layers : tuple of int
        Layers with weights in 16 bits or less, and all layers with weights.
    macs : tuple of int, optional
        Multiplications with weights, in layers of 16 bits or less and in all: of one sample, or of
        one of its positions where a length that the file leaves open multiplies them all; None
        where shapes do not tell.
    structure : str
        Digest of operations, attributes, wiring and constants; names make no difference.
    """

    format: str
    ops: Mapping[str, int]
    low_ops: Mapping[str, int]
    weights: tuple[Weight, ...]
    layers: tuple[int, int]
    structure: str
    macs: tuple[int, int] | None = field(default=None)

    @property
    def stored(self) -> str:
        """The kind that most weights are stored in; ``no weights`` where there are none."""
        found: dict[str, int] = {}
        for weight in self.weights:
            if not weight.parameter:
                found[weight.kind] = found.get(weight.kind, 0) + weight.elements
        return max(found, key=lambda kind: found[kind]) if found else "no weights"


@dataclass(frozen=True)
class Dequantized:
    """The numbers of one weight as they are computed with, and the grid that they lie on.

    Attributes
    ----------
    values : ndarray of float32
        Each weight.
    step, low, high : ndarray of float32, optional
        Distance of neighbours on the grid, and its ends, in a shape that `in_blocks` takes. None
        where the numbers lie on no even grid.
    error : float, optional
        Relative error that storing scales in fewer digits than they were computed in has added.
    """

    values: NDArray[np.float32]
    step: NDArray[np.float32] | None = None
    low: NDArray[np.float32] | None = None
    high: NDArray[np.float32] | None = None
    error: float = 0.0


def in_blocks(
    values: NDArray[Any], *grids: NDArray[Any]
) -> tuple[NDArray[Any], list[NDArray[Any]]]:
    """View numbers and what holds for blocks of them so that they broadcast.

    Parameters
    ----------
    values : ndarray
        Any shape.
    *grids : ndarray
        Each number holds for as many neighbours along a dimension as there are values for it.

    Raises
    ------
    ValueError
        If the shapes do not divide.
    """
    sized = [np.reshape(grid, (1,) * (values.ndim - grid.ndim) + grid.shape) for grid in grids]
    counts = np.broadcast_shapes(*(grid.shape for grid in sized))
    split = [
        [count, whole // max(count, 1)] for count, whole in zip(counts, values.shape, strict=True)
    ]
    view = values.reshape([part for parts in split for part in parts])
    return view, [grid.reshape([part for n in grid.shape for part in (n, 1)]) for grid in sized]


@dataclass(frozen=True)
class StoredWeight:
    """One weight of a model file, read only when asked for.

    A format may offer ``stored_weights(path) -> Sequence[StoredWeight]``: then what a scheme did
    to the numbers is told too, not only that they differ.

    Attributes
    ----------
    name : str
        As the file has it.
    shape : tuple of int
        Of the values that ``read`` returns; those of a matrix may stand transposed.
    quantized : bool
        Whether the numbers lie on an even grid.
    read : callable
        Returns the numbers; None where the file contradicts itself.
    """

    name: str
    shape: tuple[int, ...]
    quantized: bool
    read: Callable[[], Dequantized | None]
