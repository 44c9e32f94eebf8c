"""Whether what a model tends to is stable from one stage of its training to another."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from ..stats.ranks import rank_correlation
from .figure import Figure, figure
from .pieces import pieces

WEIGHTS, LAYERS = "weights", "layers"
FEWEST = 3
ZERO = "all weights of one stage are zero"


def cosine(first: NDArray[np.generic], second: NDArray[np.generic]) -> Figure:
    """Return the cosine of the angle between a layer's weights at two stages (-1 to 1)."""
    own, other, both, _ = _sums(first, second)
    if not min(own, other) > 0:
        return Figure(None, first.size, WEIGHTS, ZERO)
    return figure(both / sqrt(own) / sqrt(other), first.size, WEIGHTS)


def relative_change(first: NDArray[np.generic], second: NDArray[np.generic]) -> Figure:
    """Return the norm of the change of a layer's weights over that of the first (0 or more)."""
    own, _, _, moved = _sums(first, second)
    if not own > 0:
        return Figure(None, first.size, WEIGHTS, "all weights of the first stage are zero")
    return figure(sqrt(moved / own), first.size, WEIGHTS)


def ranks_agree(first: Sequence[Figure], second: Sequence[Figure]) -> Figure:
    """Return Spearman's rank correlation over layers of one tendency at two stages (-1 to 1).

    Parameters
    ----------
    first, second : sequence of Figure
        Of the same layers in the same order; those undefined on either side do not count.
    """
    both = [
        (one.value, other.value)
        for one, other in zip(first, second, strict=True)
        if one.value is not None and other.value is not None
    ]
    if len(both) < FEWEST:
        why = f"{len(both)} layers have it at both stages, and ranks need {FEWEST}"
        return Figure(None, len(both), LAYERS, why)
    found = rank_correlation(*zip(*both, strict=True))
    if np.isnan(found):
        return Figure(None, len(both), LAYERS, "all layers have the same figure at one stage")
    return figure(found, len(both), LAYERS)


def _sums(
    first: NDArray[np.generic], second: NDArray[np.generic]
) -> tuple[float, float, float, float]:
    """Return sums of squares of both, of their products, and of the squares of the change."""
    sums = np.zeros(4)
    for own, other in pieces(first, second):
        moved = other - own
        sums += own @ own, other @ other, own @ other, moved @ moved
    return float(sums[0]), float(sums[1]), float(sums[2]), float(sums[3])
