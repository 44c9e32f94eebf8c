"""Paired AUROC where samples share clusters: the cluster, not the sample, is the unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, scalar
from .auroc import auroc_floor
from .clusters import FEWEST
from .placements import Codes, Mask, Placements, inside, shares, summed
from .pseudo import p_over_levels, pseudo_count


@dataclass(frozen=True)
class ClusterPlacements:
    """Placements summed over clusters: all that a clustered comparison of two AUROC needs.

    Attributes
    ----------
    pairs
        Sums over the samples of each cell (G,).
    clusters
        Clusters of each cell (G,).
    products
        Sums over clusters (G, 4, 4) of the products of their placement differences of positives
        and of negatives, and their counts of positives and of negatives.
    heaviest
        Positives and negatives (2, G) of the cluster whose loss would cost most.
    full
        How many clusters as large as the largest would hold as many samples of a class, the
        smaller of both (G,).
    """

    pairs: Placements
    clusters: Floats
    products: Floats
    heaviest: Floats
    full: Floats

    @property
    def standard_error(self) -> Floats:
        """Standard error (G,) of the difference by cluster, nothing appended."""
        return _loss(self, 1.0, np.zeros(()))[1]

    def swapped(self) -> ClusterPlacements:
        """Return the same with reference and candidate swapped."""
        sign = np.array([-1.0, -1.0, 1.0, 1.0])
        products = self.products * sign[:, None] * sign
        return replace(self, pairs=self.pairs.swapped(), products=products)


def cluster_placements(
    reference: ArrayLike,
    candidate: ArrayLike,
    positive: ArrayLike,
    cluster: ArrayLike,
    cell: ArrayLike | None = None,
    cells: int = 1,
) -> ClusterPlacements:
    """Return the placement sums of every cell and of its clusters.

    Parameters
    ----------
    reference, candidate, positive, cell, cells
        As for `paired_placements`.
    cluster
        Cluster of each sample (n,), a whole number.

    Returns
    -------
    ClusterPlacements
        Arrays of G cells.

    Raises
    ------
    ValueError
        If lengths differ, or a score is NaN.

    Notes
    -----
    Obuchowski 1997, doi:10.2307/2533958.
    """
    truth, code, (ref, cand, unit) = inside(positive, cell, reference, candidate, cluster)
    right = [shares(side, truth, code, cells) for side in (ref, cand)]
    owner, table = _by_cluster(truth, code, unit, right[1] - right[0])
    pairs = summed(truth, code, right, cells)
    products = np.zeros((cells, 4, 4))
    for i, j in zip(*np.triu_indices(4), strict=True):
        products[:, i, j] = np.bincount(owner, table[i] * table[j], cells)
        products[:, j, i] = products[:, i, j]
    sizes = np.stack([pairs.positives, pairs.negatives])
    return ClusterPlacements(
        pairs,
        np.bincount(owner, minlength=cells).astype(np.float64),
        products,
        *_largest(owner, table[2:], sizes),
    )


def auroc_cluster_bounds(units: ClusterPlacements, alpha: ArrayLike) -> tuple[Floats, Floats]:
    """Return the interval of the loss in AUROC, each end one-sided at ``alpha``.

    Parameters
    ----------
    units
        From `cluster_placements`, cells (G,).
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    tuple of Floats
        Low and high end of the loss (G,) in [-1, 1]; NaN where a class is empty or the effective
        clusters of one are fewer than two.

    Raises
    ------
    ValueError
        If a level is out of range.

    Notes
    -----
    `pseudo_count` clusters like the one whose loss would cost most are appended, wholly lost for
    the high end. Degrees of freedom: effective clusters of the class that has fewer, less one.
    """
    level = check_alpha(alpha)
    count = pseudo_count(level)

    def upper(sign: float) -> Floats:
        loss, error, df = _loss(units, sign, count)
        return np.minimum(loss - special.stdtrit(df, level) * error, 1.0)

    return scalar(-upper(-1.0)), scalar(upper(1.0))


def auroc_cluster_p_within(units: ClusterPlacements, margin: ArrayLike) -> Floats:
    """Return p of the hypothesis that the loss in AUROC is ``margin`` or more.

    Parameters
    ----------
    units
        From `cluster_placements`, cells (G,).
    margin
        Loss in AUROC; NaN gives NaN.

    Returns
    -------
    Floats
        The largest level whose high end is not below the margin; NaN where undefined.
    """
    return _p_within(units, 1.0, np.asarray(margin, np.float64))


def auroc_cluster_p_beyond(units: ClusterPlacements, margin: ArrayLike) -> Floats:
    """Return p of the hypothesis that the loss in AUROC is ``margin`` or less."""
    return _p_within(units, -1.0, -np.asarray(margin, np.float64))


def auroc_cluster_floor(margin: ArrayLike, alpha: ArrayLike) -> Floats:
    """Return the least clusters of the largest size at which a pass is possible, 20 or more.

    Parameters
    ----------
    margin, alpha
        As for `auroc_floor`.

    Returns
    -------
    Floats
        To be compared with `ClusterPlacements.full`.
    """
    return scalar(np.maximum(FEWEST, auroc_floor(margin, alpha)))


def _by_cluster(
    truth: Mask, code: Codes, unit: Floats, moved: Floats
) -> tuple[Codes, list[Floats]]:
    """Return the cell of every (cell, cluster) and its four sums."""
    names, own = np.unique(unit, return_inverse=True)
    width = max(len(names), 1)
    keys, place = np.unique(code * width + own, return_inverse=True)
    columns: list[Any] = [moved * truth, moved * ~truth, truth, ~truth]
    sums = [np.bincount(place, column, len(keys)) for column in columns]
    return keys // width, [np.asarray(column, np.float64) for column in sums]


def _largest(owner: Codes, counts: list[Floats], sizes: Floats) -> tuple[Floats, Floats]:
    """Return the counts (2, G) of the heaviest cluster, and clusters of the largest size."""
    weight = sum(
        count / np.maximum(size[owner], 1) for count, size in zip(counts, sizes, strict=True)
    )
    order = np.lexsort((weight, owner))
    last = order[np.flatnonzero(np.diff(owner[order], append=-1))]
    heaviest, most = np.zeros((2, *sizes.shape))
    heaviest[:, owner[last]] = [count[last] for count in counts]
    for column, count in zip(most, counts, strict=True):
        np.maximum.at(column, owner, count)
    return heaviest, (sizes / np.maximum(most, 1)).min(axis=0)


def _loss(units: ClusterPlacements, sign: float, count: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the loss, its standard error and df once the lost clusters are appended."""
    pairs, (few, many) = units.pairs, units.heaviest
    m, n = pairs.positives, pairs.negatives
    size, width = m + count * few, n + count * many
    with np.errstate(invalid="ignore", divide="ignore"):
        kept = m * n / (size * width)
        loss = 1 - kept * (1 + sign * pairs.difference)
        slopes = [
            sign * n / width / size,
            sign * m / size / width,
            loss / size - count * many / width / size,
            loss / width - count * few / size / width,
        ]
        own = np.einsum("ig,gij,jg->g", slopes, units.products, slopes)
        lost = (1 - loss) * (few / size + many / width)
        total = units.clusters + count
        squared = np.maximum(own, 0.0) + count * lost**2
        effective = np.minimum(m**2 / units.products[:, 2, 2], n**2 / units.products[:, 3, 3])
        error = np.sqrt(squared * total / (total - 1))
    known = (np.minimum(m, n) > 0) & (effective > 1)
    return np.where(known, loss, np.nan), error, effective - 1


def _p_within(units: ClusterPlacements, sign: float, margin: Floats) -> Floats:
    def p_with(count: int) -> Floats:
        loss, error, df = _loss(units, sign, np.asarray(float(count)))
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = special.stdtr(df, (loss - margin) / error)
        known = ~np.isnan(loss + margin)
        return np.where(known, np.where(error > 0, spread, loss >= margin), np.nan)

    return scalar(p_over_levels(p_with))
