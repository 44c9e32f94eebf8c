"""False PASS and false FAIL of a paired AUROC: exact where damage is whole, else simulated.

python -m benchmarks.validity.auroc [--quick]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import special

from quantassay.stats import Placements, auroc_bounds, auroc_floor

from .auroc_clustered import FAR, Scores, clustered, evidence
from .drawn_cells import LEVELS, Tally, Truth, batches
from .record import Figure, main

METHOD = "auroc_bounds"
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
CLASSES = (
    (20, 20),
    (40, 2000),
    (100, 100),
    (100, 400),
    (200, 200),
    (183, 3000),
    (500, 130),
    (900, 1000),
)
MARGINS = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4)
Draw = Callable[[np.random.Generator, np.ndarray], Scores]


def exact(m: int, n: int, margin: float, share: float, alpha: float) -> tuple[float, float]:
    """Return P(pass) and P(fail) where positives and negatives are wholly lost, each at its rate.

    Perfect separation; of the loss, the positives carry the ``share`` (on the log scale).
    """
    p, q = 1 - (1 - margin) ** share, 1 - (1 - margin) ** (1 - share)
    a, b = (grid.ravel() for grid in np.meshgrid(_counts(m, p), _counts(n, q), indexing="ij"))
    lost = 1 - (1 - a / m) * (1 - b / n)
    squares = a + (m - a) * (b / n) ** 2, b + (n - b) * (a / m) ** 2
    one = np.ones(len(a))
    low, high = auroc_bounds(Placements(m * one, n * one, one, one - lost, *squares), alpha)
    chance = np.exp(_log_binomial(a, m, p) + _log_binomial(b, n, q))
    enough = min(m, n) >= auroc_floor(margin, alpha)
    return float(chance[high < margin].sum() * enough), float(chance[low > margin].sum())


def _counts(n: int, p: float) -> np.ndarray:
    reach = 9 * np.sqrt(n * p * (1 - p)) + 12 * (p > 0)
    return np.arange(max(0, np.floor(n * p - reach)), min(n, np.ceil(n * p + reach)) + 1)


def _log_binomial(k: np.ndarray, n: int, p: float) -> np.ndarray:
    ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    return ways + special.xlogy(k, p) + special.xlog1py(n - k, -p)


def enumerated(quick: bool) -> Iterator[Figure]:
    """Yield the worst error over margins and over how positives and negatives share the loss."""
    for m, n in CLASSES[:4] if quick else CLASSES:
        for alpha in LEVELS:
            found = [
                (*exact(m, n, margin, share, alpha), margin)
                for margin in MARGINS
                for share in SHARES
            ]
            for side, name in ((0, "false PASS"), (1, "false FAIL")):
                worst = max(found, key=lambda one: one[side])
                possible = min(m, n) >= auroc_floor(max(MARGINS), alpha)
                yield Figure(
                    method=METHOD,
                    law=f"perfect separation, {m} positives, {n} negatives, samples of either "
                    "class wholly lost, worst margin and split",
                    n=m + n,
                    margin=worst[2],
                    side=name,
                    alpha=alpha,
                    rate=worst[side],
                    bound=alpha,
                    answer="judged" if possible or side else "insufficient",
                )


@dataclass(frozen=True)
class Law:
    """Scores of both sides for given classes, and the true loss."""

    name: str
    loss: float
    draw: Draw


def _area(shift: float, noise: float = 0.0) -> float:
    return float(special.ndtr(shift / np.sqrt(2 * (1 + noise**2))))


def _normal(rng: np.random.Generator, positive: np.ndarray, shift: float) -> np.ndarray:
    return rng.normal(size=positive.shape) + shift * positive


def noisy(shift: float, noise: float) -> Law:
    def draw(rng: np.random.Generator, positive: np.ndarray) -> Scores:
        first = _normal(rng, positive, shift)
        return first, first + noise * rng.normal(size=first.shape)

    name = f"normal scores {shift:g} apart, noise {noise:g} added"
    return Law(name, _area(shift) - _area(shift, noise), draw)


def lost(shift: float, share: float, of: bool, gained: float = 0.0) -> Law:
    def draw(rng: np.random.Generator, positive: np.ndarray) -> Scores:
        first = _normal(rng, positive, shift)
        chance, harm = rng.random(first.shape), -FAR if of else FAR
        mine = positive == of
        second = np.where(mine & (chance < share), harm, first)
        return first, np.where(mine & (chance > 1 - gained), -harm, second)

    area = _area(shift)
    what = "positives" if of else "negatives"
    name = f"normal scores {shift:g} apart, {share:g} of the {what} wholly lost"
    name += f", {gained:g} gained" * (gained > 0)
    return Law(name, share * area - gained * (1 - area), draw)


def drawn_anew(shift: float, share: float) -> Law:
    def draw(rng: np.random.Generator, positive: np.ndarray) -> Scores:
        first = _normal(rng, positive, shift)
        anew = positive & (rng.random(first.shape) < share)
        return first, np.where(anew, rng.normal(size=first.shape), first)

    name = f"normal scores {shift:g} apart, {share:g} of the positives like negatives"
    return Law(name, share * (_area(shift) - 0.5), draw)


def constant(shift: float) -> Law:
    def draw(rng: np.random.Generator, positive: np.ndarray) -> Scores:
        first = _normal(rng, positive, shift)
        return first, np.zeros_like(first)

    return Law(f"normal scores {shift:g} apart, candidate constant", _area(shift) - 0.5, draw)


def two_valued(shift: float) -> Law:
    def draw(rng: np.random.Generator, positive: np.ndarray) -> Scores:
        first = _normal(rng, positive, shift)
        return first, (first > 1).astype(float)

    area = (1 + special.ndtr(shift - 1) - special.ndtr(-1)) / 2
    return Law(f"normal scores {shift:g} apart, candidate of two values", _area(shift) - area, draw)


def failed(share: float) -> Law:
    def draw(rng: np.random.Generator, positive: np.ndarray) -> Scores:
        first = _normal(rng, positive, 2)
        broken = rng.random(first.shape) < share
        return first, np.where(broken, np.where(positive, -FAR, FAR), first)

    name = f"normal scores 2 apart, {share:g} of the outputs failed"
    return Law(name, _area(2) * (1 - (1 - share) ** 2), draw)


LAWS = (
    noisy(2, 1.0), noisy(0.8, 1.0), lost(40, 0.05, True), lost(40, 0.1, False),
    lost(2, 0.05, True), lost(2, 0.08, True, gained=0.03), lost(0.8, 0.2, True, gained=0.1),
    drawn_anew(40, 0.1), drawn_anew(2, 0.2), constant(2), constant(0.8), two_valued(2),
    failed(0.04),
)  # fmt: skip


def simulated(quick: bool) -> Iterator[Figure]:
    """Yield errors under independent samples; the last sizes have a prevalence of 1 %."""
    sizes = ((100, 100, 8000), (150, 450, 4000), (100, 9900, 200))
    for law in LAWS[::4] if quick else LAWS:
        for m, n, draws in sizes[:1] if quick else sizes:
            positive, rng = np.arange(m + n) < m, np.random.default_rng(m + n)
            name = f"{law.name}; {m} positives, {n} negatives"
            tally = Tally(Truth(METHOD, name, m + n, law.loss))
            for some in batches(draws // (10 if quick else 1), m + n):
                classes = np.broadcast_to(positive, (some, m + n))
                tally.add(evidence(classes, law.draw(rng, classes), None))
            yield from tally.figures()


def measure(quick: bool) -> Iterator[Figure]:
    """Yield every figure of the family."""
    yield from enumerated(quick)
    yield from simulated(quick)
    yield from clustered(quick)


if __name__ == "__main__":
    main("auroc", measure)
