"""Paired binary metrics (top1, topk, exact_match), by exact enumeration.

For every n, margin and level: which tables of losses, gains and ties does a method reject, and how
probable are they together when the true loss sits exactly on the margin, at the discordance where
they are most probable? The floor stands before every PASS; FAIL has none.

The default rule (`binary_p_within`, `binary_p_beyond`) is to stay within 0.4 % of its level up to
300 pairs and within 2 % above; the strict one and E+M within the level itself. E alone, Tango's
interval and Wald's carry no verdict: they show what the rule is for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import special

from benchmarks.validity.record import Figure, main
from quantassay import stats
from quantassay.stats.tango import score

# rejects(losses, gains, n, margin, alpha) that the loss is the margin or more
Rejects = Callable[[np.ndarray, np.ndarray, int, float, float], np.ndarray]

MARGINS = (0.01, 0.0192, 0.02, 0.05, 0.0544, 0.0871, 0.10, 0.20)
LEVELS = (0.05, 0.025, 0.005, 0.0005, 0.000125)
SIZES = (20, 48, 50, 78, 100, 178, 200)
SMALL = (5, 6, 7, 8, 10, 12, 15, 20, 25, 34, 44, 66, 90)
MIDDLE = (140, 230, 300)
LARGE = (301, 400, 1000)
POINTS = 250


def p_rejects(p_within: Callable[..., np.ndarray]) -> Rejects:
    """Return the test that rejects where a p-value is at most the level."""

    def rejects(b: np.ndarray, c: np.ndarray, n: int, margin: float, alpha: float) -> np.ndarray:
        return np.asarray(p_within(b, c, n, margin) <= alpha)

    return rejects


def interval_rejects(interval: Callable[..., tuple[np.ndarray, np.ndarray]]) -> Rejects:
    """Return the test that rejects where an interval lies below the margin."""

    def rejects(b: np.ndarray, c: np.ndarray, n: int, margin: float, alpha: float) -> np.ndarray:
        return np.asarray(interval(b, c, n, alpha)[1] < margin)

    return rejects


def tango_rejects(b: np.ndarray, c: np.ndarray, n: int, margin: float, alpha: float) -> np.ndarray:
    """Return where Tango's interval lies below the margin, by its score at the margin."""
    return np.asarray(score(b, c, np.asarray(float(n)), margin) >= -special.ndtri(alpha))


DEFAULT, STRICT = p_rejects(stats.binary_p_within), p_rejects(stats.exact_binary_p_within)
ESTIMATED, WALD = p_rejects(stats.estimated_p_within), interval_rejects(stats.wald_interval)


def fewest_gains(n: int, margin: float, alpha: float, rejects: Rejects = DEFAULT) -> np.ndarray:
    """Return, for every count k of discordant pairs, the fewest gains that are rejected.

    Bisected, from a bracket around Tango's answer where that one holds.
    """
    k = np.arange(n + 1.0)
    low, high = np.full(n + 1, -1.0), k + 1
    if rejects is not tango_rejects:
        near = fewest_gains(n, margin, alpha, tango_rejects)
        for step in (0, -1, 1, -3, 3):
            low, high = narrowed(low, high, near + step, n, margin, alpha, rejects)
    while np.any(high - low > 1):
        low, high = narrowed(low, high, np.floor((low + high) / 2), n, margin, alpha, rejects)
    return high


def narrowed(
    low: np.ndarray,
    high: np.ndarray,
    at: np.ndarray,
    n: int,
    margin: float,
    alpha: float,
    rejects: Rejects,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the bracket after a look at ``at`` gains, where that is inside of it."""
    k = np.arange(n + 1.0)
    inside = (low < at) & (at < high)
    found = np.zeros(n + 1, bool)
    found[inside] = rejects((k - at)[inside], at[inside], n, margin, alpha)
    return np.where(inside & ~found, at, low), np.where(found, at, high)


def maximized_gains(n: int, margin: float, alpha: float) -> np.ndarray:
    """Return `fewest_gains` of E+M: E cut where its worst probability is the level.

    The cut is found to within a 250th of the level, from below.
    """
    low, high, best = 0.0, 2 * alpha, np.arange(n + 1.0) + 1
    for _ in range(9):
        cut = (low + high) / 2
        gains = fewest_gains(n, margin, cut, ESTIMATED)
        if worst(n, margin, gains, POINTS)[0] <= alpha:
            low, best = cut, gains
        else:
            high = cut
    return best


def discordances(margin: float, points: int) -> np.ndarray:
    """Return a grid of [|margin|, 1], dense at the lower edge."""
    edge, rise = abs(margin), np.linspace(0, 1, points)
    return np.unique(np.concatenate([edge + (1 - edge) * rise, edge + (1 - edge) * rise**4]))


def worst(n: int, margin: float, gains: np.ndarray, points: int) -> tuple[float, float]:
    """Return the largest probability of rejection at a true loss of ``margin``, and where."""
    k, best = np.arange(n + 1.0), (0.0, math.nan)
    ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    for psi in np.array_split(discordances(margin, points), max(1, points * n // 100_000)):
        psi = psi[:, None]
        count = np.exp(ways + special.xlogy(k, psi) + special.xlog1py(n - k, -psi))
        some = np.flatnonzero(count.max(axis=0) > 1e-12)
        few, fewest = k[some], gains[some]
        share = (psi - margin) / (2 * psi)
        tail = special.betainc(np.maximum(fewest, 1), np.maximum(few - fewest + 1, 1), share)
        tail = np.where(fewest <= 0, 1.0, np.where(fewest > few, 0.0, tail))
        size = (count[:, some] * tail).sum(axis=1)
        best = max(best, (float(size.max()), float(psi[size.argmax(), 0])))
    return best


@dataclass(frozen=True)
class Method:
    """A method under trial: its names for PASS and FAIL, its region, and what is asked of it."""

    names: tuple[str, str]
    gains: Callable[[int, float, float], np.ndarray]
    few: float = 1.0
    many: float = 1.0
    answer: str = "diagnostic"

    def figure(self, n: int, side: str, margin: float, alpha: float, points: int) -> Figure:
        """Return the worst error at one margin."""
        passing = side == "false PASS"
        at = margin if passing else -margin
        rate, psi = worst(n, at, self.gains(n, at, alpha), points)
        bound = alpha * (self.few if n <= 300 else self.many)
        return Figure(
            self.names[0] if passing else self.names[1],
            "losses and gains",
            n,
            round(margin, 6),
            side,
            alpha,
            rate,
            bound,
            discordance=round(psi, 6),
            answer=self.answer,
        )


def gains_of(rejects: Rejects) -> Callable[[int, float, float], np.ndarray]:
    """Return `fewest_gains` of one test."""
    return partial(fewest_gains, rejects=rejects)


RULE = Method(("binary_p_within", "binary_p_beyond"), gains_of(DEFAULT), 1.004, 1.02, "judged")
EXACT = Method(
    ("exact_binary_p_within (strict)", "exact_binary_p_beyond (strict)"),
    gains_of(STRICT),
    answer="judged",
)
QUICK = (
    Method(("estimated_p_within (E)", "estimated_p_beyond (E)"), gains_of(ESTIMATED)),
    Method(("tango_interval", "tango_interval"), gains_of(tango_rejects)),
    Method(("wald_interval", "wald_interval"), gains_of(WALD)),
)
MAXIMIZED = Method(("maximized_p_within (E+M)", "maximized_p_beyond (E+M)"), maximized_gains)


def measure(quick: bool) -> Iterator[Figure]:
    """Yield every method at the classic sizes, and the default rule at many more margins."""
    for n in SIZES[:2] if quick else SIZES:
        slow = (EXACT, MAXIMIZED) if n in {20, 48, 78} else ()
        for method in (RULE, *QUICK, *slow):
            yield from judged_at(method, n, MARGINS, POINTS)
    for n in () if quick else (*SMALL, *MIDDLE, *LARGE):
        yield from worst_margin(judged_at(RULE, n, many_margins(n), 150))
    for n in () if quick else (12, 200):
        yield from worst_margin(judged_at(EXACT, n, (0.01, 0.05, 0.2, 0.5), 150))


def judged_at(method: Method, n: int, margins: tuple[float, ...], points: int) -> Iterator[Figure]:
    """Yield the figures of one method and size: both sides, all levels, all margins."""
    for side in ("false PASS", "false FAIL"):
        for alpha in LEVELS:
            for m in margins:
                if side == "false FAIL" or n >= math.log(alpha) / math.log1p(-m):
                    yield method.figure(n, side, m, alpha, points)


def many_margins(n: int) -> tuple[float, ...]:
    """Return a grid of margins from .2 to 50 points, and random ones where tables are few."""
    if n in LARGE:
        return 0.005, 0.0192, 0.20
    few = n in SMALL
    grid = np.geomspace(0.002, 0.5, 36 if few else 10)
    drawn = np.random.default_rng([2026, n]).uniform(0.002, 0.5, 6 if few else 3)
    return *grid.tolist(), *drawn.tolist()


def worst_margin(figures: Iterator[Figure]) -> Iterator[Figure]:
    """Yield only the figure of the worst margin of each side and level."""
    worst_of: dict[tuple[str, float], Figure] = {}
    for one in figures:
        key = one.side, one.alpha
        if key not in worst_of or one.rate > worst_of[key].rate:
            worst_of[key] = one
    yield from worst_of.values()


if __name__ == "__main__":
    main("binary", measure)
