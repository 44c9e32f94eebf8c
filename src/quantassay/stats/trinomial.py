"""Probability that a paired table looks as good as the observed one, given the true loss.

Tables are ordered by Tango's upper limit at a fixed level. The order depends neither on the
hypothesis nor on the level, so that the p-value falls steadily as the assumed loss grows: one
interval end per level, no gaps, and p and interval always agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import special

from .arrays import Floats
from .roots import Cells
from .tango import restricted_loss_probability, upper_limit

# The level, in standard normal units, whose Tango limit orders the tables.
ORDER = 1.959963984540054
# Up to this many pairs single tables weigh enough for a finer search.
FEW = 300
# Probability that may lie outside the counted range of discordant pairs; it is added to p.
DROPPED = 1e-13
TIE = 1e-6
CHUNK = 2**18
NEWTON = 60
# a change this small leaves an error of about its square
SETTLED = 1e-9


class Search(NamedTuple):
    """Which discordances are tried.

    ``reach``: how far around its estimate, in standard errors. ``places``: where on the way from
    the low end to the high one, denser next to the low end, where the worst case likes to sit.
    """

    reach: float
    places: Floats


FINE = Search(3.0, np.append(np.arange(31) / 30, [1 / 90, 2 / 90]))
COARSE = Search(2.0, (np.arange(9) / 8) ** 1.5)


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

    def take(self, cells: Cells) -> Tables:
        """Return the tables numbered ``cells``."""
        return Tables(*(getattr(self, name)[cells] for name in self.__dataclass_fields__))


def ranked(b: Floats, c: Floats, n: Floats) -> Tables:
    """Rank tables (N,) of one or more pairs."""
    limit = upper_limit(b, c, n, np.asarray(ORDER))
    psi = 2 * restricted_loss_probability(b, c, n, limit) - limit
    return Tables(b, c, n, limit, np.sqrt(np.maximum(psi * (1 - psi), 0.0) / n))


def probability_as_good(tables: Tables, loss: Floats) -> Floats:
    """Return the probability (N,) of a table at least as good when the true loss is ``loss``.

    The nuisance parameter is the discordance. It is tried around its restricted maximum-likelihood
    estimate, and the largest probability counts: the E p-value of Lloyd (2008, Australian & New
    Zealand Journal of Statistics 50:329), which takes the estimate alone, exceeds its level by up
    to a fifth in small tables.
    """
    p = np.empty(len(loss))
    few = tables.n <= FEW
    for search, cells in ((FINE, np.flatnonzero(few)), (COARSE, np.flatnonzero(~few))):
        psi = discordances(tables.take(cells), loss[cells], search)
        p[cells] = largest_tail(tables.take(cells), loss[cells], psi)
    return p


def discordances(tables: Tables, loss: Floats, search: Search) -> Floats:
    """Return the discordances (N, J) to try; their trinomials all shift steadily with ``loss``."""
    estimate = 2 * restricted_loss_probability(tables.b, tables.c, tables.n, loss) - loss
    low = np.maximum(estimate - search.reach * tables.step, np.abs(loss))
    high = np.minimum(estimate + search.reach * tables.step, 1.0)
    return np.asarray(low[:, None] + (high - low)[:, None] * search.places)


def largest_tail(tables: Tables, loss: Floats, psi: Floats) -> Floats:
    """Return the probability (N,) of a table at least as good, largest over ``psi`` (N, J)."""
    first, last = counted(tables.n, psi)
    p = np.empty(len(loss))
    for part in chunks(last - first + 1, psi.shape[1]):
        few = tables.take(part)
        k = counts(first[part], last[part])
        gains = fewest_gains(k, few.n[:, None], few.limit[:, None])
        p[part] = tail(k, gains, last[part], few.n, loss[part], psi[part]).max(axis=1)
    return np.minimum(p + DROPPED, 1.0)


def counted(n: Floats, psi: Floats) -> tuple[Floats, Floats]:
    """Return counts of discordant pairs beyond which at most DROPPED lies (Bernstein)."""
    reach = np.log(2 / DROPPED)
    low, high = psi.min(axis=1), psi.max(axis=1)

    def width(p: Floats) -> Floats:
        return np.asarray(reach / 3 + np.sqrt(reach**2 / 9 + 2 * reach * n * p * (1 - p)))

    return (
        np.maximum(np.floor(n * low - width(low)), 0.0),
        np.minimum(np.ceil(n * high + width(high)), n),
    )


def chunks(width: Floats, columns: int) -> list[Cells]:
    """Split tables into groups of like width whose grids stay small."""
    order = np.argsort(width, kind="stable")
    parts, start = [], 0
    while start < len(order):
        stop = start + 1
        while stop < len(order) and (stop + 1 - start) * width[order[stop]] * columns < CHUNK:
            stop += 1
        parts.append(order[start:stop])
        start = stop
    return parts


def counts(first: Floats, last: Floats) -> Floats:
    """Return ``first`` up to ``last`` (N, W); a shorter row ends in ``last`` + 1."""
    k = first[:, None] + np.arange(int((last - first).max()) + 1)
    return np.asarray(np.minimum(k, last[:, None] + 1))


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
        rise = (3 * u + 2 * a) * u - slope
        with np.errstate(invalid="ignore", divide="ignore"):
            change = np.where(rise > 0, value / rise, 0.0)
        moved = np.minimum(change, u)
        u = u - moved
        if np.all(np.abs(moved) <= SETTLED):
            break
    # no root: the descent ended in the valley or at 0
    real = (np.abs(change) <= SETTLED) & ((rise > 0) | (np.abs(value) <= SETTLED**1.5))
    real &= u * u >= -limit * (1 + limit) - 1e-9
    gains = np.where(real, (k - n * limit + scale * n * u) / 2, np.inf)
    return np.clip(np.ceil(gains - TIE), 0.0, k + 1)


def tail(k: Floats, gains: Floats, last: Floats, n: Floats, loss: Floats, psi: Floats) -> Floats:
    """Return the probability (N, J) of ``gains`` or more (N, W) among ``k`` discordant pairs.

    ``k`` (N, W) rises by one up to ``last`` (N,); what follows is left out. ``gains`` stays or
    rises by one with it.
    """
    size = n[:, None]
    ways = special.gammaln(size + 1) - special.gammaln(k + 1) - special.gammaln(size - k + 1)
    ways = np.where(k > last[:, None], -np.inf, ways)[:, None, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(psi > 0, (psi - loss[:, None]) / (2 * psi), 0.5)
    concordant = (size - k)[:, None, :]
    discordant = np.exp(ways + k[:, None, :] * _log(psi) + concordant * _log(1 - psi))
    good = _upper_tails(k, gains, np.clip(share, 0.0, 1.0))
    # summed in order, so that a table's p does not depend on the width of its company
    return np.asarray((discordant * good).cumsum(axis=-1)[..., -1])


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
