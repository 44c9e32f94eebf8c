"""Means of bounded paired differences: Student's t with worst-case pseudo-observations (t+w).

Student, 1908, Biometrika 6:1, with observations appended at the cap. Not proven; for levels up to
.158 (confidence .69 or more) no law was found that errs more often than its level. Enumerated:
two-point laws at every probability. Searched, each error exact: three-point laws, and independent
two-point samples of one mean, of which every law within the cap is a mixture. In each search the
worst law was the cap and one other point. Simulated: heavy tails.
For a proof, and at every look, at up to twice the samples: `quantassay.stats.betting_bounds`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .arrays import Floats, check_alpha, check_cap, check_confidence, check_margin, floats, scalar
from .paired import Paired, judged
from .pseudo import p_over_levels, pseudo_count

ROUNDING = 1e-9


def paired_mean(
    differences: ArrayLike, cap: float, margin: float, confidence: float = 0.95
) -> Paired:
    """Judge the mean loss of one cell from its paired differences.

    Parameters
    ----------
    differences
        Candidate minus reference (n,), oriented so that higher is better.
    cap
        Largest absolute difference that the metric allows, whatever was observed.
    margin
        Largest loss accepted, in the metric's unit.
    confidence
        Of the two-sided interval; each side is tested at half the rest.

    Returns
    -------
    Paired
        Figures of the cell; undefined where there are no pairs.

    Raises
    ------
    ValueError
        If a difference is NaN or beyond the cap, or cap, margin or confidence is out of range.

    Examples
    --------
    >>> paired_mean([0.0] * 10, cap=1, margin=0.02).verdict
    'insufficient'
    """
    alpha = check_confidence(confidence)
    d = np.asarray(differences, np.float64)
    if d.ndim != 1 or not np.all(np.abs(d) <= float(check_cap(cap)) * (1 + ROUNDING)):
        msg = "differences are one row of numbers within the cap, none of them NaN"
        raise ValueError(msg)
    n, total, square = float(d.size), float(d.sum()), float(d @ d)
    m = check_margin(margin)
    interval = mean_bounds(n, total, square, cap, alpha)
    floor = mean_floor(cap, m, alpha)
    return Paired(
        estimate=scalar((0.0 - total) / n if n else np.nan),
        interval=interval,
        p_within=mean_p_within(n, total, square, cap, m),
        p_beyond=mean_p_beyond(n, total, square, cap, m),
        n=scalar(n),
        floor=floor,
        verdict=judged(np.asarray(n), floor, interval, m),
    )


def mean_bounds(
    n: ArrayLike, total: ArrayLike, square_total: ArrayLike, cap: ArrayLike, alpha: ArrayLike
) -> tuple[Floats, Floats]:
    """Return the interval of the mean loss, each end one-sided at ``alpha``.

    Parameters
    ----------
    n, total, square_total
        Number, sum and sum of squares of the differences; broadcastable, additive over shards.
    cap
        Largest absolute difference that the metric allows.
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    tuple of Floats
        Low and high end of the loss in [-cap, cap]; NaN where n is 0.

    Raises
    ------
    ValueError
        If sums are impossible under the cap, or a level is out of range.

    Notes
    -----
    `pseudo_count` observations wholly lost are appended for the high end, wholly gained for the
    low end. Levels above .1587, one standard deviation, are nominal: a bound at .2 errs with up to
    .206, at .25 with .282, whatever the count.
    """
    n, total, square, cap = _check_moments(n, total, square_total, cap)
    level = check_alpha(alpha)
    count = pseudo_count(level)
    high = _upper(n, -total, square, cap, level, count)
    low = -_upper(n, total, square, cap, level, count)
    return scalar(low), scalar(high)


def mean_p_within(
    n: ArrayLike, total: ArrayLike, square_total: ArrayLike, cap: ArrayLike, margin: ArrayLike
) -> Floats:
    """Return p of the hypothesis that the mean loss is ``margin`` or more.

    Parameters
    ----------
    n, total, square_total, cap
        As for `mean_bounds`.
    margin
        Loss in the metric's unit; NaN gives NaN.

    Returns
    -------
    Floats
        The largest level whose high end is not below the margin; NaN where n is 0.

    Raises
    ------
    ValueError
        If sums are impossible under the cap.
    """
    n, total, square, cap = _check_moments(n, total, square_total, cap)
    m = np.asarray(margin, np.float64)
    return scalar(p_over_levels(lambda count: _p(n, -total, square, cap, m, count)))


def mean_p_beyond(
    n: ArrayLike, total: ArrayLike, square_total: ArrayLike, cap: ArrayLike, margin: ArrayLike
) -> Floats:
    """Return p of the hypothesis that the mean loss is ``margin`` or less; see `mean_p_within`."""
    return mean_p_within(n, -np.asarray(total), square_total, cap, -np.asarray(margin))


def mean_floor(cap: ArrayLike, margin: ArrayLike, alpha: ArrayLike) -> Floats:
    """Return the least n at which identical pairs pass.

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
        About ``(w + z sqrt w) cap / margin`` with w of `pseudo_count`: 4.77 cap / margin at .025.

    Raises
    ------
    ValueError
        If cap, margin or level is out of range.
    """
    cap, m, level = floats(check_cap(cap), check_margin(margin), check_alpha(alpha))
    count = pseudo_count(level)

    def passes(n: Floats) -> NDArray[np.bool_]:
        return np.asarray(_upper(n, 0.0 * n, 0.0 * n, cap, level, count) < m)

    fails, enough = np.zeros(m.shape), np.ones(m.shape)
    while not np.all(passes(enough) | np.isnan(m)):
        fails, enough = np.where(passes(enough), (fails, enough), (enough, 2 * enough))
    while np.any(enough - fails > 1):
        middle = np.floor((fails + enough) / 2)
        fails, enough = np.where(passes(middle), (fails, middle), (middle, enough))
    return scalar(np.where(np.isnan(m), np.nan, enough))


def _check_moments(
    n: ArrayLike, total: ArrayLike, square_total: ArrayLike, cap: ArrayLike
) -> tuple[Floats, ...]:
    size, total, square, cap = (
        np.asarray(sums, np.float64) for sums in (n, total, square_total, check_cap(cap))
    )
    slack = 1 + ROUNDING
    fits = (np.abs(total) <= size * cap * slack) & (square <= size * cap**2 * slack)
    # squares may come from fixed-point sums that rounded small differences to nothing
    spread = square * size - total**2 + ROUNDING * (size * cap) ** 2
    if not np.all(fits & (size >= 0) & (square >= 0) & (spread >= 0)):
        msg = "sums of differences do not fit their number and cap"
        raise ValueError(msg)
    return size, total, square, cap


def _moments(
    n: Floats, loss: Floats, square: Floats, cap: Floats, count: Floats | int
) -> tuple[Floats, Floats, Floats]:
    """Return mean loss, its standard error and size once ``count`` pseudo-losses are in."""
    size = n + count
    mean = (loss + count * cap) / size
    spread = np.maximum(square + count * cap**2 - size * mean**2, 0.0)
    return mean, np.sqrt(spread / (size - 1) / size), size


def _upper(
    n: Floats, loss: Floats, square: Floats, cap: Floats, alpha: Floats, count: Floats
) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        mean, error, size = _moments(n, loss, square, cap, count)
        high = mean - special.stdtrit(size - 1, alpha) * error
    return np.where(n > 0, np.minimum(high, cap), np.nan)


def _p(n: Floats, loss: Floats, square: Floats, cap: Floats, margin: Floats, count: int) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        mean, error, size = _moments(n, loss, square, cap, count)
        spread = special.stdtr(size - 1, (mean - margin) / error)
    p = np.where(error > 0, spread, np.where(np.isnan(margin), np.nan, mean >= margin))
    return np.where(n > 0, p, np.nan)
