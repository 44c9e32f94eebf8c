"""Lloyd's p-values of a paired loss: at the estimated discordance, and maximized over it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, check_counts, floats, scalar
from .crossing import check_loss, each_table
from .tango import restricted_loss_probability, score
from .trinomial import DROPPED, chunks, counted, counts, tail
from .unconditional import worst_probability

LARGEST = 1000
TIE = 1e-9
# scores computed for each sum: a bisection over the gains
SCORES = 16


def estimated_p_within(
    losses: ArrayLike, gains: ArrayLike, n: ArrayLike, margin: ArrayLike
) -> Floats:
    """Return the E p-value of the hypothesis that the loss is ``margin`` or more.

    Parameters
    ----------
    losses, gains, n
        Counts; broadcastable.
    margin
        Loss in [-1, 1]; NaN gives NaN.

    Returns
    -------
    Floats
        p in (0, 1]; NaN where n is 0. It may rise here and there as the margin widens, and
        exceeds its level by up to a fifth in small tables: a diagnostic.

    Raises
    ------
    ValueError
        If counts do not fit in one another, or a margin is outside [-1, 1].

    Notes
    -----
    Lloyd, 2008, Australian & New Zealand Journal of Statistics 50:329: the probability of a table
    with Tango's score at ``margin`` as high or higher, at the restricted maximum-likelihood
    estimate of the discordance.
    """
    row = floats(*check_counts(losses, gains, n), check_loss(margin))
    return scalar(each_table(_estimated, *row))


def estimated_p_beyond(
    losses: ArrayLike, gains: ArrayLike, n: ArrayLike, margin: ArrayLike
) -> Floats:
    """Return the E p-value of the hypothesis that the loss is ``margin`` or less.

    The mirror of `estimated_p_within`: losses and gains swapped, at ``-margin``.
    """
    return estimated_p_within(gains, losses, n, -check_loss(margin))


def maximized_p_within(
    losses: ArrayLike, gains: ArrayLike, n: ArrayLike, margin: ArrayLike
) -> Floats:
    """Return the E+M p-value of the hypothesis that the loss is ``margin`` or more.

    Parameters
    ----------
    losses, gains, n
        Counts; broadcastable; n at most 1000, where one table takes seconds.
    margin
        Loss in [-1, 1]; NaN gives NaN.

    Returns
    -------
    Floats
        p in (0, 1]; NaN where n is 0. Its level is kept at ``margin`` whatever the discordance;
        like `estimated_p_within` it may rise as the margin widens: a diagnostic.

    Raises
    ------
    ValueError
        If counts do not fit in one another, n is more than 1000, or a margin is outside [-1, 1].

    Notes
    -----
    Lloyd, 2008: the probability of a table whose `estimated_p_within` is as small or smaller,
    largest over all discordances.
    """
    row = floats(*check_counts(losses, gains, n), check_loss(margin))
    if np.any(row[2] > LARGEST):
        msg = f"the maximized p-value takes n up to {LARGEST}"
        raise ValueError(msg)
    return scalar(each_table(_maximized, *row))


def maximized_p_beyond(
    losses: ArrayLike, gains: ArrayLike, n: ArrayLike, margin: ArrayLike
) -> Floats:
    """Return the E+M p-value of the hypothesis that the loss is ``margin`` or less.

    The mirror of `maximized_p_within`: losses and gains swapped, at ``-margin``.
    """
    return maximized_p_within(gains, losses, n, -check_loss(margin))


def _estimated(b: Floats, c: Floats, n: Floats, loss: Floats) -> Floats:
    psi = 2 * restricted_loss_probability(b, c, n, loss) - loss
    psi = np.maximum(psi, np.abs(loss))[:, None]
    first, last = counted(n, psi)
    p = np.empty(len(b))
    for part in chunks(last - first + 1, SCORES):
        k = counts(first[part], last[part])
        gains = _fewest_gains(k, b[part], c[part], n[part], loss[part])
        p[part] = tail(k, gains, last[part], n[part], loss[part], psi[part])[:, 0]
    return np.minimum(p + DROPPED, 1.0)


def _fewest_gains(k: Floats, b: Floats, c: Floats, n: Floats, loss: Floats) -> Floats:
    """Return the fewest gains (N, W) among ``k`` discordant pairs whose score is as high."""
    size, at = n[:, None], loss[:, None]
    t = score(b, c, n, loss)
    with np.errstate(invalid="ignore"):
        bound = np.where(np.isinf(t), t, t - TIE * np.maximum(1.0, np.abs(t)))[:, None]
    low, high = np.full_like(k, -1.0), k + 1
    while np.any(high - low > 1):
        middle = np.floor((low + high) / 2)
        inside = np.clip(middle, 0.0, k)
        as_good = (middle > k) | ((middle >= 0) & (score(k - inside, inside, size, at) >= bound))
        low, high = np.where(as_good, low, middle), np.where(as_good, middle, high)
    return high


def _maximized(b: Floats, c: Floats, n: Floats, loss: Floats) -> Floats:
    observed = _estimated(b, c, n, loss) * (1 + TIE)
    return np.array([_worst(*cell) for cell in zip(observed, n, loss, strict=True)])


def _worst(observed: float, n: float, loss: float) -> float:
    """Return the largest probability of an E p-value up to ``observed``."""
    k = np.arange(n + 1)
    low, high = np.full_like(k, -1.0), k + 1
    while np.any(high - low > 1):
        middle = np.floor((low + high) / 2)
        turn = np.flatnonzero(high - low > 1)
        gains, fixed = middle[turn], np.ones(len(turn))
        small = _estimated(k[turn] - gains, gains, n * fixed, loss * fixed) <= observed
        high[turn], low[turn] = (
            np.where(small, gains, high[turn]),
            np.where(small, low[turn], gains),
        )
    return min(1.0, worst_probability(high, n, loss) + DROPPED)
