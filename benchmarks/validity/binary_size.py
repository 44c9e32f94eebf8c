"""Worst-case error of the paired binary rule, by exact enumeration.

For every n, margin and one-sided level: which tables does the rule reject, and how probable are
they at worst, over all discordances, when the true loss sits exactly on the margin? "pass" is the
error of passing a cell that is at its margin, "fail" that of failing one. Nothing is sampled.

    python benchmarks/validity/binary_size.py [--quick]
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator

import numpy as np
from scipy import special

from quantassay.stats import binary_p_within

MARGINS = (0.01, 0.0192, 0.02, 0.05, 0.0544, 0.0871, 0.10, 0.20)
LEVELS = (0.05, 0.025, 0.005, 0.0005, 0.000125)
SIZES = (20, 48, 50, 78, 100, 178, 200)
MORE = (5, 8, 10, 15, 30, 40, 60, 72, 90, 120, 140, 160, 183, 220, 260, 300, 400, 736, 1000, 2000)


def fewest_gains(n: int, margin: float, alpha: float) -> np.ndarray:
    """Return, for every count k of discordant pairs, the fewest gains that the rule rejects at."""
    k = np.arange(n + 1.0)
    fails, rejects = np.full(n + 1, -1.0), k + 1
    while np.any(rejects - fails > 1):
        middle = np.floor((fails + rejects) / 2)
        open_ = rejects - fails > 1
        gains = np.where(open_, middle, 0.0)
        small = binary_p_within(k - gains, gains, n, margin) <= alpha
        rejects = np.where(open_ & small, middle, rejects)
        fails = np.where(open_ & ~small, middle, fails)
    return rejects


def discordances(margin: float, points: int) -> np.ndarray:
    """Return a grid of [|margin|, 1], dense at the lower edge."""
    edge, rise = abs(margin), np.linspace(0, 1, points)
    return np.unique(np.concatenate([edge + (1 - edge) * rise, edge + (1 - edge) * rise**4]))


def worst(n: int, margin: float, gains: np.ndarray, points: int) -> tuple[float, float]:
    """Return the largest probability of rejection at a true loss of ``margin``, and where."""
    k, best = np.arange(n + 1.0), (0.0, math.nan)
    ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    for psi in np.array_split(discordances(margin, points), max(1, points * n // 200_000)):
        psi = psi[:, None]
        count = np.exp(ways + special.xlogy(k, psi) + special.xlog1py(n - k, -psi))
        share = (psi - margin) / (2 * psi)
        tail = special.betainc(np.maximum(gains, 1), np.maximum(k - gains + 1, 1), share)
        tail = np.where(gains <= 0, 1.0, np.where(gains > k, 0.0, tail))
        size = (count * tail).sum(axis=1)
        best = max(best, (float(size.max()), float(psi[size.argmax(), 0])))
    return best


def rows(sizes: tuple[int, ...], points: int) -> Iterator[tuple[int, str, float, float, float]]:
    """Yield n, side, level, and the worst error over margins with the margin where it occurs."""
    for n in sizes:
        for side, sign in (("pass", 1), ("fail", -1)):
            for alpha in LEVELS:
                found = [
                    (worst(n, sign * m, fewest_gains(n, sign * m, alpha), points)[0], m)
                    for m in MARGINS
                    if side == "fail" or n >= math.log(alpha) / math.log1p(-m)
                ]
                if found:
                    yield n, side, alpha, *max(found)


def main() -> None:
    """Print the table and the worst of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only the seven classic sizes")
    parser.add_argument("--points", type=int, default=1500, help="half the discordances tried")
    chosen = parser.parse_args()
    start, summary = time.perf_counter(), {}
    print("   n  side  one-sided level  worst error  ratio  at margin")
    sizes = SIZES if chosen.quick else SIZES + MORE
    for n, side, alpha, error, margin in rows(sizes, chosen.points):
        ratio = error / alpha
        line = f"{n:5d}  {side}  {alpha:15g}  {error:11.6f}  {ratio:5.3f}  {margin:.4f}"
        print(line, flush=True)
        summary[side, alpha] = max(summary.get((side, alpha), (0.0, 0)), (error, n))
    seconds = time.perf_counter() - start
    print(f"\nworst of all, {2 * chosen.points} discordances each ({seconds:.0f} s)")
    for (side, alpha), (error, n) in summary.items():
        print(f"{side}  {alpha:8g}  {error:.6f}  ratio {error / alpha:.3f}  n {n}")


if __name__ == "__main__":
    main()
