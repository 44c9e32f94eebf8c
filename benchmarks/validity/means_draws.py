"""Simulated error rates of bounds of a mean, on laws with heavy tails."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import special

from quantassay.stats import betting_p_beyond, betting_p_within, mean_bounds

from .means_exact import Floats

POINTS = 2**20


def laws() -> dict[str, Floats]:
    """Return laws of the loss in [-1, 1] by their quantiles: drawing one of them is the law."""
    u = (np.arange(POINTS) + 0.5) / POINTS
    t3, t2, normal = special.stdtrit(3, u), special.stdtrit(2, u), special.ndtri(u)
    rare = np.where(u < 0.97, 0.0, np.clip((u - 0.97) / 0.03, 0, 1))
    return {
        "zero, 3 % beta(.3, .3) on [-1, 1]": np.where(
            u < 0.97, 0.0, 2 * special.betaincinv(0.3, 0.3, np.maximum(rare, 1e-9)) - 1
        ),
        "zero, 3 % beta(5, 1) losses": rare**0.2,
        "zero, 3 % uniform losses": rare,
        "beta(1, 200) and 2 % beta(20, 1)": np.where(
            u < 0.98,
            special.betaincinv(1, 200, np.minimum(u / 0.98, 1)),
            np.clip((u - 0.98) / 0.02, 0, 1) ** 0.05,
        ),
        "log-normal, sd of log 1.5, clipped": np.minimum(np.exp(1.5 * normal - 4), 1),
        "log-normal, sd of log 2.5, clipped": np.minimum(np.exp(2.5 * normal - 5), 1),
        "t with 3 df / 10, clipped": np.clip(t3 / 10, -1, 1),
        "size of t with 2 df / 50, clipped": np.minimum(np.abs(t2) / 50, 1),
        "normal, sd .01, and .5 % lost": np.where(
            u < 0.995, 0.01 * special.ndtri(np.clip(u / 0.995, 1e-9, 1 - 1e-9)), 1.0
        ),
        "U-shaped beta(.1, .1)": 2 * special.betaincinv(0.1, 0.1, u) - 1,
        "all but even, sd .3": np.clip(0.3 * normal, -1, 1),
    }


def t_errors(
    law: Floats, n: int, draws: int, alphas: tuple[float, ...], rng: np.random.Generator
) -> Iterator[tuple[float, float, float]]:
    """Yield, per level, how often the true loss is above and below the interval of t+w."""
    total, square = np.empty(draws), np.empty(draws)
    for part in np.array_split(np.arange(draws), max(1, draws * n // 5_000_000)):
        loss = law[rng.integers(0, POINTS, (len(part), n), dtype=np.int32)]
        total[part], square[part] = loss.sum(axis=1), np.einsum("ij,ij->i", loss, loss)
    for alpha in alphas:
        low, high = mean_bounds(n, -total, square, 1.0, alpha)
        yield alpha, float(np.mean(high < law.mean())), float(np.mean(low > law.mean()))


def t_plain_errors(
    law: Floats, n: int, draws: int, alpha: float, rng: np.random.Generator
) -> float:
    """Return how often the true loss is above Student's interval."""
    loss = law[rng.integers(0, POINTS, (draws, n), dtype=np.int32)]
    high = loss.mean(axis=1) - special.stdtrit(n - 1, alpha) * loss.std(axis=1, ddof=1) / n**0.5
    return float(np.mean(high < law.mean()))


def coarse(law: Floats, values: int = 41) -> tuple[Floats, Floats]:
    """Return a law on an even grid near another: losses and their probabilities."""
    grid = np.linspace(-1, 1, values)
    shares = np.bincount(np.round((law + 1) / 2 * (values - 1)).astype(int), minlength=values)
    return grid, shares / shares.sum()


def betting_ever(
    losses: Floats, shares: Floats, looks: Floats, draws: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return the smallest p, within and beyond, over many looks at the true loss."""
    margin, counts = float(losses @ shares), np.zeros((draws, len(losses)))
    least = np.ones((2, draws))
    for more in np.diff(looks, prepend=0):
        counts += rng.multinomial(int(more), shares, size=draws)
        within = betting_p_within(-losses, counts, 1.0, margin)
        beyond = betting_p_beyond(-losses, counts, 1.0, margin)
        least = np.minimum(least, [within, beyond])
    return least[0], least[1]
