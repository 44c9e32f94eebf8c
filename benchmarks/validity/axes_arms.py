"""Single bounds at the levels of a study, enumerated at the worst truths of a grid."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from scipy import special

from benchmarks.validity.axes_draws import Array
from benchmarks.validity.record import Figure
from quantassay import stats

ALPHA = 0.025
PENALTIES = (12, 60, 240)
SIZES = ((20, 20), (50, 50), (100, 40), (400, 40), (1000, 40))
LOSSES = np.unique(np.round(np.geomspace(0.0005, 0.9, 90), 5))
MORE = (0.0, 0.05, 0.2, 0.5, 1.0, 3.0)


def arms(quick: bool) -> Iterator[Figure]:
    """Yield the worst miss of either end of a binary penalty, and of a mean, at every level."""
    for (n, most), count in product(SIZES[:3] if quick else SIZES, PENALTIES):
        level = ALPHA / count
        for method, rates in (
            ("one penalty, right or wrong", _binary(n, most, level)),
            ("one penalty, a mean", _mean(n, level)),
        ):
            rate, loss, changed = max(rates)
            law = f"the worst of a grid of losses and discordances, 1 of {count} penalties"
            yield Figure(method, law, n, loss, "interval misses", level, rate, level,
                         discordance=changed, strata=count)  # fmt: skip


def _binary(n: int, most: int, level: float) -> Iterator[tuple[float, float, float]]:
    """Yield the worse end's miss, at every loss and discordance whose tables are all in reach."""
    b, c = (x.ravel() for x in np.meshgrid(np.arange(n + 1.0), np.arange(most + 1.0)))
    inside = (b + c <= n) & (b <= 3 * most)
    b, c = b[inside], c[inside]
    low, high = stats.binary_interval(b, c, n, level)
    for loss, more in product(LOSSES, MORE):
        changed = loss * (1 + more)
        if changed <= 1:
            chance = _chance(b, c, n, (changed + loss) / 2, (changed - loss) / 2)
            if 1 - chance.sum() < level / 1000:
                misses = chance[high < loss].sum(), chance[low > loss].sum()
                yield float(max(misses)), float(loss), float(changed)


def _mean(n: int, level: float) -> Iterator[tuple[float, float, float]]:
    """Yield the worse end's miss where samples lose the whole cap or nothing."""
    k = np.arange(n + 1.0)
    low, high = stats.mean_bounds(n, -k, k, 1.0, level)
    for loss in LOSSES:
        chance = _chance(k, 0 * k, n, loss, 0.0)
        yield float(max(chance[high < loss].sum(), chance[low > loss].sum())), float(loss), np.nan


def _chance(b: Array, c: Array, n: int, lost: float, gained: float) -> Array:
    ways = special.gammaln(n + 1) - sum(special.gammaln(x + 1) for x in (b, c, n - b - c))
    same = max(1 - lost - gained, 0.0)
    logs = special.xlogy(b, lost) + special.xlogy(c, gained) + special.xlogy(n - b - c, same)
    return np.asarray(np.exp(ways + logs))
