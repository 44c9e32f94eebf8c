"""Probability that a paired table looks as good as the observed one, given the true loss.

Tables are ordered by Tango's upper limit at a fixed level. The order depends neither on the
hypothesis nor on the level, so that the p-value falls steadily as the assumed loss grows: one
interval end per level, no gaps, and p and interval always agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from .arrays import Floats
from .tango import restricted_loss_probability, upper_limit

# The level, in standard normal units, whose Tango limit orders the tables.
ORDER = 1.959963984540054
# How far around its estimate the discordance is tried, in standard errors, and where on the way
# from the low end to the high one: the worst case likes to sit next to the low end.
REACH = 1.5
PLACES = (np.arange(7) / 6) ** 1.5
# Probability that may lie outside the counted range of discordant pairs; it is added to p.
DROPPED = 1e-13
TIE = 1e-6
CHUNK = 2**18
NEWTON = 60
# a change this small leaves an error of about its square
SETTLED = 1e-9


@dataclass(frozen=True)
class Tables:
    """Observed tables (N,) with the limit that ranks each among all tables of its size.

    ``step`` is the standard error of the discordance at that limit.
    """

    b: Floats
    c: Floats
    n: Floats
    limit: Floats
    step: Floats

    def take(self, cells: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Tables:
        """Return the tables numbered ``cells``."""
        return Tables(*(getattr(self, name)[cells] for name in self.__dataclass_fields__))


def ranked(b: Floats, c: Floats, n: Floats) -> Tables:
    """Rank tables (N,) of one or more pairs."""
    limit = upper_limit(b, c, n, np.asarray(ORDER))
    psi = 2 * restricted_loss_probability(b, c, n, limit) - limit
    return Tables(b, c, n, limit, np.sqrt(np.maximum(psi * (1 - psi), 0.0) / n))


def probability_as_good(tables: Tables, loss: Floats) -> Floats:
    """Return the probability (N,) of a table at least as good when the true loss is ``loss``.

    The nuisance parameter is the discordance. It is tried at seven points up to 1.5 standard
    errors from its restricted maximum-likelihood estimate, and the largest probability counts:
    the E p-value of Lloyd (2008, Australian & New Zealand Journal of Statistics 50:329), which
    takes the estimate alone, exceeds its level by up to a sixth in small tables.
    """
    psi = discordances(tables, loss)
    first, last = _range(tables.n, psi)
    p = np.empty(len(loss))
    for part in _chunks(last - first + 1):
        p[part] = _tail(tables.take(part), loss[part], psi[part], first[part], last[part])
    return np.minimum(p + DROPPED, 1.0)


def discordances(tables: Tables, loss: Floats) -> Floats:
    """Return the discordances (N, 7) to try; their trinomials all shift steadily with ``loss``."""
    estimate = 2 * restricted_loss_probability(tables.b, tables.c, tables.n, loss) - loss
    low = np.maximum(estimate - REACH * tables.step, np.abs(loss))
    high = np.minimum(estimate + REACH * tables.step, 1.0)
    return np.asarray(low[:, None] + (high - low)[:, None] * PLACES)


def _range(n: Floats, psi: Floats) -> tuple[Floats, Floats]:
    """Return counts of discordant pairs beyond which at most DROPPED lies (Bernstein)."""
    reach = np.log(2 / DROPPED)
    low, high = psi.min(axis=1), psi.max(axis=1)

    def width(p: Floats) -> Floats:
        return np.asarray(reach / 3 + np.sqrt(reach**2 / 9 + 2 * reach * n * p * (1 - p)))

    return (
        np.maximum(np.floor(n * low - width(low)), 0.0),
        np.minimum(np.ceil(n * high + width(high)), n),
    )


def _chunks(width: Floats) -> list[np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """Split tables into groups of like width whose grids stay small."""
    order = np.argsort(width, kind="stable")
    chunks, start = [], 0
    while start < len(order):
        stop = start + 1
        while stop < len(order) and (stop + 1 - start) * width[order[stop]] * len(PLACES) < CHUNK:
            stop += 1
        chunks.append(order[start:stop])
        start = stop
    return chunks


def fewest_gains(k: Floats, n: Floats, limit: Floats) -> Floats:
    """Return the fewest gains among ``k`` discordant pairs that put a table within ``limit``.

    With u the score's standard deviation per pair, T = z at the limit h reads
    ``u^3 + (h z / sqrt n) u^2 - (k/n - h^2) u = z h (1 - h^2) / sqrt n``; its largest root is
    unique where h > 0, and answers k + 1 where no table is within the limit.
    """
    scale = ORDER / np.sqrt(n)
    a, slope, level = limit * scale, k / n - limit**2, scale * limit * (1 - limit**2)
    # Newton from an upper bound of the root, from where it only descends
    base = np.sqrt(np.maximum(slope, 0.0))
    u = base + np.where(limit > 0, np.cbrt(level), -a)
    with np.errstate(invalid="ignore", divide="ignore"):
        u = np.where(limit > 0, np.fmin(u, np.sqrt(slope + level / base)), u)
    for _ in range(NEWTON):
        value = ((u + a) * u - slope) * u - level
        with np.errstate(invalid="ignore", divide="ignore"):
            change = value / ((3 * u + 2 * a) * u - slope)
        change = np.where(np.isfinite(change), change, 0.0)
        u = np.maximum(u - change, 0.0)
        if np.all(np.abs(change) <= SETTLED):
            break
    real = (np.abs(change) <= SETTLED) & (u * u >= -limit * (1 + limit) - 1e-9)
    gains = np.where(real, (k - n * limit + scale * n * u) / 2, np.inf)
    return np.clip(np.ceil(gains - TIE), 0.0, k + 1)


def _tail(tables: Tables, loss: Floats, psi: Floats, first: Floats, last: Floats) -> Floats:
    """Sum the trinomial over all tables as good, largest over the columns of ``psi``."""
    n = tables.n[:, None]
    k = first[:, None] + np.arange(int((last - first).max()) + 1)
    k = np.minimum(k, last[:, None] + 1)
    gains = fewest_gains(k, n, tables.limit[:, None])
    ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    ways = np.where(k > last[:, None], -np.inf, ways)[:, None, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(psi > 0, (psi - loss[:, None]) / (2 * psi), 0.5)
    discordant = np.exp(ways + k[:, None, :] * _log(psi) + (n - k)[:, None, :] * _log(1 - psi))
    good = _upper_tails(k, gains, np.clip(share, 0.0, 1.0))
    # summed in order, so that a table's p does not depend on the width of its company
    return np.asarray((discordant * good).cumsum(axis=-1)[..., -1].max(axis=-1))


def _upper_tails(k: Floats, gains: Floats, share: Floats) -> Floats:
    """Return P(Binomial(k, share) >= gains), (N, J, W), along consecutive ``k``.

    From k to k + 1 the threshold stays or rises by one, so that each tail is the one before
    plus or minus a single binomial term.
    """
    rise = np.diff(gains, axis=1)
    at = gains[:, :-1] - 1 + rise
    k0 = k[:, :-1]
    ways = special.gammaln(k0 + 1) - special.gammaln(at + 1) - special.gammaln(k0 - at + 1)
    ways, at, k0, rise = (v[:, None, :] for v in (ways, at, k0, rise))
    term = np.exp(ways + at * _log(share) + (k0 - at) * _log(1 - share))
    step = np.where(rise > 0, share[..., None] - 1, share[..., None]) * term
    start = _binomial_tail(k[:, :1], gains[:, :1], share)
    tails = np.concatenate([start[..., None], step], axis=-1).cumsum(axis=-1)
    return np.asarray(np.clip(tails, 0.0, 1.0))


def _binomial_tail(k: Floats, gains: Floats, share: Floats) -> Floats:
    """Return P(Binomial(k, share) >= gains)."""
    with np.errstate(invalid="ignore"):
        inside = special.betainc(np.maximum(gains, 1.0), np.maximum(k - gains + 1, 1.0), share)
    return np.where(gains <= 0, 1.0, np.where(gains > k, 0.0, inside))


def _log(p: Floats) -> Floats:
    """Return log p with a last axis for ``k``; finite at 0, so that 0 log 0 = 0."""
    return np.asarray(np.log(np.maximum(p, 1e-300)))[..., None]
