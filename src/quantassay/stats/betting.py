"""Means of bounded paired differences by betting: valid at every look, declared or not.

Proven: the wealth is a test martingale for any law within the cap, so each side errs with at most
its level however often, and whenever, one looks. The price is samples: up to twice those of t+w.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, check_cap, check_counts, check_margin, floats, scalar
from .roots import Cells, decreasing_root
from .wealth import BETS, ROUNDING, STAKES, check_table, log_e, log_wealth, share_of_cap


def betting_e_within(
    values: ArrayLike, counts: ArrayLike, cap: ArrayLike, margin: ArrayLike
) -> Floats:
    """Return the wealth of bets against the hypothesis that the mean loss is ``margin`` or more.

    Parameters
    ----------
    values
        Differences that occur (K,), candidate minus reference, within the cap.
    counts
        How often each does (..., K), 0 or more, fractions allowed; additive over shards and looks.
    cap
        Largest absolute difference that the metric allows; broadcast against the cells (...).
    margin
        Loss in the metric's unit (...), of any sign; NaN gives NaN.

    Returns
    -------
    Floats
        E (...): 1 before any pair; at each true law its chance of ever reaching 1 / alpha is at
        most alpha. Infinite where it overflows.

    Raises
    ------
    ValueError
        If values, counts or cap do not fit each other.

    Notes
    -----
    The mean over fixed bets l in (0, 1 / (cap - margin)) of ``prod (1 + l (d + margin))``: order
    does not matter, and it never falls as the margin widens. Waudby-Smith and Ramdas, 2024,
    Journal of the Royal Statistical Society B 86:1.

    Examples
    --------
    >>> bool(betting_e_within([-1, 0, 1], [2, 990, 8], 1, 0.02) > 40)
    True
    """
    log_wealth = log_e(values, counts, cap, margin)
    with np.errstate(over="ignore"):
        return scalar(np.exp(log_wealth))


def betting_e_beyond(
    values: ArrayLike, counts: ArrayLike, cap: ArrayLike, margin: ArrayLike
) -> Floats:
    """Return the wealth against a mean loss of ``margin`` or less; see `betting_e_within`."""
    return betting_e_within(-np.asarray(values), counts, cap, -np.asarray(margin))


def betting_p_within(
    values: ArrayLike, counts: ArrayLike, cap: ArrayLike, margin: ArrayLike
) -> Floats:
    """Return p of the hypothesis that the mean loss is ``margin`` or more, valid at every look.

    Parameters
    ----------
    values, counts, cap, margin
        As for `betting_e_within`.

    Returns
    -------
    Floats
        ``min(1, 1 / E)``.

    Raises
    ------
    ValueError
        If values, counts or cap do not fit each other.
    """
    return scalar(np.exp(-np.maximum(log_e(values, counts, cap, margin), 0.0)))


def betting_p_beyond(
    values: ArrayLike, counts: ArrayLike, cap: ArrayLike, margin: ArrayLike
) -> Floats:
    """Return p of a mean loss of ``margin`` or less; see `betting_p_within`."""
    return betting_p_within(-np.asarray(values), counts, cap, -np.asarray(margin))


def betting_bounds(
    values: ArrayLike, counts: ArrayLike, cap: ArrayLike, alpha: ArrayLike
) -> tuple[Floats, Floats]:
    """Return the interval of the mean loss, each end one-sided at ``alpha`` at every look at once.

    Parameters
    ----------
    values, counts, cap
        As for `betting_e_within`.
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    tuple of Floats
        Low and high end of the loss in [-cap, cap]: every loss whose p exceeds alpha.

    Raises
    ------
    ValueError
        If values, counts or cap do not fit each other, or a level is out of range.
    """
    values = np.asarray(values, np.float64)
    return -_high(-values, counts, cap, alpha), _high(values, counts, cap, alpha)


def betting_floor(cap: ArrayLike, margin: ArrayLike, alpha: ArrayLike) -> Floats:
    """Return the least n at which identical pairs pass by betting.

    Parameters
    ----------
    cap
        Largest absolute difference that the metric allows.
    margin
        Largest loss accepted, in the metric's unit; NaN gives NaN.
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    Floats
        About ``5.6 cap / margin`` at .025.

    Raises
    ------
    ValueError
        If cap, margin or level is out of range.
    """
    bound, m, level = floats(check_cap(cap), check_margin(margin), check_alpha(alpha))
    target = -np.log(level)
    growth = np.log1p(BETS * (1 / (1 - share_of_cap(m, bound)) - 1)[..., None])
    with np.errstate(invalid="ignore"):
        enough = np.ceil((target - np.log(STAKES[0])) / growth[..., 0])
    fails = np.zeros(m.shape)
    while np.any(enough - fails > 1):
        middle = np.floor((fails + enough) / 2)
        passes = special.logsumexp(middle[..., None] * growth, b=STAKES, axis=-1) > target
        fails, enough = np.where(passes, (fails, middle), (middle, enough))
    return scalar(enough)


def paired_binary_e(losses: ArrayLike, gains: ArrayLike, n: ArrayLike, margin: ArrayLike) -> Floats:
    """Return the wealth against a loss of ``margin`` or more in paired binary outcomes.

    Parameters
    ----------
    losses
        Pairs where only the reference is right.
    gains
        Pairs where only the candidate is right.
    n
        All pairs.
    margin
        Loss as a share in (-1, 1); NaN gives NaN. For the hypothesis of ``margin`` or less, swap
        losses and gains and change the sign of the margin.

    Returns
    -------
    Floats
        `betting_e_within` of the values -1, 0 and 1.

    Raises
    ------
    ValueError
        If counts do not fit each other.

    Examples
    --------
    >>> bool(1 / paired_binary_e(2, 3, 600, 0.02) < 0.025)
    True
    """
    b, c, size = check_counts(losses, gains, n)
    counts = np.stack([b, size - b - c, c], axis=-1)
    return betting_e_within([-1.0, 0.0, 1.0], counts, 1.0, margin)


def _high(values: Floats, counts: ArrayLike, cap: ArrayLike, alpha: ArrayLike) -> Floats:
    """Return the least loss, over all beyond which wealth reaches 1 / alpha."""
    share, number, bound = check_table(values, counts, cap)
    bound, target = floats(bound, -np.log(check_alpha(alpha)))
    shape = np.broadcast_shapes(number.shape[:-1], bound.shape)
    rows, width = math.prod(shape), number.shape[-1]
    share, number = (
        np.broadcast_to(a, (*shape, width)).reshape(rows, width) for a in (share, number)
    )
    target = np.broadcast_to(target, shape).reshape(rows)

    def lacking(margin: Floats, cells: Cells) -> Floats:
        return target[cells] - log_wealth(share[cells], number[cells], margin)

    n = np.maximum(number.sum(axis=-1), 1.0)
    mean = (number * share).sum(axis=-1) / n
    spread = np.sqrt((number * share**2).sum(axis=-1) / n + 1 / n)
    reach = np.sqrt(2 * (target + 2) / n) * spread
    ends = np.full_like(n, -1.0), np.full_like(n, 1 - 1e-12)
    root = decreasing_root(lacking, reach - mean, reach / 2 / target, ends, ROUNDING)
    return scalar(np.where(root >= ends[1], 1.0, root).reshape(shape) * bound)
