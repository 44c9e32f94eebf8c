"""Simulated looks at several strata, at clusters and at F1, and looks that no one declared."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from quantassay import stats

from .record import Figure
from .stopping_exact import ALPHA, binary_p, levels, reach

BOUND = 0.026
SPENDINGS = ("obrien-fleming", "pocock")
DEFAULT = np.array([0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95, 1.0])
SIDES = (("false PASS", 1), ("false FAIL", -1))


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


def ratios(quick: bool) -> Iterator[Figure]:
    """Simulate binary F1 of a candidate that misses positives, the true loss at the margin."""
    draws, chunk, n_max = 1000 if quick else 20_000, 1000, 500
    rng, n = np.random.default_rng(13), np.ceil(DEFAULT * 500).astype(int)
    for margin in (0.05, 0.10):
        missed, out = 2 * margin / (1 + margin), {key: [] for key in product(SPENDINGS, SIDES)}
        for _ in range(draws // chunk):
            positive = rng.random((chunk, n_max)) < 0.5
            lost = positive & (rng.random((chunk, n_max)) < missed)
            p = {side: [f1_p(positive[:, :k], lost[:, :k], side[1] * margin) for k in n]
                 for side in SIDES}  # fmt: skip
            for spending, side in out:
                level = stats.nominal_levels(DEFAULT, ALPHA, spending)
                crossed = (np.stack(p[side], axis=1) <= level).any(axis=1)
                out[spending, side].append(crossed.mean())
        for (spending, (side, _)), rates in out.items():
            yield Figure(
                f"nominal_levels({spending}) of ratio (binary F1)",
                "default looks; misses positives",
                n_max,
                margin,
                side,
                ALPHA,
                float(np.mean(rates)),
                BOUND,
                draws,
                missed / 2,
            )


def f1_p(positive: np.ndarray, lost: np.ndarray, margin: float) -> np.ndarray:
    """Return p of every row of samples: the reference is right on all, the candidate not."""
    draws, n = positive.shape
    hits = np.stack([positive, np.zeros_like(positive), np.zeros_like(positive)], axis=-1)
    rest = np.stack([positive & ~lost, np.zeros_like(positive), lost], axis=-1)
    judge = stats.ratio_p_within if margin > 0 else stats.ratio_p_beyond
    df = np.minimum(n, positive.sum(axis=1)) - 1.0
    cells = np.repeat(np.arange(draws), n)
    sides = hits.reshape(-1, 3).astype(float), rest.reshape(-1, 3).astype(float)
    hit, miss = (np.tile(row, (draws, 1)) for row in ([1.0, 0.0, 0.0], [0.0, 0.0, 1.0]))
    return np.asarray(judge(*sides, f1, hit, miss, abs(margin), df, cells))


def f1(totals: np.ndarray) -> np.ndarray:
    """Return F1 of sums of true positives, false positives and false negatives."""
    twice = 2 * totals[..., 0]
    return np.asarray(twice / np.maximum(twice + totals[..., 1:].sum(axis=-1), 1e-300))


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
