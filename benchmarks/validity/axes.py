"""Statements of a study on its axes: any of them false, and how many are settled.

Every penalty of a study has an interval at a level by Bonferroni over the penalties; differences,
interactions and factors follow from these by arithmetic alone, so that all of them are true where
the intervals hold the penalties. Counted are studies in which any interval of a contrast, or any
factor, leaves the truth out; and of the contrasts that are not zero those that are settled. Beside
it stands square-and-add (MOVER) with Bonferroni over the contrasts, which is sharper, above all
for interactions, and takes losses on one test set as independent. The error of a single penalty at
such levels is enumerated.

A triple is said to be robust where all cells of its surface pass, fragile where one fails.

    python -m benchmarks.validity.axes [--quick]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress

import numpy as np

from benchmarks.validity.axes_arms import arms
from benchmarks.validity.axes_draws import (
    BRIER,
    TASKS,
    Array,
    Law,
    Place,
    bounds,
    counted,
    equal,
    penalties,
    products,
)
from benchmarks.validity.axes_triples import triple_rates
from benchmarks.validity.record import Figure, main
from quantassay.records.cross import CrossContrast
from quantassay.verdicts.axes import contrasts

ALPHA = 0.05
LAWS = (
    Law("equal penalties, every change a loss", 50, equal(0.02)),
    Law("equal penalties, every change a loss", 400, equal(0.01)),
    Law("equal penalties, every change a loss, the same samples", 400, equal(0.01), shared="alike"),
    Law("no penalties, few changes", 20, equal(0.0), 0.02),
    Law("no penalties, hardly any change", 100, equal(0.0), 0.001),
    Law("no penalties, a model loses where the other gains", 400, equal(0.0), 0.1, "opposed"),
    Law("no penalties, a model loses where the other gains", 100, equal(0.0), 0.3, "opposed"),
    Law("equal penalties, the second metric a mean", 100, equal(0.03), 0.01, second=BRIER),
    Law("equal penalties, clusters of 5", 500, equal(0.02), 0.01, "alike", cluster=5),
    Law("penalties of tasks, x 5 for a model, x 2 for a metric", 500,
        products((0.002, 0.01, 0.05), 5.0, 2.0), 0.01),
    Law("the same, a model loses where the other gains", 500,
        products((0.002, 0.01, 0.05), 5.0, 2.0), 0.05, "opposed"),
    Law("the same, the second metric a mean, the same samples", 1000,
        products((0.002, 0.01, 0.05), 5.0, 2.0), 0.01, "alike", BRIER),
)  # fmt: skip
BOX = "interval arithmetic, Bonferroni over penalties"
MOVER = "square-and-add, Bonferroni over contrasts, for comparison"
APART = "square-and-add between tasks alone, for comparison"


def measure(quick: bool) -> Iterator[Figure]:
    """Yield how often a single bound, any statement of a study, and a triple's outcome err."""
    yield from arms(quick)
    for seed, law in enumerate(LAWS):
        yield from _study(law, 200 if quick else 2_000, seed)
    yield from triple_rates(quick)


def _study(law: Law, draws: int, seed: int) -> Iterator[Figure]:
    lost, gained = counted(law, draws, np.random.default_rng(seed))
    loss = (lost - gained) * law.cluster / law.n
    box = bounds(law, lost, gained, ALPHA / 2 / len(law.places))
    found = [_contrasts(law, *row) for row in zip(loss, *box, strict=True)]
    number = len(found[0])
    narrow = bounds(law, lost, gained, ALPHA / 2 / number)
    squared = [
        [_squared(one, dict(zip(law.places, zip(*row, strict=True), strict=True))) for one in own]
        for own, *row in zip(found, loss, *narrow, strict=True)
    ]
    for method, ends in ((BOX, _intervals(found)), (MOVER, squared), (APART, squared)):
        only = [one.axes == ("task",) or method != APART for one in found[0]]
        false = [
            _any_false(*(list(compress(each, only)) for each in study), law.truths, method == BOX)
            for study in zip(found, ends, strict=True)
        ]
        yield Figure(method, law.name, law.n, 0.0, "interval misses", ALPHA, float(np.mean(false)),
                     ALPHA, draws, clusters=_clusters(law), strata=len(law.places))  # fmt: skip
        if method != APART:
            yield from _settled(law, found, ends, method, draws)


def _contrasts(law: Law, loss: Array, low: Array, high: Array) -> Sequence[CrossContrast]:
    return contrasts(penalties(law, loss, low, high), dict.fromkeys(TASKS, "top1"))


def _intervals(found: Sequence[Sequence[CrossContrast]]) -> list[list[tuple[float, float]]]:
    return [[one.interval or (np.nan, np.nan) for one in own] for own in found]


def _arms(one: CrossContrast) -> list[tuple[float, Place]]:
    """Return the places of a contrast, each with its sign."""
    signs = (1.0, -1.0)
    more = list(zip(signs, one.more, strict=False))
    return more + [(-sign, place) for sign, place in zip(signs, one.less, strict=False)]


def _squared(
    one: CrossContrast, shares: dict[Place, tuple[float, float, float]]
) -> tuple[float, float]:
    """Return the interval by square-and-add of the arms: share, low and high of each."""
    centre, below, above = 0.0, 0.0, 0.0
    for sign, place in _arms(one):
        share, low, high = shares[place]
        down, up = (share - low, high - share) if sign > 0 else (high - share, share - low)
        centre, below, above = centre + sign * share, below + down**2, above + up**2
    return centre - float(np.sqrt(below)), centre + float(np.sqrt(above))


def _true(one: CrossContrast, truths: dict[Place, float]) -> float:
    return sum(sign * truths[place] for sign, place in _arms(one))


def _any_false(
    own: Sequence[CrossContrast],
    ends: Sequence[tuple[float, float]],
    truths: dict[Place, float],
    factors: bool,
) -> bool:
    return any(
        not low - 1e-12 <= _true(one, truths) <= high + 1e-12
        or (factors and _factor_false(one, truths))
        for one, (low, high) in zip(own, ends, strict=True)
    )


def _factor_false(one: CrossContrast, truths: dict[Place, float]) -> bool:
    """Return whether a factor leaves the true one out, compared without a division."""
    if one.factor is None:
        return False
    top, bottom = truths[one.more[0]], truths[one.less[0]]
    if len(one.more) > 1:
        top, bottom = top * truths[one.less[1]], bottom * truths[one.more[1]]
    low, high = one.factor
    below = low is not None and top < low * bottom - 1e-12
    return below or (high is not None and top > high * bottom + 1e-12)


def _settled(
    law: Law,
    found: Sequence[Sequence[CrossContrast]],
    ends: Sequence[Sequence[tuple[float, float]]],
    method: str,
    draws: int,
) -> Iterator[Figure]:
    """Yield the share of contrasts that are not zero, and are settled, by axes."""
    truths, hits = law.truths, dict[str, list[bool]]()
    for own, of in zip(found, ends, strict=True):
        for one, (low, high) in zip(own, of, strict=True):
            if abs(_true(one, truths)) > 1e-9:
                hits.setdefault(" x ".join(one.axes), []).append(low > 0 or high < 0)
    for axes, settled in hits.items():
        yield Figure(f"{method}: {axes} settled", law.name, law.n, 0.0, "power", 0.0,
                     float(np.mean(settled)), 0.0, draws, clusters=_clusters(law),
                     strata=len(law.places), answer="judged")  # fmt: skip


def _clusters(law: Law) -> str:
    return "independent" if law.cluster == 1 else f"{law.n // law.cluster} clusters"


if __name__ == "__main__":
    main("axes", measure)
