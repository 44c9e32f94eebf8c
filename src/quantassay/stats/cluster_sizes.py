"""Sizes of the clusters of cells, and how large a loss they can hide."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arrays import Floats

# Wider than -log of any level that is told apart.
WIDTH = 128.0


class ClusterSizes:
    """Clusters of every cell, largest first, with what their sizes alone decide.

    Parameters
    ----------
    sizes
        Samples of every cluster (N,), each above 0.
    code
        Cell of every cluster (N,), from 0; None: all are of one cell, and results are scalars.
    number
        Number of cells.

    Notes
    -----
    Clusters are wholly lost with probabilities mu_g, one for each. All losses stay out of the
    sample with probability prod(1 - mu_g). The largest mean loss of which that is alpha or more
    puts ``mu_g = 1 - c / n_g`` on the clusters larger than some c, nothing on the others.
    """

    def __init__(self, sizes: Floats, code: NDArray[np.intp] | None, number: int = 1) -> None:
        cell = np.zeros(len(sizes), np.intp) if code is None else code
        order = np.argsort(cell * (sizes.max(initial=0.0) + 1) - sizes)
        cell, n = cell[order], sizes[order]
        counts = np.bincount(cell, minlength=number)
        starts = np.cumsum(counts) - counts
        self._samples, self._logs = np.r_[0.0, np.cumsum(n)], np.r_[0.0, np.cumsum(np.log(n))]
        rank = np.arange(1.0, len(n) + 1) - starts[cell]
        needed = self._logs[1:] - self._logs[starts[cell]] - rank * np.log(n)
        key = cell * WIDTH + np.clip(needed, 0.0, WIDTH - 1)
        self._key = np.maximum.accumulate(key) if len(key) else key
        one = 0 if code is None else np.arange(number)
        self._cells, self._starts, self._counts = np.asarray(one), starts[one], counts[one]

    def equivalent(self, alpha: ArrayLike) -> Floats:
        """Return the size of equal clusters, as many, that could hide as large a loss.

        Parameters
        ----------
        alpha
            Probability with which the loss stays hidden, in (0, 1).

        Returns
        -------
        Floats
            Samples, at most those of the largest cluster, of every cell; NaN where it has none.
        """
        depth = -np.log(np.asarray(alpha, np.float64))
        deepest = np.searchsorted(self._key, self._cells * WIDTH + depth) - self._starts
        harmed = np.maximum(deepest, 1.0)
        last = np.minimum(self._starts + harmed.astype(np.intp), len(self._key))
        logs = self._logs[last] - self._logs[self._starts]
        samples = self._samples[last] - self._samples[self._starts]
        with np.errstate(invalid="ignore", divide="ignore"):
            hidden = samples - harmed * np.exp((logs - depth) / harmed)
            found = hidden / (-self._counts * np.expm1(-depth / self._counts))
        return np.where(self._counts > 0, found, np.nan)
