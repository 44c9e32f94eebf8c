"""Means of bounded paired differences: t+w and betting, both sides, every level in use.

t+w: enumerated on two-point laws (all probabilities), three-point laws (a grid, then a local
search) and independent two-point samples of one mean; simulated on heavy tails. Betting: proven;
enumerated over every look of a binary stream, simulated over many looks elsewhere. The plain t
interval stands beside them to show what the pseudo-observations are for.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import special

from .means_draws import betting_ever, coarse, laws, t_errors, t_plain_errors
from .means_exact import (
    Worst,
    betting,
    betting_mirrored,
    climb,
    ever_reached,
    plain_t,
    t_with_pseudo,
    t_with_pseudo_mirrored,
    tables,
    worst_at_cap,
    worst_three_points,
    worst_two_points,
)
from .means_one_mean import worst_of_groups
from .means_power import powers
from .record import Figure, main

LEVELS = (0.05, 0.025, 0.025 / 20, 0.025 / 200)
# The largest levels that use one to four pseudo-observations: p-values of Holm fall between.
EDGES = tuple(float(special.ndtr(-np.sqrt(3 * w - 2))) for w in (1, 2, 3, 4))
PASS, FAIL, MISSES = "false PASS", "false FAIL", "interval misses"


def measure(quick: bool) -> Iterator[Figure]:
    """Yield every figure of the family."""
    yield from _plain()
    yield from _two_points((5, 20, 60) if quick else (5, 8, 12, 20, 30, 50, 80, 120, 200, 300))
    yield from _at_cap((2000,) if quick else (1000, 2000, 20_000, 200_000))
    yield from _three_points({10: 0.1, 20: 0.1} if quick else THREE)
    yield from _one_mean((6, 16) if quick else (6, 10, 16, 40, 80))
    yield from _heavy_tails(quick)
    yield from _coverage((20,) if quick else (20, 50, 200, 2000))
    yield from _betting(quick)
    yield from powers(quick)


THREE = {5: 0.05, 10: 0.05, 20: 0.05, 40: 0.05, 80: 0.05, 150: 0.1, 300: 0.2}


def _figure(method: str, worst: Worst, n: int, side: str, alpha: float, law: str) -> Figure:
    sign, what = (1, "loss") if side == PASS else (-1, "gain")
    law = f"{law}: {what} {worst.law}"
    return Figure(method, law, n, sign * worst.margin, side, alpha, worst.rate, alpha)


def _plain() -> Iterator[Figure]:
    """Show Student's interval, one sample in a hundred wholly lost."""
    for n in (20, 50, 200, 1000):
        lost = np.arange(n + 1.0)
        for alpha in LEVELS:
            high = plain_t(np.array([1.0, 0.0]), np.column_stack([lost, n - lost]), alpha)
            rate = float(np.sum(np.exp(_binomial(n, 0.01)) * (high < 0.01)))
            yield Figure(
                "plain t, for comparison", "1 % wholly lost", n, 0.01, PASS, alpha, rate, alpha
            )


def _binomial(n: int, share: float) -> np.ndarray:
    counts, ways = tables(n, 2)
    return ways + counts @ np.log([share, 1 - share])


def _two_points(sizes: tuple[int, ...]) -> Iterator[Figure]:
    for n in sizes:
        for alpha in (*LEVELS, *EDGES):
            worst = worst_two_points(t_with_pseudo, n, alpha, 1.0)
            yield _figure("mean_bounds", worst, n, PASS, alpha, "worst of two points")
            worst = worst_two_points(t_with_pseudo_mirrored, n, alpha, 2.0)
            yield _figure("mean_bounds", worst, n, FAIL, alpha, "worst of two points, mirrored")
    for n in sizes[::3]:
        for alpha in LEVELS:
            worst = worst_two_points(betting, n, alpha, 1.0)
            yield _figure("betting_bounds", worst, n, PASS, alpha, "worst of two points")
            worst = worst_two_points(betting_mirrored, n, alpha, 2.0)
            yield _figure("betting_bounds", worst, n, FAIL, alpha, "worst of two points, mirrored")


def _at_cap(sizes: tuple[int, ...]) -> Iterator[Figure]:
    for n in sizes:
        for alpha in (*LEVELS, *EDGES):
            worst = worst_at_cap(t_with_pseudo, n, alpha)
            yield _figure("mean_bounds", worst, n, PASS, alpha, "worst of the cap and one point")
    # beyond one standard deviation no count of pseudo-observations helps
    for alpha in (0.2, 0.25):
        worst = worst_at_cap(t_with_pseudo, sizes[0], alpha)
        yield _figure("mean_bounds, level not covered", worst, sizes[0], PASS, alpha, "the cap")


def _three_points(grids: dict[int, float]) -> Iterator[Figure]:
    rng = np.random.default_rng(1)
    for n, step in grids.items():
        for alpha, start in worst_three_points(n, (*LEVELS, EDGES[1]), step).items():
            turns = 60 if n < 100 else 25
            worst = climb(n, alpha, start, rng, turns) if start.rate > 1e-12 else start
            yield _figure("mean_bounds", worst, n, PASS, alpha, "worst of three points found")


def _one_mean(sizes: tuple[int, ...]) -> Iterator[Figure]:
    rng = np.random.default_rng(2)
    for n in sizes:
        groups = [(1,) * n] if n <= 10 else [(1, n - 1), (n // 4, n - n // 4), (n // 2, n - n // 2)]
        for alpha in LEVELS[:3]:
            found = [worst_of_groups(group, alpha, rng, 100) for group in groups]
            rate, distances = max(found)
            law = (
                f"independent, {len(groups[0])} laws of one mean: worst found, {distances} from cap"
            )
            yield Figure("mean_bounds", law, n, float("nan"), PASS, alpha, rate, alpha)


def _heavy_tails(quick: bool) -> Iterator[Figure]:
    rng = np.random.default_rng(3)
    sizes = {20: 200_000, 50: 200_000, 200: 100_000, 1000: 40_000}
    for name, law in laws().items():
        for n, draws in list(sizes.items())[: 1 if quick else 4]:
            truth = float(law.mean())
            rate = t_plain_errors(law, n, 4000, 0.025, rng)
            yield Figure(
                "plain t, for comparison", name, n, truth, PASS, 0.025, rate, 0.025, draws=4000
            )
            for alpha, passed, failed in t_errors(law, n, draws, LEVELS, rng):
                for side, rate in ((PASS, passed), (FAIL, failed)):
                    yield Figure(
                        "mean_bounds", name, n, truth, side, alpha, rate, alpha, draws=draws
                    )
                rate, bound = passed + failed, 2 * alpha
                yield Figure("mean_bounds", name, n, truth, MISSES, alpha, rate, bound, draws=draws)
            for alpha, _, failed in t_errors(-law, n, draws, LEVELS, rng):
                yield Figure(
                    "mean_bounds", f"gains: {name}", n, -truth, FAIL, alpha, failed, alpha, draws
                )


def _coverage(sizes: tuple[int, ...]) -> Iterator[Figure]:
    """Enumerate how often either end misses, a share of samples wholly lost."""
    losses = np.array([1.0, 0.0])
    for n in sizes:
        counts = tables(n, 2)[0]
        for share in (0.01, 0.1, 0.5, 0.9):
            chance = np.exp(_binomial(n, share))
            ends = {
                "mean_bounds": (t_with_pseudo, t_with_pseudo_mirrored),
                "betting_bounds": (betting, betting_mirrored),
            }
            for method, (upper, lower) in ends.items():
                misses = (upper(losses, counts, 0.025) < share) | (
                    -lower(-losses, counts, 0.025) > share
                )
                law, rate = f"{share:g} wholly lost", float(chance @ misses)
                yield Figure(method, law, n, share, MISSES, 0.025, rate, 0.05)


def _betting(quick: bool) -> Iterator[Figure]:
    n, discordances = (60 if quick else 200), np.array([0.05, 0.1, 0.2, 0.5, 1.0])
    law = "every look of a binary stream, worst of five discordances"
    for margin, side in ((0.05, PASS), (-0.05, FAIL)):
        for alpha in LEVELS:
            rate = float(ever_reached(n, margin, alpha, discordances).max())
            yield Figure("paired_binary_e", law, n, abs(margin), side, alpha, rate, alpha)
    rng, draws = np.random.default_rng(4), 1000 if quick else 4000
    looks = np.unique(np.round(np.geomspace(1, 3000, 60 if quick else 150)))
    for name, quantiles in laws().items():
        losses, shares = coarse(quantiles)
        least = betting_ever(losses, shares, looks, draws, rng)
        for side, p in zip((PASS, FAIL), least, strict=True):
            for alpha in LEVELS[:3]:
                rate, truth = float(np.mean(p <= alpha)), float(losses @ shares)
                at = f"{name}, on 41 points, any of {len(looks)} looks"
                yield Figure("betting_p", at, 3000, truth, side, alpha, rate, alpha, draws)


if __name__ == "__main__":
    main("means", measure)
