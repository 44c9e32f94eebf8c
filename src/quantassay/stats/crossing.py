"""p-values of paired binary tables, and the losses at which they cross a level."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, check_counts, floats, scalar
from .roots import Cells, decreasing_root
from .tango import upper_limit
from .trinomial import Tables, ranked

# p (N,) of tables whose true loss is (N,) or more; it falls as that loss grows
PValue: TypeAlias = Callable[[Tables, Floats], Floats]
TOLERANCE = 1e-8


def p_within(
    p: PValue, losses: ArrayLike, gains: ArrayLike, n: ArrayLike, margin: ArrayLike
) -> Floats:
    """Return ``p`` of the hypothesis that the loss is ``margin`` or more."""
    b, c, size, loss = floats(*check_counts(losses, gains, n), check_loss(margin))
    return scalar(each_table(lambda *row: p(ranked(*row[:3]), row[3]), b, c, size, loss))


def p_beyond(
    p: PValue, losses: ArrayLike, gains: ArrayLike, n: ArrayLike, margin: ArrayLike
) -> Floats:
    """Return the mirror of `p_within`: losses and gains swapped, at ``-margin``."""
    return p_within(p, gains, losses, n, -check_loss(margin))


def interval(
    p: PValue, losses: ArrayLike, gains: ArrayLike, n: ArrayLike, alpha: ArrayLike
) -> tuple[Floats, Floats]:
    """Return the losses at which `p_beyond` and `p_within` cross ``alpha``."""
    b, c, size, level = floats(*check_counts(losses, gains, n), check_alpha(alpha))
    sides = np.stack([c, b]), np.stack([b, c]), np.stack([size, size]), np.stack([level, level])
    low, high = each_table(lambda *row: _upper_ends(p, *row), *sides)
    return scalar(-low), scalar(high)


def check_loss(loss: ArrayLike) -> Floats:
    """Return losses; ValueError outside [-1, 1]."""
    values = np.asarray(loss, np.float64)
    if np.any(np.abs(values) > 1):
        msg = f"a loss of a proportion lies in [-1, 1]: {loss!r}"
        raise ValueError(msg)
    return values


def each_table(
    function: Callable[..., Floats], b: Floats, c: Floats, n: Floats, argument: Floats
) -> Floats:
    """Apply ``function`` once to each different row; NaN where there are no pairs."""
    rows = np.stack([b.ravel(), c.ravel(), n.ravel(), argument.ravel()], axis=1)
    found = np.full(len(rows), np.nan)
    defined = (rows[:, 2] > 0) & ~np.isnan(rows[:, 3])
    if defined.any():
        different, which = np.unique(rows[defined], axis=0, return_inverse=True)
        found[defined] = function(*np.ascontiguousarray(different.T))[which.ravel()]
    return found.reshape(b.shape)


def _upper_ends(p: PValue, b: Floats, c: Floats, n: Floats, alpha: Floats) -> Floats:
    tables, z = ranked(b, c, n), special.ndtri(alpha)

    def excess(loss: Floats, cells: Cells) -> Floats:
        found = np.clip(p(tables.take(cells), loss), 1e-300, 1 - 1e-16)
        return np.asarray(special.ndtri(found) - z[cells])

    start = upper_limit(b, c, n, -z)
    step = (start - (b - c) / n) / np.maximum(-z, 0.1)
    ends = decreasing_root(excess, start, step, (np.full_like(b, -1.0), np.ones_like(b)), TOLERANCE)
    return np.where(b == n, 1.0, ends)
