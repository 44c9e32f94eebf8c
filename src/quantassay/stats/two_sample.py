"""Whether two samples could be of one population: shares, columns one by one, all at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, floats, scalar

# below this an expected count is too small for the chi-square law (Cochran 1954)
LEAST_EXPECTED = 5.0
DRAWS = 4_999


class MixDifference(NamedTuple):
    """p that both mixes are one; ``distance`` is the share of samples that differ in group."""

    p: float
    distance: float
    drawn: bool


def mix_difference(first: ArrayLike, second: ArrayLike, seed: int = 0) -> MixDifference:
    """Compare how two samples fall into the same groups.

    Parameters
    ----------
    first, second
        Counts of each group (k,).
    seed
        Of the permutations that stand in for the chi-square law where an expected count is below 5.

    Returns
    -------
    MixDifference
        p of Pearson's chi-square test of homogeneity, NaN where a side is empty or there is one
        group; the total variation distance of both mixes, in [0, 1].

    Raises
    ------
    ValueError
        If counts are negative or of another length.
    """
    a, b = (np.asarray(side, np.int64) for side in (first, second))
    if a.shape != b.shape or a.ndim != 1 or np.any(a < 0) or np.any(b < 0):
        msg = "counts are two rows of whole numbers of one length"
        raise ValueError(msg)
    total = a + b
    a, b, total = a[total > 0], b[total > 0], total[total > 0]
    if not a.sum() or not b.sum():
        return MixDifference(np.nan, np.nan, drawn=False)
    distance = float(np.abs(a / a.sum() - b / b.sum()).sum() / 2)
    if len(total) < 2:
        return MixDifference(np.nan, distance, drawn=False)
    seen = float(_chi_square(a, total))
    if min(a.sum(), b.sum()) * total.min() / total.sum() >= LEAST_EXPECTED:
        return MixDifference(float(special.chdtrc(len(total) - 1, seen)), distance, drawn=False)
    rng = np.random.default_rng(seed)
    drawn = rng.multivariate_hypergeometric(total, int(a.sum()), DRAWS, method="marginals")
    beyond = int((_chi_square(drawn, total) >= seen * (1 - 1e-12)).sum())
    return MixDifference((beyond + 1) / (DRAWS + 1), distance, drawn=True)


def _chi_square(counts: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return the statistic of one side's counts (..., k), the other being the rest of the total."""
    share = counts.sum(axis=-1, keepdims=True) / total.sum()
    expected = share * total
    return np.asarray(((counts - expected) ** 2 / (expected * (1 - share))).sum(axis=-1))


def ks_difference(first: ArrayLike, second: ArrayLike) -> tuple[Floats, Floats]:
    """Compare two samples column by column.

    Parameters
    ----------
    first, second
        Numbers (n, d) and (m, d).

    Returns
    -------
    tuple of Floats
        Largest difference of both distribution functions (d,), in [0, 1], and its p by
        Kolmogorov's limit law, which is too large where samples are few or values repeat.

    Raises
    ------
    ValueError
        If a side is empty, or the columns do not fit.
    """
    a, b = floats(np.asarray(first, np.float64)), floats(np.asarray(second, np.float64))
    one, other = _columns(a[0]), _columns(b[0])
    if one.shape[1] != other.shape[1] or not len(one) or not len(other):
        msg = "both samples have rows, and the same columns"
        raise ValueError(msg)
    found = np.array([_gap(x, y) for x, y in zip(one.T, other.T, strict=True)])
    size = np.sqrt(len(one) * len(other) / (len(one) + len(other)))
    return scalar(found), scalar(special.kolmogorov(size * found))


def _columns(values: Floats) -> Floats:
    return values[:, None] if values.ndim == 1 else values


def _gap(a: Floats, b: Floats) -> float:
    a, b = np.sort(a), np.sort(b)
    at = np.concatenate([a, b])
    shares = (np.searchsorted(side, at, side="right") / len(side) for side in (a, b))
    return float(np.abs(np.subtract(*shares)).max())


def energy_difference(
    first: ArrayLike, second: ArrayLike, draws: int = 999, seed: int = 0
) -> tuple[float, float]:
    """Compare two samples in all columns at once.

    Parameters
    ----------
    first, second
        Numbers (n, d) and (m, d), in units that make the columns weigh alike. Memory and time grow
        as (n + m)^2.
    draws
        Permutations.
    seed
        Of their draw.

    Returns
    -------
    tuple of float
        Energy distance over twice the mean distance across both samples, in [0, 1]: 0 where both
        laws are one; and its permutation p, which holds where samples are independent.

    Raises
    ------
    ValueError
        If a side is empty, or the columns do not fit.

    Notes
    -----
    Szekely and Rizzo, 2013, Journal of Statistical Planning and Inference 143:1249.
    """
    one, other = (_columns(np.asarray(side, np.float64)) for side in (first, second))
    if one.shape[1:] != other.shape[1:] or not len(one) or not len(other):
        msg = "both samples have rows, and the same columns"
        raise ValueError(msg)
    apart = _distances(np.concatenate([one, other]))
    n, total = len(one), len(one) + len(other)
    chosen = np.zeros((total, draws + 1), np.float32)
    chosen[:n, 0] = 1
    rng = np.random.default_rng(seed)
    for at in range(1, draws + 1):
        chosen[rng.permutation(total)[:n], at] = 1
    inside = np.einsum("ij,ij->j", chosen, apart @ chosen).astype(np.float64)
    rows = apart.sum(axis=1, dtype=np.float64)
    touched = rows @ chosen
    across, rest = touched - inside, rows.sum() - 2 * touched + inside
    m = total - n
    between = across / (n * m)
    energy = 2 * between - inside / n**2 - rest / m**2
    p = float((energy[1:] >= energy[0] * (1 - 1e-6)).sum() + 1) / (draws + 1)
    scaled = energy[0] / (2 * between[0]) if between[0] > 0 else 0.0
    return float(np.clip(scaled, 0.0, 1.0)), p


def _distances(points: Floats) -> np.ndarray:
    """Return the Euclidean distance of every two points, in single precision."""
    square = (points**2).sum(axis=1)
    apart = square[:, None] + square[None, :] - 2 * points @ points.T
    np.fill_diagonal(apart, 0.0)
    return np.asarray(np.sqrt(np.maximum(apart, 0.0)), np.float32)
