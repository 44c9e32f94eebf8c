"""Laws without true loss, to plan for and to draw from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from quantassay import stats

CHUNK = 2_000_000
BUCKETS = 500


@dataclass(frozen=True)
class PointLaw:
    """Differences on a few points."""

    points: tuple[float, ...]
    chances: tuple[float, ...]

    def shape(self, rng: np.random.Generator) -> tuple[float, float, float]:
        """Return standard deviation, skewness and excess kurtosis of the loss."""
        x, p = -np.array(self.points), np.array(self.chances)
        d = x - (x * p).sum()
        sd = float(np.sqrt((d**2 * p).sum()))
        return sd, float((d**3 * p).sum() / sd**3), float((d**4 * p).sum() / sd**4 - 3)

    def draw(self, rng: np.random.Generator, n: int, draws: int) -> tuple[np.ndarray, np.ndarray]:
        """Return sums and sums of squares of n differences (draws,)."""
        counts = rng.multinomial(n, self.chances, draws)
        x = np.array(self.points)
        return counts @ x, counts @ x**2


@dataclass(frozen=True)
class SmoothLaw:
    """Differences from a generator, within the cap of 1."""

    one: Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]

    def shape(self, rng: np.random.Generator) -> tuple[float, float, float]:
        """Return standard deviation, skewness and excess kurtosis of the loss."""
        d = -self.one(rng, (2_000_000,))
        d -= d.mean()
        sd = float(d.std())
        return sd, float((d**3).mean() / sd**3), float((d**4).mean() / sd**4 - 3)

    def draw(self, rng: np.random.Generator, n: int, draws: int) -> tuple[np.ndarray, np.ndarray]:
        """Return sums and sums of squares of n differences (draws,)."""
        found = []
        for start in range(0, draws, max(1, CHUNK // n)):
            d = self.one(rng, (min(max(1, CHUNK // n), draws - start), n))
            found.append((d.sum(axis=1), (d * d).sum(axis=1)))
        total, square = zip(*found, strict=True)
        return np.concatenate(total), np.concatenate(square)


def _exponential(sign: float) -> SmoothLaw:
    return SmoothLaw(lambda r, s: np.clip(sign * 0.1 * (r.exponential(size=s) - 1), -1, 1))


MEAN_LAWS = {
    "uniform within .3": SmoothLaw(lambda r, s: r.uniform(-0.3, 0.3, s)),
    "t with 3 df, times .05, clipped": SmoothLaw(
        lambda r, s: np.clip(0.05 * r.standard_t(3, s), -1, 1)
    ),
    "exponential losses": _exponential(-1.0),
    "exponential gains": _exponential(1.0),
    "1 % lose or gain the cap": PointLaw((-1.0, 0.0, 1.0), (0.005, 0.99, 0.005)),
    "3 % lose or gain half the cap": PointLaw((-0.5, 0.0, 0.5), (0.015, 0.97, 0.015)),
    "1 % lose the cap, all others gain a little": PointLaw((-1.0, 1 / 99), (0.01, 0.99)),
    "1 % gain the cap, all others lose a little": PointLaw((1.0, -1 / 99), (0.01, 0.99)),
}


def f1(totals: np.ndarray) -> np.ndarray:
    """Return F1 of sums (..., 3) of true positives, false positives and false negatives."""
    t = np.asarray(totals, float)
    return 2 * t[..., 0] / (2 * t[..., 0] + t[..., 1] + t[..., 2])


@dataclass(frozen=True)
class RatioLaw:
    """F1 of one class; answers flip so that expected counts stay."""

    prevalence: float
    recall: float
    false_alarms: float
    flips: float
    margin: float
    worst: tuple[tuple[float, ...], tuple[float, ...]] = ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0))

    def _kinds(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the chance of every kind of sample (8,), and its rows on both sides (8, 3)."""
        yes = {True: self.recall, False: self.false_alarms}
        chances, first, second = [], [], []
        for truth in (True, False):
            for answer in (True, False):
                own = (self.prevalence if truth else 1 - self.prevalence) * (
                    yes[truth] if answer else 1 - yes[truth]
                )
                back = self.flips if answer else self.flips * yes[truth] / (1 - yes[truth])
                for flipped, chance in ((True, back), (False, 1 - back)):
                    chances.append(own * chance)
                    for rows, said in ((first, answer), (second, answer ^ flipped)):
                        rows.append((truth and said, not truth and said, truth and not said))
        return np.array(chances), np.array(first, float), np.array(second, float)

    def rows(self, rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Return n rows of both sides."""
        chances, first, second = self._kinds()
        kind = rng.choice(len(chances), n, p=chances / chances.sum())
        return first[kind], second[kind]

    def expected(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Return about n rows of both sides, every kind as often as expected."""
        chances, first, second = self._kinds()
        counts = np.rint(n * chances).astype(int)
        return np.repeat(first, counts, axis=0), np.repeat(second, counts, axis=0)

    def passes(self, rng: np.random.Generator, n: int, level: float) -> bool:
        """Draw a test set, in buckets, and judge it."""
        sides = self.rows(rng, n)
        bucket = rng.integers(0, BUCKETS, n) if n > BUCKETS else np.arange(n)
        sums = [
            np.stack([np.bincount(bucket, column) for column in side.T], axis=1) for side in sides
        ]
        occupied = np.bincount(bucket) > 0
        sums = [each[occupied] for each in sums]
        df = min(len(sums[0]), float(sums[0][:, [0, 2]].sum())) - 1
        high = stats.ratio_bounds(sums[0], sums[1], f1, *self.worst, level, df)[1]
        return bool(high < self.margin)


RATIO_LAWS = {
    f"F1, prevalence {p:g}, recall {r:g}, {100 * f:g} % of hits flip": RatioLaw(p, r, a, f, m)
    for p, r, a, f, m in (
        (0.5, 0.9, 0.1, 0.02, 0.02),
        (0.1, 0.8, 0.02, 0.02, 0.03),
        (0.3, 0.95, 0.02, 0.01, 0.02),
        (0.05, 0.6, 0.02, 0.05, 0.05),
        (0.01, 0.8, 0.002, 0.02, 0.05),
    )
}


@dataclass(frozen=True)
class AurocLaw:
    """Binormal scores of both sides, correlated within each class."""

    area: float
    correlation: float
    prevalence: float
    margin: float

    def _scores(self, rng: np.random.Generator, positive: np.ndarray) -> tuple[np.ndarray, ...]:
        shift = np.sqrt(2) * special.ndtri(self.area) * positive
        noise = rng.normal(size=(2, *positive.shape))
        rest = np.sqrt(1 - self.correlation**2)
        return shift + noise[0], shift + self.correlation * noise[0] + rest * noise[1]

    def spread(self, rng: np.random.Generator) -> float:
        """Return the spread per sample, from many."""
        positive = np.arange(400_000) % 2 == 0
        found = stats.paired_placements(*self._scores(rng, positive), positive)
        parts = found.positive_square[0] / 200_000, found.negative_square[0] / 200_000
        return float(np.sqrt(parts[0] / self.prevalence + parts[1] / (1 - self.prevalence)))

    def passes(self, rng: np.random.Generator, n: int, level: float, draws: int) -> np.ndarray:
        """Draw test sets and judge them (draws,)."""
        found = []
        step = max(1, CHUNK // (4 * n))
        one = np.arange(n) < round(n * self.prevalence)
        for start in range(0, draws, step):
            count = min(step, draws - start)
            positive = np.tile(one, count)
            cell = np.repeat(np.arange(count), n)
            pairs = stats.paired_placements(*self._scores(rng, positive), positive, cell, count)
            found.append(stats.auroc_bounds(pairs, level)[1] < self.margin)
        return np.concatenate(found)


AUROC_LAWS = {
    f"AUROC {a:g}, scores correlate {r:g}, prevalence {p:g}": AurocLaw(a, r, p, m)
    for a, r, p, m in (
        (0.8, 0.95, 0.5, 0.03),
        (0.9, 0.98, 0.1, 0.03),
        (0.95, 0.9, 0.3, 0.02),
        (0.99, 0.9, 0.2, 0.02),
        (0.7, 0.9, 0.05, 0.1),
    )
}


@dataclass(frozen=True)
class ClusterLaw:
    """Losses and gains alike; a sample takes its cluster's change with chance sqrt(correlation)."""

    sizes: tuple[int, ...]
    correlation: float
    discordance: float
    margin: float

    def planned(self, power: float, level: float) -> float:
        """Return the planned n; more clusters of the mix hold more of the largest."""
        spread, copies = np.sqrt(self.discordance), 1
        for _ in range(3):
            mix = stats.cluster_mix(self.sizes, level, copies)
            n = stats.cluster_sample_size(
                mix, self.margin, spread, 1.0, self.correlation, 0.0, power, level
            )
            copies = max(1, round(float(n) / sum(self.sizes)))
        return float(n)

    def passes(self, rng: np.random.Generator, n: float, level: float, draws: int) -> np.ndarray:
        """Draw test sets and judge them (draws,)."""
        count = round(n / sum(self.sizes) * len(self.sizes))
        # the same quantiles of size, however many clusters
        own = np.sort(self.sizes)[(np.arange(count) * len(self.sizes)) // count]
        found, step = [], max(1, CHUNK // (4 * count))
        for start in range(0, draws, step):
            sets = min(step, draws - start)
            sizes = np.tile(own, sets)
            totals = self._totals(rng, sizes)
            cell = np.repeat(np.arange(sets), count)
            found.append(stats.cluster_bounds(sizes, totals, 1.0, level, cell)[1] < self.margin)
        return np.concatenate(found)

    def _totals(self, rng: np.random.Generator, sizes: np.ndarray) -> np.ndarray:
        half = self.discordance / 2
        change = rng.choice([-1.0, 0.0, 1.0], len(sizes), p=[half, 1 - 2 * half, half])
        alike = rng.binomial(sizes, np.sqrt(self.correlation))
        changed = rng.binomial(sizes - alike, self.discordance)
        return alike * change + changed - 2 * rng.binomial(changed, 0.5)


CLUSTER_LAWS = {
    f"{name}, correlation {law.correlation:g}": law
    for name, law in (
        ("size 10", ClusterLaw((10,) * 100, 0.3, 0.05, 0.03)),
        ("pairs", ClusterLaw((2,) * 300, 0.3, 0.05, 0.02)),
        ("pairs", ClusterLaw((2,) * 300, 1.0, 0.03, 0.03)),
        ("200 of 1 and 10 of 20", ClusterLaw((1,) * 200 + (20,) * 10, 0.2, 0.1, 0.05)),
        ("size 5", ClusterLaw((5,) * 40, 0.1, 0.2, 0.1)),
        ("sizes 1 to 29", ClusterLaw(tuple(range(1, 30)) * 4, 0.05, 0.05, 0.03)),
        ("size 50", ClusterLaw((50,) * 30, 0.02, 0.05, 0.05)),
    )
}
