"""Ratio of two speeds, from adjacent pairs of runs.

Student's t with K - 1 degrees of freedom on the log ratios of K adjacent, randomly ordered pairs.
Times are log-normal around a load that wanders as an autoregressive process; one step of it is as
long as one run, so that "0.9" is a load that outlasts several pairs. The percentile bootstrap of
the same log ratios stands beside it. Nominal coverage is .95; the level below is what is missed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from quantassay.stats import speed_ratio

from .record import Figure, main

DRAWS, RATIO, RESAMPLES = 4000, 1.3, 1000
LOADS = (0.0, 0.5, 0.9)


def times(rng: np.random.Generator, pairs: int, load: float) -> tuple[np.ndarray, np.ndarray]:
    """Return reference and candidate times (draws, pairs), each pair in random order."""
    noise = rng.normal(0, 0.2, (DRAWS, 2 * pairs))
    state = np.empty_like(noise)
    state[:, 0] = noise[:, 0]
    for step in range(1, noise.shape[1]):
        state[:, step] = load * state[:, step - 1] + np.sqrt(1 - load**2) * noise[:, step]
    own = np.exp(state + rng.normal(0, 0.1, noise.shape)).reshape(DRAWS, pairs, 2)
    first = rng.random((DRAWS, pairs)) < 0.5
    reference = np.where(first, own[..., 0], own[..., 1]) * RATIO
    return reference, np.where(first, own[..., 1], own[..., 0])


def misses_of_t(reference: np.ndarray, candidate: np.ndarray) -> float:
    """Return how often the interval of `speed_ratio` misses the true ratio."""
    found = [speed_ratio(logs) for logs in np.log(reference / candidate)]
    low, high = np.array([(one.low, one.high) for one in found]).T
    return float(np.mean((low > RATIO) | (high < RATIO)))


def misses_of_bootstrap(
    rng: np.random.Generator, reference: np.ndarray, candidate: np.ndarray
) -> float:
    """Return how often the percentile bootstrap of the mean log ratio misses."""
    logs = np.log(reference / candidate)
    missed = 0
    for part in np.array_split(logs, 100):
        drawn = rng.integers(0, logs.shape[1], (RESAMPLES, logs.shape[1]))
        means = part[:, drawn].mean(axis=2)
        low, high = np.quantile(means, [0.025, 0.975], axis=1)
        missed += int(np.sum((low > np.log(RATIO)) | (high < np.log(RATIO))))
    return missed / len(logs)


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the share of intervals that miss the truth."""
    rng = np.random.default_rng(2026)
    for load in LOADS:
        for pairs in (10, 30) if quick else (10, 15, 30, 60):
            sides = times(rng, pairs, load)
            law = f"log-normal times, load correlated {load:g} between runs"
            for method, missed, answer in (
                ("speed_ratio", misses_of_t(*sides), "judged"),
                ("percentile bootstrap", misses_of_bootstrap(rng, *sides), "shown only"),
            ):
                yield Figure(
                    method, law, pairs, 0.0, "interval misses", 0.05, missed, 0.05, DRAWS,
                    answer=answer,
                )  # fmt: skip


if __name__ == "__main__":
    main("speed", measure)
