"""Means over clusters.

Sizes that are fixed, whatever they are and wherever the loss sits: two sizes and whole clusters
lost are enumerated, at the worst split of the loss between large and small; other sizes and laws
are simulated at the margin, at the worst of six places of the loss.

Sizes that are drawn anew with every data set hold as long as every size that carries the loss is
drawn. A rare huge cluster that is missing from the data leaves no trace, and no method can see it:
the figures beyond their bound are of such laws. The floor then is met just where it is missing, so
that rates are given of all data sets and of those whose floor is met.

    python -m benchmarks.validity.clusters [--quick]
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from benchmarks.validity.cluster_laws import (
    FRESH,
    LAWS,
    allowed,
    drawn,
    places,
    sizes_of,
    structures,
)
from benchmarks.validity.record import Figure, main
from quantassay import stats
from quantassay.stats.cluster_sizes import ClusterSizes

Array = NDArray[Any]
LEVELS = (0.025, 0.025 / 20, 0.025 / 200)
METHOD = "cluster_bounds"
FRESH_METHOD = "cluster_bounds, sizes drawn anew"


def sums_of(n: Array, losses: Array) -> stats.ClusterSums:
    """Return the sums of many data sets (R, G) whose sizes (G,) are the same."""
    return stats.ClusterSums(
        clusters=np.float64(len(n)),
        size=n.sum(),
        size_square=n @ n,
        loss=losses.sum(axis=1),
        loss_square=(losses**2).sum(axis=1),
        size_loss=losses @ n,
        explained=(losses**2) @ (1 / n),
        largest=n.max(),
        steepest=np.float64(1.0),
        sizes=ClusterSizes(n, None),
    )


def floor_met(n: Array, margin: float, alpha: float) -> bool:
    """Return whether the product would judge these sizes."""
    return bool(stats.equivalent_clusters(n, alpha) >= stats.cluster_floor(1, margin, alpha))


def errors(n: Array, truth: float, losses: Array) -> dict[tuple[str, float], float]:
    """Return how often an end misses the true loss, by side and level."""
    sums, found = sums_of(n, losses), {}
    for alpha in LEVELS:
        low, high = sums.bounds(1.0, alpha)
        found["false PASS", alpha] = float((high < truth).mean())
        found["false FAIL", alpha] = float((low > truth).mean())
    found["interval misses", 0.025] = found["false PASS", 0.025] + found["false FAIL", 0.025]
    return found


def worst(law: str, n: Array, margin: float, draws: int, seed: int) -> dict[Any, tuple[float, str]]:
    """Return the worst error over the places of the loss, by side and level."""
    rng, found = np.random.default_rng(seed), {}
    for place, chances in places(n, margin).items():
        if allowed(law, chances):
            truth = float(n @ chances / n.sum())
            rates = errors(n, truth, drawn(law, chances, n, draws, rng))
            for key, rate in rates.items():
                found[key] = max(found.get(key, (0.0, place)), (rate, place))
    return found


def simulated(quick: bool) -> Iterator[Figure]:
    draws = 1000 if quick else 8000
    for seed, (name, margin) in enumerate(product(structures(), (0.05, 0.15, 0.3))):
        n = structures()[name]
        if not floor_met(n, margin, 0.025):
            law = "any"
            yield Figure(METHOD, law, int(n.sum()), margin, "false PASS", 0.025, 0.0, 0.025,
                         clusters=name, answer="insufficient")  # fmt: skip
            continue
        for law in LAWS[:2] if quick else LAWS:
            for (side, alpha), (rate, place) in worst(law, n, margin, draws, seed).items():
                bound = 2 * alpha if side == "interval misses" else alpha
                yield Figure(METHOD, f"{law}, worst of six places ({place})", int(n.sum()), margin,
                             side, alpha, rate, bound, draws, clusters=name)  # fmt: skip


def enumerated(quick: bool) -> Iterator[Figure]:
    for alpha, margin in product(LEVELS, (0.05, 0.1, 0.2, 0.35, 0.5)):
        rows = []
        for large, size, full in product((1, 2, 3, 5, 9, 20), (2, 5, 10, 40), (20, 30, 60, 150)):
            small = (full - large) * size
            if not 0 <= small <= (500 if quick else 3000):
                continue
            n = np.r_[np.full(large, float(size)), np.ones(small)]
            if floor_met(n, margin, alpha):
                rows.append(
                    (two_sizes(n, large, margin, alpha), f"{large} of {size}, {small} of 1")
                )
        if rows:
            (rate, share), name = max(rows)
            yield Figure(METHOD, f"whole clusters lost, {share:.0%} of the loss in the large ones "
                         f"(worst of 32 splits, {len(rows)} structures)", 0, margin, "false PASS",
                         alpha, rate, alpha, clusters=name)  # fmt: skip


def two_sizes(n: Array, large: int, margin: float, alpha: float) -> tuple[float, float]:
    """Return the worst false PASS over splits of the loss, and the share in the large ones."""
    small, size, total = len(n) - large, n[0], n.sum()
    first, second = np.arange(large + 1.0)[:, None], np.arange(min(small, margin * total) + 1)
    loss = first * size + second
    square = first * size**2 + second
    sums = stats.ClusterSums(np.float64(len(n)), total, n @ n, loss, square, square, loss,
                             size, np.float64(1.0), ClusterSizes(n, None))  # fmt: skip
    passes, found = sums.bounds(1.0, alpha)[1] < margin, (0.0, 0.0)
    for share in np.linspace(0, 1, 32):
        chances = (
            share * margin * total / large / size,
            (1 - share) * margin * total / max(small, 1),
        )
        if max(chances) <= 1 and (small or share == 1):
            likely = binomial(first, large, chances[0]) * binomial(second, small, chances[1])
            found = max(found, (float((likely * passes).sum()), float(share)))
    return found


def binomial(k: Array, size: int, chance: float) -> Array:
    ways = special.gammaln(size + 1) - special.gammaln(k + 1) - special.gammaln(size - k + 1)
    return np.exp(ways + special.xlogy(k, chance) + special.xlog1py(size - k, -chance))


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the figures of the family."""
    yield from enumerated(quick)
    yield from simulated(quick)
    yield from fresh_sizes(quick)


def fresh_sizes(quick: bool) -> Iterator[Figure]:
    draws = 500 if quick else 4000
    for seed, (law, groups) in enumerate(product(FRESH, (300, 1500))):
        rng, chance = np.random.default_rng(seed), FRESH[law]
        everyone = sizes_of(law, (1000, 1000), rng)
        truth = float((everyone * chance(everyone)).sum() / everyone.sum())
        passed, met = np.concatenate(
            [fresh(law, (100, groups), truth, rng) for _ in range(draws // 100)], axis=1
        )
        of = {"of all data sets": passed & met, "of data sets that meet the floor": passed[met]}
        for among_which, wrong in of.items():
            rate = float(wrong.mean()) if len(wrong) else 0.0
            yield Figure(FRESH_METHOD, f"{among_which}: {law}", 0, round(truth, 4),
                         "false PASS", 0.025, rate, 0.025, len(wrong),
                         clusters=f"{groups}, floor met in {met.mean():.0%}",
                         answer="judged" if met.any() else "insufficient")  # fmt: skip


def fresh(law: str, shape: tuple[int, int], truth: float, rng: np.random.Generator) -> Array:
    """Return of every data set whether it passes at the true loss, and whether its floor is met."""
    n = sizes_of(law, shape, rng)
    losses, cell = n * (rng.random(shape) < FRESH[law](n)), np.arange(shape[0]).repeat(shape[1])
    sums = stats.cluster_sums(n.ravel(), -losses.ravel(), cell, shape[0])
    met = sums.size / sums.equivalent(0.025) >= stats.cluster_floor(1, truth, 0.025)
    return np.stack([sums.bounds(1.0, 0.025)[1] < truth, met])


if __name__ == "__main__":
    main("clusters", measure)
