"""Samples that each method needs for power .9 at one-sided .025."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from quantassay.stats import betting_p_within, binary_p_within, mean_p_within

from .means_exact import Floats
from .record import Figure

ALPHA, POWER = 0.025, 0.9
# margin, then the law of the difference: values and probabilities
CASES: dict[str, tuple[float, Floats, Floats]] = {
    "binary, psi 1 %, no loss": (0.01, np.array([-1.0, 0, 1]), np.array([0.005, 0.99, 0.005])),
    "binary, psi 3 %, no loss": (0.01, np.array([-1.0, 0, 1]), np.array([0.015, 0.97, 0.015])),
    "binary, psi 10 %, no loss": (0.05, np.array([-1.0, 0, 1]), np.array([0.05, 0.9, 0.05])),
    "even, sd .1, no loss": (0.01, np.array([-0.1, 0.1]), np.array([0.5, 0.5])),
    "even, sd .01, no loss": (0.01, np.array([-0.01, 0.01]), np.array([0.5, 0.5])),
    "even, sd .5, no loss": (0.05, np.array([-0.5, 0.5]), np.array([0.5, 0.5])),
}


def by_binary(values: Floats, counts: Floats, margin: float) -> Floats:
    """Return p of the paired binary rule; NaN where the differences are not binary."""
    if len(values) != 3:
        return np.full(len(counts), np.nan)
    return binary_p_within(counts[:, 0], counts[:, 2], counts.sum(axis=1), margin)


def by_t(values: Floats, counts: Floats, margin: float) -> Floats:
    """Return p of t+w."""
    return mean_p_within(counts.sum(axis=1), counts @ values, counts @ values**2, 1.0, margin)


def by_betting(values: Floats, counts: Floats, margin: float) -> Floats:
    """Return p of betting."""
    return betting_p_within(values, counts, 1.0, margin)


def powers(quick: bool) -> Iterator[Figure]:
    """Yield, for each case and method, the n that reaches the power."""
    draws = 500 if quick else 2000
    methods = {
        "binary_p_within": by_binary,
        "mean_p_within": by_t,
        "betting_p_within": by_betting,
    }
    for law, case in CASES.items():
        for method, p in methods.items():
            if method == "binary_p_within" and len(case[1]) != 3:
                continue
            n, rate = _needed(p, *case, draws)
            name = f"{method}, n for power .9 at .025"
            yield Figure(name, law, n, case[0], "power", POWER, rate, POWER, draws)


def _needed(
    p: Callable[[Floats, Floats, float], Floats],
    margin: float,
    values: Floats,
    shares: Floats,
    draws: int,
) -> tuple[int, float]:
    def power(n: int) -> float:
        counts = np.random.default_rng(n).multinomial(n, shares, size=draws).astype(float)
        return float(np.mean(p(values, counts, margin) <= ALPHA))

    fails, enough = 10, 20
    while power(enough) < POWER:
        fails, enough = enough, 2 * enough
    while enough > 1.01 * fails + 1:
        middle = round((fails * enough) ** 0.5)
        fails, enough = (fails, middle) if power(middle) >= POWER else (middle, enough)
    return enough, power(enough)
