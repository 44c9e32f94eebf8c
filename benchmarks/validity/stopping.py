"""Stopping at declared looks: error of PASS and FAIL, samples saved, and undeclared looks.

One cell is enumerated exactly over (losses, gains) from look to look; several strata and clusters
are simulated. A candidate stops at its first PASS or FAIL.

    python -m benchmarks.validity.stopping [--quick]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import product
from typing import ClassVar

import numpy as np
from scipy import fft, special

from quantassay import stats

from .record import Figure, main

ALPHA = 0.025
BOUND = 0.026
SPENDINGS = ("obrien-fleming", "pocock")
DEFAULT = np.array([0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95, 1.0])
LOOKS = {"default looks": DEFAULT, "2 looks": np.array([0.5, 1.0]), "5 looks": np.arange(1, 6) / 5}
# n at the last look, margin, discordances at a true loss of the margin
CELLS = (
    (100, 0.10, (0.10, 0.2, 0.4)),
    (200, 0.05, (0.05, 0.1, 0.2)),
    (400, 0.02, (0.02, 0.05, 0.1)),
    (1000, 0.01, (0.01, 0.02, 0.03, 0.06)),
    (3000, 0.01, (0.01,)),
)
SIDES = (("false PASS", 1), ("false FAIL", -1))
PLANNED = ((0.01, 0.01), (0.01, 0.03), (0.02, 0.05), (0.05, 0.10))
P = Callable[[np.ndarray, np.ndarray, float, float], np.ndarray]


def binary_p(b: np.ndarray, c: np.ndarray, n: float, margin: float) -> np.ndarray:
    """Return p of a loss of the margin or more (positive) or less (negative, sides swapped)."""
    if margin > 0:
        return stats.binary_p_within(b, c, n, margin)
    return stats.binary_p_beyond(b, c, n, -margin)


def mean_p(b: np.ndarray, c: np.ndarray, n: float, margin: float) -> np.ndarray:
    """Return the same of the mean of differences at -1, 0 and 1."""
    if margin > 0:
        return stats.mean_p_within(n, c - b, b + c, 1.0, margin)
    return stats.mean_p_beyond(n, c - b, b + c, 1.0, -margin)


class Rule:
    """Which tables reject at each look; p-values are computed once for each table."""

    kept: ClassVar[dict[tuple[object, int, float], np.ndarray]] = {}

    def __init__(self, p: P, n: np.ndarray, margin: float, level: np.ndarray) -> None:
        self.p, self.n, self.margin, self.level = p, n, margin, level

    def __call__(self, k: int, b: np.ndarray, c: np.ndarray) -> np.ndarray:
        """Return whether the tables reject at a look."""
        key, width = (self.p, int(self.n[k]), self.margin), int(max(b.max(), c.max())) + 1
        table = self.kept.get(key, np.empty((0, 0)))
        more = max(width - len(table), 0)
        table = self.kept[key] = np.pad(table, ((0, more), (0, more)), constant_values=np.nan)
        new = np.isnan(table[b, c])
        table[b[new], c[new]] = self.p(
            b[new].astype(float), c[new].astype(float), float(self.n[k]), self.margin
        )
        return np.asarray(table[b, c] <= self.level[k])


def increments(n: int, psi: float, loss: float, width: int) -> np.ndarray:
    """Return the probability (width, width) of b losses and c gains among n pairs."""
    b, c = np.meshgrid(np.arange(width), np.arange(width), indexing="ij")
    rest = n - b - c
    with np.errstate(divide="ignore"):
        logs = (
            special.gammaln(n + 1) - special.gammaln(b + 1) - special.gammaln(c + 1)
            - special.gammaln(np.maximum(rest, 0) + 1)
            + special.xlogy(b, (psi + loss) / 2) + special.xlogy(c, max(psi - loss, 0.0) / 2)
            + special.xlogy(np.maximum(rest, 0), 1 - psi)
        )  # fmt: skip
    return np.where(rest >= 0, np.exp(logs), 0.0)


def reach(n: int, psi: float) -> int:
    """Return a count that losses or gains pass with probability below 1e-10."""
    return int(min(n, n * psi + 7 * math.sqrt(n * psi) + 12)) + 1


class Walk:
    """Exact chances of what happens at every look of one cell."""

    def __init__(self, n: np.ndarray, psi: float, loss: float) -> None:
        self.n, self.psi, self.loss = n, psi, loss
        self.width = reach(int(n[-1]), psi)
        self.b, self.c = np.meshgrid(np.arange(self.width), np.arange(self.width), indexing="ij")

    def chances(self, rejects: Rule) -> np.ndarray:
        """Return how likely each look is the first to reject (K,)."""
        size = fft.next_fast_len(2 * self.width)
        mass, before, found = None, 0, []
        for k, n in enumerate(self.n):
            step = increments(int(n) - before, self.psi, self.loss, self.width)
            before = int(n)
            if mass is None:
                mass = step
            else:
                both = fft.rfft2(mass, (size, size)) * fft.rfft2(step, (size, size))
                mass = np.maximum(fft.irfft2(both, (size, size))[: self.width, : self.width], 0.0)
            likely = (mass > 1e-14) & (self.b + self.c <= n)
            out = np.zeros(mass.shape, bool)
            out[likely] = rejects(k, self.b[likely], self.c[likely])
            found.append(mass[out].sum())
            mass = np.where(out, 0.0, mass)
        return np.array(found)


def levels(n: np.ndarray, margin: float, spending: str, floor: P | None) -> np.ndarray:
    """Return the levels (K,) of PASS: no look before full agreement would pass."""
    information, used = n / n[-1], np.ones(len(n), bool)
    if floor is None:
        return stats.nominal_levels(information, ALPHA, spending)
    for k, size in enumerate(n):
        level = stats.nominal_levels(information, ALPHA, spending, used)[k]
        none = np.zeros(1)
        used[k] = level > 0 and bool(floor(none, none, float(size), margin)[0] <= level)
    return stats.nominal_levels(information, ALPHA, spending, used)


def cells(quick: bool) -> Iterator[tuple[str, P, int, float, tuple[float, ...]]]:
    """Yield the cells enumerated, by method."""
    for name, p in (("paired_binary", binary_p), ("paired_mean", mean_p)):
        for cell in CELLS[:2] if quick else CELLS:
            yield (name, p, *cell)


def one_cell(quick: bool) -> Iterator[Figure]:
    """Enumerate false PASS and false FAIL of one cell, its true loss at the margin."""
    for name, p, n_max, margin, discordances in cells(quick):
        Rule.kept.clear()
        for looks, shares in LOOKS.items():
            n = np.ceil(shares * n_max).astype(int)
            for spending, (side, sign) in product(SPENDINGS, SIDES):
                level = levels(n, margin, spending, p if sign > 0 else None)
                for psi in discordances[:1] if quick else discordances:
                    rule = Rule(p, n, sign * margin, level)
                    rate = float(Walk(n, psi, margin).chances(rule).sum())
                    yield Figure(
                        f"nominal_levels({spending}) of {name}", f"{looks}; -1, 0, 1", n_max,
                        margin, side, ALPHA, rate, BOUND, discordance=psi,
                    )  # fmt: skip


def savings(quick: bool) -> Iterator[Figure]:
    """Enumerate samples saved by default looks where nothing is lost, and the power kept."""
    for margin, psi in PLANNED[-1:] if quick else PLANNED:
        planned = float(stats.binary_sample_size(margin, psi, 0.0, 0.9, ALPHA))
        for times, least in ((1.0, 0.25), (2.5, 0.45)):
            Rule.kept.clear()
            for spending in SPENDINGS:
                n = np.ceil(DEFAULT * planned * times).astype(int)
                level = levels(n, margin, spending, binary_p)
                first = Walk(n, psi, 0.0).chances(Rule(binary_p, n, margin, level))
                saved = 1 - float(n @ first + n[-1] * (1 - first.sum())) / n[-1]
                law = f"default looks, {times:g} times the planned n, no loss"
                method = f"nominal_levels({spending}) of paired_binary"
                yield Figure(
                    f"samples saved by {method}", law, int(n[-1]), margin, "power", least, saved,
                    least, discordance=psi,
                )  # fmt: skip
                kept = 0.87 if spending == "obrien-fleming" else 0.80
                yield Figure(
                    method, law, int(n[-1]), margin, "power", 0.9, float(first.sum()), kept,
                    discordance=psi,
                )  # fmt: skip


def strata(quick: bool) -> Iterator[Figure]:
    """Simulate candidates of several strata: overall PASS with one at its margin, any FAIL."""
    draws = 20_000 if quick else 400_000
    rng = np.random.default_rng(2026)
    for count, n_max, margin, psi in ((5, 400, 0.05, 0.05), (5, 1000, 0.02, 0.04)):
        n = np.ceil(DEFAULT * n_max).astype(int)
        for spending in SPENDINGS:
            tables = Tables(n, margin, reach(n_max, psi))
            none, all_ = tables.counts(rng, draws, count, psi, 0.0), None
            at = tables.counts(rng, draws, count, psi, margin)
            passed = tables.crossed(none, tables.within, levels(n, margin, spending, binary_p))
            worst = tables.crossed(at, tables.within, levels(n, margin, spending, binary_p))
            passed[:, 0] = worst[:, 0]
            share = stats.nominal_levels(n / n[-1], ALPHA / count, spending)
            all_ = tables.crossed(at, tables.beyond, share).any(axis=1)
            full = stats.nominal_levels(n / n[-1], ALPHA, spending)
            last = tables.crossed(at, tables.beyond, full)[:, 0]
            for side, law, rate in (
                ("false PASS", "one stratum at its margin, others without loss", passed.all(1)),
                ("false FAIL", "every stratum at its margin, Holm on sequential p", all_),
                ("false FAIL", "one stratum at its margin, all others rejected", last),
            ):
                yield Figure(
                    f"sequential_p({spending}) of paired_binary", law, n_max, margin, side, ALPHA,
                    float(rate.mean()), BOUND, draws, psi, strata=count,
                )  # fmt: skip


class Tables:
    """p-values of every table that occurs, at every look of one stratum."""

    def __init__(self, n: np.ndarray, margin: float, width: int) -> None:
        b, c = (x.ravel().astype(float) for x in np.indices((width, width)))
        fits = [b + c <= size for size in n]
        self.n, self.width = n, width
        self.within, self.beyond = (
            np.stack(
                [self._p(b, c, f, float(s), sign * margin) for f, s in zip(fits, n, strict=True)]
            )
            for sign in (1, -1)
        )

    def _p(self, b: np.ndarray, c: np.ndarray, fits: np.ndarray, n: float, m: float) -> np.ndarray:
        found = np.ones(len(b))
        found[fits] = binary_p(b[fits], c[fits], n, m)
        return found.reshape(self.width, self.width)

    def counts(
        self, rng: np.random.Generator, draws: int, strata: int, psi: float, loss: float
    ) -> np.ndarray:
        """Draw losses and gains up to every look (2, draws, strata, K)."""
        steps = np.diff(self.n, prepend=0)
        shares = [(psi + loss) / 2, (psi - loss) / 2, 1 - psi]
        found = rng.multinomial(steps, shares, size=(draws, strata, len(steps)))
        return np.minimum(np.cumsum(found[..., :2], axis=2), self.width - 1).transpose(3, 0, 1, 2)

    def crossed(self, counts: np.ndarray, p: np.ndarray, level: np.ndarray) -> np.ndarray:
        """Return whether each stratum of each draw rejects at some look (draws, strata)."""
        look = np.arange(len(self.n))
        return (p[look, counts[0], counts[1]] <= level).any(axis=2)


def clusters(quick: bool) -> Iterator[Figure]:
    """Simulate clusters of ten whose samples fail together, the true loss at the margin."""
    draws, size = (2000, 10) if quick else (40_000, 10)
    rng = np.random.default_rng(7)
    for groups, margin, icc in ((100, 0.10, 0.3), (300, 0.05, 0.9)):
        looks = np.ceil(DEFAULT * groups).astype(int)
        spread = (1 - icc) / icc
        rate = rng.beta(margin * spread, (1 - margin) * spread, (draws, groups))
        lost = rng.binomial(size, rate)
        for spending in SPENDINGS:
            level = stats.nominal_levels(DEFAULT, ALPHA, spending)
            for side, of in (("false PASS", "p_within"), ("false FAIL", "p_beyond")):
                out = np.zeros(draws, bool)
                for k, g in enumerate(looks):
                    cells = np.repeat(np.arange(draws), g)
                    sums = stats.cluster_sums(
                        np.full(draws * g, size), -lost[:, :g].ravel(), cells, draws
                    )
                    out |= getattr(sums, of)(1.0, margin) <= level[k]
                yield Figure(
                    f"nominal_levels({spending}) of clusters", "default looks; beta-binomial",
                    groups * size, margin, side, ALPHA, float(out.mean()), BOUND, draws,
                    clusters=f"{groups} of 10, ICC {icc:g}",
                )  # fmt: skip


def undeclared(quick: bool) -> Iterator[Figure]:
    """Simulate looks after every fifty samples, with no plan, by `anytime_p` and by p alone."""
    draws, n_max = (2000, 1000) if quick else (20_000, 3000)
    rng = np.random.default_rng(11)
    n = np.arange(50, n_max + 1, 50)
    for margin, psi in ((0.02, 0.02), (0.05, 0.10)):
        steps = rng.multinomial(50, [(psi + margin) / 2, (psi - margin) / 2, 1 - psi],
                                size=(draws, len(n)))  # fmt: skip
        b, c = np.cumsum(steps[..., :2], axis=1).transpose(2, 0, 1).astype(float)
        for side, total, m in (("false PASS", c - b, margin), ("false FAIL", b - c, -margin)):
            square = b + c + 2 * m * total + n * m * m
            p = stats.anytime_p(total + n * m, square, 1 - m)
            rate = float((p <= ALPHA).any(axis=1).mean())
            yield Figure("anytime_p", "-1, 0, 1; a look every 50 samples", n_max, margin, side,
                         ALPHA, rate, ALPHA, draws, psi)  # fmt: skip
    for icc in (0.3, 0.9):
        margin, spread, groups = 0.05, (1 - icc) / icc, n_max // 10
        rate = rng.beta(margin * spread, (1 - margin) * spread, (draws, groups))
        kept = margin * 10 - rng.binomial(10, rate)
        p = stats.anytime_p(np.cumsum(kept, 1), np.cumsum(kept**2, 1), 10 * (1 - margin))
        yield Figure("anytime_p of cluster totals", "a look after every cluster", n_max, margin,
                     "false PASS", ALPHA, float((p <= ALPHA).any(axis=1).mean()), ALPHA, draws,
                     clusters=f"{groups} of 10, ICC {icc:g}")  # fmt: skip


def measure(quick: bool) -> Iterator[Figure]:
    """Yield every figure."""
    for part in (savings, one_cell, strata, clusters, undeclared):
        yield from part(quick)


if __name__ == "__main__":
    main("stopping", measure)
