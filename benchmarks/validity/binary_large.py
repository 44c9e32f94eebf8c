"""Paired binary metrics at more than a million pairs, where few of them change.

Losses and gains are then as good as Poisson counts, so that the probability of every table is
known: the error is summed, not drawn, up to what lies nine standard deviations out. Above a
thousand million pairs the score statistic itself is used, and nothing was enumerated.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import special

from quantassay.stats import binary_p_beyond, binary_p_within

from .record import Figure, main

SIDES = (("false PASS", binary_p_within), ("false FAIL", binary_p_beyond))
LEVELS = (0.025, 0.00125, 0.000125)


def poisson(k: np.ndarray, mean: float) -> np.ndarray:
    """Return the probability of each count."""
    return np.exp(special.xlogy(k, mean) - mean - special.gammaln(k + 1))


def counts(mean: float) -> np.ndarray:
    """Return the counts that hold all but a negligible part of the probability."""
    reach = 9 * np.sqrt(mean) + 20
    return np.arange(np.floor(max(0, mean - reach)), np.ceil(mean + reach) + 1)


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the errors of a loss exactly at the margin, by gains beside the losses."""
    for n in (2_000_000, 10_000_000):
        for lost in (10, 40) if quick else (10, 20, 40, 80, 150):
            for gains in (0.0, 0.3) if quick else (0.0, 0.1, 0.3, 1.0):
                margin = lost / n
                means = lost * (1 + gains), lost * gains
                b, c = np.meshgrid(counts(means[0]), counts(means[1]), indexing="ij")
                chance = poisson(b, means[0]) * poisson(c, means[1])
                for side, p_value in SIDES:
                    p = p_value(b, c, n, margin)
                    for level in LEVELS:
                        yield Figure(
                            p_value.__name__, "losses and gains, few of many", n, margin, side,
                            level, float(chance[p <= level].sum()), 1.02 * level,
                            discordance=sum(means) / n,
                        )  # fmt: skip


if __name__ == "__main__":
    main("binary_large", measure)
