"""Mean losses over repeated sessions: what changes from one session to the next is error too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, check_cap, scalar
from .pseudo import pseudo_count

ROUNDING = 1e-9
FEWEST_SESSIONS = 5
# Levels below this are not told apart.
LEAST = 1e-42


def session_bounds(
    reference: ArrayLike, candidate: ArrayLike, cap: float, alpha: float
) -> tuple[Floats, Floats]:
    """Return the interval of the mean loss over samples and sessions, each end at ``alpha``.

    Parameters
    ----------
    reference, candidate
        Scores of every session on every sample (R, n), higher is better; the samples are the same
        on both sides, the numbers of sessions may differ.
    cap
        Largest absolute difference that the metric allows.
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    tuple of Floats
        Low and high end in [-cap, cap]; NaN where a side has fewer than five sessions, or there
        is no sample.

    Raises
    ------
    ValueError
        If shapes do not fit, a score is not finite, differences are beyond the cap, or the level
        is out of range.

    Notes
    -----
    Two half-widths are joined in quadrature: that of the t interval of the samples' mean
    differences over sessions, `pseudo_count` pseudo-observations at the cap included, and that of
    the sessions' means, of variance ``s_r^2 / R_r + s_c^2 / R_c`` with the smaller R less one
    degrees of freedom (modified large sample intervals: Graybill and Wang, 1980, Journal of the
    American Statistical Association 75:869). Sessions are taken as normal: five cannot show a rare
    bad one. One session holds no trace of what changes between sessions: a claim then covers this
    session only, and the interval over sessions is undefined.
    """
    sessions = _sessions(reference, candidate, cap)
    level = float(check_alpha(alpha))
    return scalar(-sessions.mirrored().upper(level)), scalar(sessions.upper(level))


def session_p_within(
    reference: ArrayLike, candidate: ArrayLike, cap: float, margin: float
) -> Floats:
    """Return p of the hypothesis that the mean loss is ``margin`` or more.

    Parameters
    ----------
    reference, candidate, cap
        As for `session_bounds`.
    margin
        Loss in the metric's unit; NaN gives NaN.

    Returns
    -------
    Floats
        The largest level whose high end is not below the margin, 1 where that is above .5; NaN
        where undefined.
    """
    return _p(_sessions(reference, candidate, cap), margin)


def session_p_beyond(
    reference: ArrayLike, candidate: ArrayLike, cap: float, margin: float
) -> Floats:
    """Return p of the hypothesis that the mean loss is ``margin`` or less."""
    return _p(_sessions(reference, candidate, cap).mirrored(), -margin)


@dataclass(frozen=True)
class _Sessions:
    """Moments of n samples' losses over sessions; ``noise`` is the variance that sessions add."""

    n: int
    loss: float
    square: float
    noise: float
    df: int
    cap: float

    def mirrored(self) -> _Sessions:
        """Return the moments with losses and gains swapped."""
        return _Sessions(self.n, -self.loss, self.square, self.noise, self.df, self.cap)

    def upper(self, alpha: float) -> float:
        """Return the high end of the mean loss."""
        if self.df + 1 < FEWEST_SESSIONS or not self.n:
            return np.nan
        count = float(pseudo_count(alpha))
        size = self.n + count
        mean = (self.loss + count * self.cap) / size
        spread = max(self.square + count * self.cap**2 - size * mean**2, 0.0)
        samples = special.stdtrit(size - 1, alpha) * np.sqrt(spread / (size - 1) / size)
        between = special.stdtrit(self.df, alpha) * np.sqrt(self.noise)
        return float(min(mean + np.hypot(samples, between), self.cap))


def _sessions(reference: ArrayLike, candidate: ArrayLike, cap: float) -> _Sessions:
    sides = [np.asarray(side, np.float64) for side in (reference, candidate)]
    shapes = {side.shape[1:] for side in sides}
    if len(shapes) > 1 or {side.ndim for side in sides} != {2} or 0 in map(len, sides):
        msg = "scores are (sessions, samples) of the same samples, one session at least"
        raise ValueError(msg)
    loss, bound = sides[0].mean(axis=0) - sides[1].mean(axis=0), float(check_cap(cap))
    if not np.all(np.abs(loss) <= bound * (1 + ROUNDING)):
        msg = "scores are finite and differ by no more than the cap"
        raise ValueError(msg)
    noise = [_variance(side) / len(side) for side in sides]
    fewest = min(map(len, sides))
    return _Sessions(len(loss), loss.sum(), loss @ loss, sum(noise), fewest - 1, bound)


def _variance(side: Floats) -> float:
    """Return the variance of session means; NaN for one session."""
    means = side.mean(axis=1) if side.shape[1] else np.zeros(len(side))
    return float(means.var(ddof=1)) if len(means) > 1 else np.nan


def _p(sessions: _Sessions, margin: float) -> Floats:
    if np.isnan(sessions.upper(0.5)) or np.isnan(margin):
        return scalar(np.nan)
    if sessions.upper(0.5) >= margin:
        return scalar(1.0)
    low, high = np.log(LEAST), np.log(0.5)
    while high - low > 1e-12:
        middle = (low + high) / 2
        beyond = sessions.upper(float(np.exp(middle))) >= margin
        low, high = (middle, high) if beyond else (low, middle)
    return scalar(np.exp(high))
