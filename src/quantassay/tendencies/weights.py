"""What a layer's stored weights tell: outliers by output channel, concentration, kurtosis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .activations import over_median
from .figure import Figure, figure
from .moments import Moments, kurtosis

TOP = 0.001


def weight_outliers(values: NDArray[np.floating], axis: int) -> Figure:
    """Return the largest magnitude of any output channel, over that of the median one.

    Parameters
    ----------
    values : ndarray
        The weights of one layer.
    axis : int
        Of the output channels.
    """
    channels = np.moveaxis(values, axis, 0).reshape(values.shape[axis], -1)
    return _broken(values) or over_median(np.abs(channels).max(axis=1, initial=0.0))


def weight_concentration(values: NDArray[np.floating]) -> Figure:
    """Return the share of the sum of squares that the 0.1 % of largest magnitude hold (0 to 1).

    The share of a part of a weight is counted in part: of 1,500 weights, one and a half.
    """
    if broken := _broken(values):
        return broken
    squares = values.astype(np.float64).reshape(-1) ** 2
    total, wanted = float(squares.sum()), TOP * squares.size
    if not total > 0:
        return Figure(None, squares.size, "weights", "all weights are zero")
    whole = int(wanted)
    top = np.partition(squares, squares.size - whole - 1)[-whole - 1 :]
    held = top.sum() - top.min() * (1 - (wanted - whole))
    return figure(held / total, squares.size, "weights")


def weight_kurtosis(values: NDArray[np.floating]) -> Figure:
    """Return the fourth standardized moment of the weights."""
    return _broken(values) or kurtosis(Moments.of(values), "weights")


def _broken(values: NDArray[np.floating]) -> Figure | None:
    if not values.size:
        return Figure(None, 0, "weights", "no weights")
    wrong = int(values.size - np.isfinite(values).sum())
    if not wrong:
        return None
    return Figure(None, 0, "weights", f"{wrong:,} weights are NaN or infinite")
