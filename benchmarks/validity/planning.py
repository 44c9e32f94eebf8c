"""Whether a planned sample size reaches the power that it was planned for.

Binary cells are enumerated with the interval that decides a pass; the others are simulated with
theirs. "power" is what the planned n reaches, `alpha` the power asked for, and the bound three
points below it. Every interval is at .025 on each side.

    python -m benchmarks.validity.planning [--quick]
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import special

from benchmarks.validity.planning_laws import (
    AUROC_LAWS,
    CLUSTER_LAWS,
    MEAN_LAWS,
    RATIO_LAWS,
    f1,
)
from benchmarks.validity.record import Figure, main
from quantassay import stats

LEVEL = 0.025
POWERS = (0.8, 0.9)
SHORT = 0.03
MOST = 10_000


def fewest_gains(k: np.ndarray, n: float, margin: float) -> np.ndarray:
    """Return the fewest gains among k disagreements at which the interval ends below the margin."""
    fails, passes = np.full(len(k), -1.0), k + 1
    while np.any(open_ := passes - fails > 1):
        middle = np.where(open_, np.floor((fails + passes) / 2), 0.0)
        small = stats.binary_p_within(k - middle, middle, n, margin) < LEVEL
        passes = np.where(open_ & small, middle, passes)
        fails = np.where(open_ & ~small, middle, fails)
    edge = np.flatnonzero((passes > 0) & (passes <= k))[::7]
    first = stats.binary_interval(k[edge] - passes[edge], passes[edge], n, LEVEL)[1]
    before = stats.binary_interval(k[edge] - passes[edge] + 1, passes[edge] - 1, n, LEVEL)[1]
    if not (np.all(first < margin + 1e-7) and np.all(before > margin - 1e-7)):
        raise AssertionError
    return passes


def enumerated(n: float, margin: float, psi: float, loss: float) -> float:
    """Return the probability of a pass, over all tables within six standard deviations."""
    width = 6 * np.sqrt(n * psi) + 12
    k = np.arange(max(0.0, np.floor(n * psi - width)), min(n, np.ceil(n * psi + width)) + 1)
    gains = fewest_gains(k, n, margin)
    ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    table = np.exp(ways + special.xlogy(k, psi) + special.xlog1py(n - k, -psi))
    share = (psi - loss) / (2 * psi)
    tail = special.betainc(np.maximum(gains, 1), np.maximum(k - gains + 1, 1), share)
    return float((table * np.where(gains <= 0, 1, np.where(gains > k, 0, tail))).sum())


def binary(quick: bool) -> Iterator[Figure]:
    margins = (0.01, 0.05) if quick else (0.005, 0.01, 0.02, 0.05, 0.10)
    shares = (0.01, 0.1) if quick else (0.005, 0.01, 0.03, 0.05, 0.1, 0.2)
    for margin in margins:
        for psi in shares:
            for part in (0.0, 1 / 3, -1 / 3):
                loss = part * margin
                for power in POWERS if psi >= abs(loss) else ():
                    n = float(stats.enumerated_binary_sample_size(margin, psi, loss, power, LEVEL))
                    if n <= MOST:
                        found = enumerated(n, margin, psi, loss)
                        yield _figure(
                            "enumerated_binary_sample_size",
                            _lost(part),
                            n,
                            margin,
                            power,
                            found,
                            0,
                            psi,
                        )


def _lost(part: float) -> str:
    return f"true loss {part:+.2f} margins" if part else "no true loss"


def _figure(
    method: str,
    law: str,
    n: float,
    margin: float,
    power: float,
    found: float,
    draws: int,
    psi: float = np.nan,
    clusters: str = "independent",
) -> Figure:
    return Figure(
        method, law, int(n), margin, "power", power, found, power - SHORT, draws, psi, clusters
    )


def pilots(quick: bool) -> Iterator[Figure]:
    """How often the n planned from a pilot's 80 % upper bound of discordance has the power."""
    for first in (200,) if quick else (200, 500):
        for psi in (0.03,) if quick else (0.01, 0.03, 0.1):
            k = np.arange(first + 1)
            chance = np.exp(
                special.gammaln(first + 1) - special.gammaln(k + 1) - special.gammaln(first - k + 1)
                + special.xlogy(k, psi) + special.xlog1py(first - k, -psi)
            )  # fmt: skip
            upper = stats.discordance_upper(k, first)
            some = chance > 1e-6
            n = stats.enumerated_binary_sample_size(0.02, upper[some], 0.0, 0.9, LEVEL)
            power = stats.enumerated_binary_power(n, 0.02, psi, 0.0, LEVEL)
            enough = float(chance[some][power >= 0.9 - SHORT].sum())
            middle = int(n[np.argmax(chance[some])])
            yield _figure(
                "discordance_upper", f"pilot of {first}: chance that the planned n has power .9",
                middle, 0.02, 0.8, enough, 0, psi,
            )  # fmt: skip


def means(quick: bool) -> Iterator[Figure]:
    rng, draws = np.random.default_rng(61), 2000 if quick else 20_000
    for name, law in MEAN_LAWS.items():
        shape = law.shape(rng)
        for margin in (0.02,) if quick else (0.01, 0.02, 0.05):
            for power in POWERS:
                n = float(
                    stats.mean_sample_size(margin, shape[0], 1.0, 0.0, power, LEVEL, *shape[1:])
                )
                if n > MOST:
                    continue
                total, square = law.draw(rng, int(n), draws)
                high = stats.mean_bounds(n, total, square, 1.0, LEVEL)[1]
                found = float((high < margin).mean())
                yield _figure("mean_sample_size", name, n, margin, power, found, draws)


def ratios(quick: bool) -> Iterator[Figure]:
    rng, draws = np.random.default_rng(62), 300 if quick else 3000
    for name, law in list(RATIO_LAWS.items())[: 2 if quick else None]:
        reference, candidate = law.expected(400_000)
        influence = stats.ratio_influence(reference, candidate, f1)
        harm = stats.ratio_harm(reference, candidate, f1, *law.worst)
        tails = stats.tails(influence)
        for power in POWERS:
            size = stats.mean_sample_size(
                law.margin, influence.std(), harm, 0.0, power, LEVEL, *tails
            )
            floor = np.ceil(stats.binary_floor(law.margin, LEVEL) / law.prevalence)
            n = int(max(size, floor))
            found = np.mean([law.passes(rng, n, LEVEL) for _ in range(draws)])
            yield _figure(
                "mean_sample_size of ratio_influence",
                name,
                n,
                law.margin,
                power,
                float(found),
                draws,
            )


def aurocs(quick: bool) -> Iterator[Figure]:
    rng, draws = np.random.default_rng(63), 400 if quick else 4000
    for name, law in list(AUROC_LAWS.items())[: 2 if quick else None]:
        spread = law.spread(rng)
        for power in POWERS:
            n = int(stats.auroc_sample_size(law.margin, spread, law.prevalence, 0.0, power, LEVEL))
            found = float(law.passes(rng, n, LEVEL, draws).mean())
            yield _figure("auroc_sample_size", name, n, law.margin, power, found, draws)


def clusters(quick: bool) -> Iterator[Figure]:
    rng, draws = np.random.default_rng(64), 400 if quick else 4000
    for name, law in list(CLUSTER_LAWS.items())[: 2 if quick else None]:
        for power in POWERS:
            n = law.planned(power, LEVEL)
            found = float(law.passes(rng, n, LEVEL, draws).mean())
            yield _figure(
                "cluster_sample_size", "as many gains as losses, some shared",
                n, law.margin, power, found, draws, law.discordance, name,
            )  # fmt: skip


def measure(quick: bool) -> Iterator[Figure]:
    """Yield every figure."""
    for part in (binary, pilots, means, ratios, aurocs, clusters):
        yield from part(quick)


if __name__ == "__main__":
    main("planning", measure)
