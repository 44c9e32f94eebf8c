"""Speed of the paired binary rule against the percentile bootstrap and statsmodels' McNemar.

All run in one process, on the same cells, one thread: 200 strata of 3,000 pairs of which 3 % are
discordant. The bootstrap (scipy.stats.bootstrap, 2,000 resamples) is timed on a few cells and
scaled up; statsmodels' exact McNemar, which answers a lesser question, on all of them.

    OMP_NUM_THREADS=1 python benchmarks/binary_speed.py
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from scipy.stats import bootstrap
from statsmodels.stats.contingency_tables import mcnemar

from quantassay import stats

CELLS, PAIRS, DISCORDANCE, MARGIN = 200, 3000, 0.03, 0.01
BOOTSTRAPPED = 5


def seconds(function: Callable[[], object], repeats: int = 3) -> float:
    """Return the best wall time of a few runs."""
    best = np.inf
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    return float(best)


def differences(losses: int, gains: int) -> np.ndarray:
    """Return the paired differences of one cell."""
    return np.repeat([-1.0, 1.0, 0.0], [losses, gains, PAIRS - losses - gains])


def main() -> None:
    """Print seconds and ratios."""
    rng = np.random.default_rng(2026)
    tables = rng.multinomial(PAIRS, [DISCORDANCE / 2] * 2 + [1 - DISCORDANCE], CELLS)
    b, c = tables[:, 0], tables[:, 1]
    stats.paired_binary(b[0], c[0], PAIRS, MARGIN)

    ours = seconds(lambda: stats.paired_binary(b, c, PAIRS, MARGIN))
    single = seconds(lambda: stats.paired_binary(b[0], c[0], PAIRS, MARGIN))
    strict = seconds(lambda: stats.exact_binary_interval(b, c, PAIRS, 0.025), 1)
    few = [(differences(b[i], c[i]),) for i in range(BOOTSTRAPPED)]
    resampled = seconds(
        lambda: [
            bootstrap(d, np.mean, n_resamples=2000, method="percentile", batch=500, rng=1)
            for d in few
        ],
        repeats=1,
    )
    tested = seconds(
        lambda: [mcnemar([[0, i], [j, 0]], exact=True) for i, j in zip(b, c, strict=True)]
    )
    theirs = resampled * CELLS / BOOTSTRAPPED
    print(f"{CELLS} cells of {PAIRS} pairs, discordance {DISCORDANCE:.0%}")
    print(f"quantassay, interval and both p: {ours:.3f} s; one cell {single * 1e3:.1f} ms")
    print(f"quantassay strict, interval: {strict:.3f} s")
    print(f"scipy.stats.bootstrap, interval: {theirs:.1f} s, {theirs / ours:.0f} times as long")
    print(f"statsmodels mcnemar, one p of 'no difference': {tested:.3f} s")
    for n in (100_000, 1_000_000):
        large = rng.multinomial(n, [DISCORDANCE / 2] * 2 + [1 - DISCORDANCE], 20)
        took = seconds(lambda n=n, t=large: stats.paired_binary(t[:, 0], t[:, 1], n, 0.002), 1)
        print(f"n = {n:,}: {took / 20 * 1e3:.1f} ms a cell")


if __name__ == "__main__":
    main()
