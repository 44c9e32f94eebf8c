"""Passing without gold answers, and with those of chosen samples after a first look."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import special

from quantassay.stats import (
    binary_p_within,
    changes_allowed,
    cluster_bounds,
    mean_bounds,
    unlabelled_power,
)

from .record import Figure, main

LEVELS = (0.025, 0.00125, 0.000125)
SIZES = (100, 200, 368, 500, 1000)
MARGINS = (0.01, 0.02, 0.05, 0.1)
LARGE = ((2000, 0.01), (2000, 0.05), (5000, 0.01))
CLOPPER = "Clopper-Pearson, then exact binary with labels, for comparison"
LEVEL = {0.5: "at half the level", 1.0: "at the whole level, for comparison"}
WITHOUT = "exact binary, all changes read as losses"
TWICE = "exact binary, without labels, then labels of what changed"


def measure(quick: bool) -> Iterator[Figure]:
    """Yield what is enumerated for right or wrong answers, and simulated for the rest."""
    for n, changed, least in ((1000, 0.002, 0.857), (5000, 0.005, 0.986)):
        law = f"each change a loss or not, {100 * changed:g} % changed"
        exact = float(unlabelled_power(changed, n, 0.01, 0.025))
        most = most_passing(n, 0.01, 0.025)
        ours = float(special.bdtr(most, n, changed))
        for method, rate in (("changes_allowed (Clopper-Pearson)", exact), (WITHOUT, ours)):
            yield Figure(
                method, law, n, 0.01, "power", least, rate, least - 0.0005, discordance=changed
            )
    for n in SIZES[:3] if quick else SIZES:
        for margin in MARGINS:
            for alpha in LEVELS:
                yield from _enumerated(n, margin, alpha)
    for n, margin in () if quick else LARGE:
        yield from _enumerated(n, margin, LEVELS[0])
    yield from _means(2_000 if quick else 40_000)
    yield from _clusters(300 if quick else 4_000)


def most_passing(n: int, margin: float, alpha: float) -> int:
    """Return the largest count of changes that passes if each is a loss; -1: none does."""
    k = np.arange(int(n * margin) + 2.0)
    passed = binary_p_within(k, 0, n, margin) <= alpha
    return int(np.argmin(passed)) - 1


def _enumerated(n: int, margin: float, alpha: float) -> Iterator[Figure]:
    """Yield the worst chance to pass at either stage where the true loss is the margin."""
    allowed = int(changes_allowed(n, margin, alpha))
    ours = most_passing(n, margin, alpha)
    if ours < 0:
        return
    fewest = fewest_gains(n, margin, alpha)
    least = np.arange(n + 1.0)
    bound = alpha * (1.004 if n <= 300 else 1.02)
    psi = discordances(margin)
    rules = {
        WITHOUT: np.where(least <= ours, 0, least + 1),
        TWICE: np.where(least <= ours, 0, fewest),
        CLOPPER: np.where(least <= allowed, 0, fewest),
    }
    for method, gains in rules.items():
        rate, at = worst(n, margin, gains, psi)
        law = "worst discordance, loss at the margin"
        yield Figure(method, law, n, margin, "false PASS", alpha, rate, bound, discordance=at)


def fewest_gains(n: int, margin: float, alpha: float) -> np.ndarray:
    """Return the fewest gains among k changes that pass once all are labelled (n + 1,)."""
    k = np.arange(n + 1.0)
    fails, passes = np.full(n + 1, -1.0), k + 1
    while np.any(passes - fails > 1):
        middle = np.floor((fails + passes) / 2)
        open_ = passes - fails > 1
        gains = np.where(open_, middle, 0.0)
        small = binary_p_within(k - gains, gains, n, margin) <= alpha
        passes = np.where(open_ & small, middle, passes)
        fails = np.where(open_ & ~small, middle, fails)
    return passes


def discordances(margin: float) -> np.ndarray:
    """Return a grid of [margin, 1], dense at its lower end."""
    rise = np.linspace(0, 1, 300)
    return np.unique(np.concatenate([margin + (1 - margin) * rise**power for power in (1, 4)]))


def worst(n: int, margin: float, gains: np.ndarray, psi: np.ndarray) -> tuple[float, float]:
    """Return the largest probability of ``gains`` or more, and the discordance where it is."""
    k, best = np.arange(n + 1.0), (0.0, np.nan)
    ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    for part in np.array_split(psi, max(1, len(psi) * n // 400_000)):
        share = part[:, None]
        count = np.exp(ways + special.xlogy(k, share) + special.xlog1py(n - k, -share))
        gain = (share - margin) / (2 * share)
        tail = special.betainc(np.maximum(gains, 1), np.maximum(k - gains + 1, 1), gain)
        tail = np.where(gains <= 0, 1.0, np.where(gains > k, 0.0, tail))
        rate = (count * tail).sum(axis=1)
        best = max(best, (float(rate.max()), float(share[rate.argmax(), 0])))
    return best


def _means(draws: int) -> Iterator[Figure]:
    """Yield the error of two looks at a score with the cap 1, at half and at the whole level."""
    rng = np.random.default_rng(20)
    for n in (500, 2000):
        for name, (worst_loss, loss) in MEAN_LAWS.items():
            margin = 0.02
            passed = {0.5: 0, 1.0: 0}
            for _ in range(draws // 500):
                most, lost = (x.reshape(500, n) for x in _pair(rng, worst_loss, loss, margin, n))
                for share in passed:
                    high = [
                        mean_bounds(n, -x.sum(axis=1), (x**2).sum(axis=1), 1.0, 0.025 * share)[1]
                        for x in (most, lost)
                    ]
                    passed[share] += int(((high[0] < margin) | (high[1] < margin)).sum())
            for share, count in passed.items():
                yield Figure(
                    f"t+w, without labels, then with them, each {LEVEL[share]}",
                    name, n, margin, "false PASS", 0.025, count / (draws // 500 * 500), 0.025,
                    draws=draws // 500 * 500,
                )  # fmt: skip


def _pair(
    rng: np.random.Generator, most: str, loss: str, margin: float, n: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw what samples can lose at most, and what they lose, with the margin as its mean."""
    size = 500 * n
    if most == "cap":
        changed = rng.random(size) < (margin if loss == "same" else 1.5 * margin)
        lost = changed if loss == "same" else changed & (rng.random(size) < 2 / 3)
        return changed.astype(float), lost.astype(float)
    could = np.minimum(rng.exponential(margin if loss == "same" else 1.25 * margin, size), 1.0)
    if loss == "same":
        return could, could
    lost = np.where(rng.random(size) < 0.9, could, -could)  # mean .8 of 1.25 margins
    return could, lost


MEAN_LAWS = {
    "two points: each change loses the cap": ("cap", "same"),
    "two points: two changes in three lose the cap": ("cap", "some"),
    "exponential: each sample loses what it can": ("spread", "same"),
    "exponential: nine in ten lose what they can, the others gain it": ("spread", "some"),
}


def _clusters(draws: int) -> Iterator[Figure]:
    """Yield the error of two looks at clusters of ten that are lost together."""
    rng = np.random.default_rng(21)
    groups, size, margin = 400, 10, 0.05
    sizes = np.full(groups, float(size))
    for name, kept in (("each change a loss", 1.0), ("two changes in three losses", 2 / 3)):
        for share in (0.5, 1.0):
            passed = 0
            for _ in range(draws):
                changed = size * (rng.random(groups) < margin / kept)
                lost = changed * (rng.random(groups) < kept)
                highs = [cluster_bounds(sizes, -x, 1.0, 0.025 * share)[1] for x in (changed, lost)]
                passed += min(highs) < margin
            yield Figure(
                f"cluster t, without labels, then with them, each {LEVEL[share]}",
                f"whole clusters change, {name}", groups * size, margin, "false PASS", 0.025,
                passed / draws, 0.025, draws=draws, clusters="400 of 10",
            )  # fmt: skip


if __name__ == "__main__":
    main("labels", measure)
