"""Misses of a difference of losses, and of a re-weighted loss, from the cells' own limits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

import numpy as np
from scipy import special

from quantassay.stats import binary_interval, contrast, mean_bounds, standardized

from .record import Figure, main

ALPHA = 0.025
Z = 1.959964
# n, discordance and loss of each side
SIDES = (
    (50, 0.02, 0.02),
    (50, 0.10, 0.05),
    (100, 0.01, 0.01),
    (100, 0.05, 0.0),
    (400, 0.01, 0.01),
    (400, 0.03, 0.01),
    (400, 0.10, 0.05),
    (1000, 0.005, 0.005),
)
TOO_RARE = 1e-9


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the misses of two binary cells exactly, those of means and weights by simulation."""
    for first, second in product(SIDES[:3] if quick else SIDES, repeat=2):
        yield from _pair(first, second)
    yield from _means(10_000 if quick else 100_000)
    yield from _weights(10_000 if quick else 100_000)


@cache
def _cell(n: int, discordance: float, loss: float) -> tuple[np.ndarray, ...]:
    """Return every likely table: probability, loss, both ends, and the standard error."""
    most = int(special.bdtrik(1 - TOO_RARE, n, discordance)) + 1
    b, c = (x.ravel() for x in np.meshgrid(np.arange(most + 1.0), np.arange(most + 1.0)))
    b, c = b[b + c <= min(most, n)], c[b + c <= min(most, n)]
    lost, gained = (discordance + loss) / 2, (discordance - loss) / 2
    ways = special.gammaln(n + 1) - sum(special.gammaln(x + 1) for x in (b, c, n - b - c))
    logs = special.xlogy(b, lost) + special.xlogy(c, gained)
    chance = np.exp(ways + logs + special.xlogy(n - b - c, 1 - discordance))
    likely = chance > TOO_RARE / len(b)
    b, c, chance = b[likely], c[likely], chance[likely]
    seen = (b - c) / n
    error = np.sqrt(np.maximum((b + c) / n - seen**2, 0) / n)
    return chance, seen, *binary_interval(b, c, n, ALPHA), error


def _pair(first: tuple[int, float, float], second: tuple[int, float, float]) -> Iterator[Figure]:
    one, other = (tuple(x[:, None] for x in _cell(*first)), _cell(*second))
    wider = second[2] - first[2]
    chance = one[0] * other[0]
    _, low, high = contrast(one[1], (one[2], one[3]), other[1], (other[2], other[3]))
    half = Z * np.hypot(one[4], other[4])
    seen = other[1] - one[1]
    law = (
        f"binary, A: n {first[0]}, psi {first[1]:g}, loss {first[2]:g}; "
        f"B: psi {second[1]:g}, loss {second[2]:g}; the worse end"
    )
    for method, ends in (
        ("contrast (MOVER of exact binary limits)", (low, high)),
        ("Wald, for comparison", (seen - half, seen + half)),
    ):
        misses = [float((chance * out).sum()) for out in (wider < ends[0], wider > ends[1])]
        yield Figure(
            method, law, second[0], wider, "interval misses", ALPHA, max(misses), ALPHA,
            discordance=second[1],
        )  # fmt: skip


def _means(draws: int) -> Iterator[Figure]:
    """Yield misses of two means of exponential losses with the cap 1."""
    rng = np.random.default_rng(30)
    for sizes, scales in (((50, 500), (0.05, 0.05)), ((200, 200), (0.02, 0.1))):
        sides = []
        for n, scale in zip(sizes, scales, strict=True):
            loss = np.minimum(rng.exponential(scale, (draws // 10, n)), 1.0)
            total, square = loss.sum(axis=1), (loss**2).sum(axis=1)
            truth = scale * -np.expm1(-1 / scale)
            sides.append((total / n, mean_bounds(n, -total, square, 1.0, ALPHA), truth))
        (a, ends_a, true_a), (b, ends_b, true_b) = sides
        _, low, high = contrast(a, ends_a, b, ends_b)
        truth = true_b - true_a
        yield Figure(
            "contrast (MOVER of t+w limits)",
            f"exponential of mean {scales[0]:g} and {scales[1]:g}, A: n {sizes[0]}; the worse end",
            sizes[1], truth, "interval misses", ALPHA,
            max(float((truth < low).mean()), float((truth > high).mean())), ALPHA,
            draws=draws // 10,
        )  # fmt: skip


def _weights(draws: int) -> Iterator[Figure]:
    """Yield misses of the loss at declared weights of five strata."""
    rng = np.random.default_rng(31)
    for weights in ((0.2, 0.2, 0.2, 0.2, 0.2), (0.9, 0.025, 0.025, 0.025, 0.025)):
        drawn = []
        for side in SIDES[1:6]:
            chance, *figures, _ = _cell(*side)
            rows = rng.choice(len(chance), draws, p=chance / chance.sum())
            drawn.append([figure[rows] for figure in figures])
        seen, lows, highs = (np.stack(column, axis=1) for column in zip(*drawn, strict=True))
        _, low, high = standardized(seen, (lows, highs), weights)
        truth = float(np.dot(weights, [side[2] for side in SIDES[1:6]]))
        yield Figure(
            "standardized (MOVER of exact binary limits)",
            f"five strata of n 50 to 400, the first weighs {weights[0]:g}; the worse end",
            400, truth, "interval misses", ALPHA,
            max(float((truth < low).mean()), float((truth > high).mean())), ALPHA,
            draws=draws, strata=5,
        )  # fmt: skip


if __name__ == "__main__":
    main("contrast", measure)
