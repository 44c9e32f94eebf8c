"""What enters a layer, seen batch by batch: moments, magnitudes of channels, ranges of parts.

Memory is of the order of channels; what was seen of different samples merges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .figure import Figure, figure
from .moments import Moments, kurtosis

PARTS = 8


@dataclass(frozen=True)
class Activations:
    """What was seen of one layer's activations.

    Attributes
    ----------
    moments : Moments
        Of all values.
    largest : ndarray of float
        Largest magnitude of each channel (channels,).
    low, high : ndarray of float
        Smallest and largest value in each part of the samples (parts,); infinite where the part
        is empty.
    wrong : int
        Values that are not finite; nothing else is told where there are any.
    apart : bool
        Whether the parts could be told apart.
    """

    moments: Moments
    largest: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    wrong: int = 0
    apart: bool = True

    def merged(self, other: Activations) -> Activations:
        """Return what was seen in both.

        Raises
        ------
        ValueError
            If their channels are not the same in number.
        """
        if self.largest.shape != other.largest.shape:
            msg = f"{len(self.largest)} channels and {len(other.largest)}"
            raise ValueError(msg)
        return Activations(
            self.moments.merged(other.moments),
            np.maximum(self.largest, other.largest),
            np.minimum(self.low, other.low),
            np.maximum(self.high, other.high),
            self.wrong + other.wrong,
            self.apart and other.apart,
        )


def seen(values: NDArray[np.generic], axis: int, owner: NDArray[np.intp] | None) -> Activations:
    """Look at one batch of a layer's activations.

    Parameters
    ----------
    values : ndarray
        Rows of samples: those of one may be several, or one.
    axis : int
        Of the channels.
    owner : ndarray of int or None
        Place among all samples of the one that each row is of (rows,); None where the first
        dimension is not that of samples.
    """
    kind = np.float64 if values.dtype.itemsize > 4 else np.float32
    wide: NDArray[np.floating] = values.astype(kind, copy=False)
    channels = np.moveaxis(wide, axis, -1)
    wrong = int(wide.size - np.isfinite(wide).sum())
    others = tuple(range(channels.ndim - 1))
    low, high = _ranges(wide, owner)
    return Activations(
        Moments() if wrong else Moments.of(wide),
        _magnitudes(channels.max(axis=others, initial=0), channels.min(axis=others, initial=0)),
        low,
        high,
        wrong,
        owner is not None,
    )


def _magnitudes(high: NDArray[np.floating], low: NDArray[np.floating]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.maximum(high, -low).astype(np.float64)
    return found


def _ranges(
    wide: NDArray[np.floating], owner: NDArray[np.intp] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low, high = np.full(PARTS, np.inf), np.full(PARTS, -np.inf)
    if owner is not None and wide.size:
        rows = wide.reshape(len(owner), -1)
        np.minimum.at(low, owner % PARTS, rows.min(axis=1))
        np.maximum.at(high, owner % PARTS, rows.max(axis=1))
    return low, high


def activation_kurtosis(layer: Activations) -> Figure:
    """Return the fourth standardized moment of all values (1 and up)."""
    return _broken(layer) or kurtosis(layer.moments, "values")


def outlier_channels(layer: Activations) -> Figure:
    """Return the largest magnitude of any channel over that of the median one (1 and up)."""
    return _broken(layer) or over_median(layer.largest)


def range_stability(layer: Activations) -> Figure:
    """Return the widest range of any part of the samples over the narrowest (1 and up)."""
    filled = np.isfinite(layer.low) & np.isfinite(layer.high)
    n, counted = int(filled.sum()), "parts of the samples"
    if broken := _broken(layer):
        return broken
    if not layer.apart:
        return Figure(None, n, counted, "its first dimension is not that of samples")
    if n < 2:
        return Figure(None, n, counted, "fewer than 2 parts of samples")
    widths = (layer.high - layer.low)[filled]
    if not widths.min() > 0:
        return Figure(None, n, counted, "constant in a part of the samples")
    return figure(widths.max() / widths.min(), n, counted)


def over_median(largest: NDArray[np.float64]) -> Figure:
    """Return the largest of the magnitudes of channels (channels,) over their median."""
    n, counted = len(largest), "channels"
    if n < 2:
        return Figure(None, n, counted, "fewer than 2 channels")
    median = float(np.median(largest))
    if not median > 0:
        return Figure(None, n, counted, "the median channel is zero throughout")
    return figure(largest.max() / median, n, counted)


def worst(figures: Sequence[Figure], counted: str = "layers", low: bool = False) -> Figure:
    """Return the largest, or lowest, defined figure of several layers, as one of the model."""
    defined = [one.value for one in figures if one.value is not None]
    if not defined:
        why = next((one.reason for one in figures), "no layer was seen")
        return Figure(None, 0, counted, f"of no layer: {why}" if figures else why)
    return Figure(min(defined) if low else max(defined), len(defined), counted)


def _broken(layer: Activations) -> Figure | None:
    if not layer.wrong:
        return None
    return Figure(None, 0, "values", f"{layer.wrong:,} values are NaN or infinite")
