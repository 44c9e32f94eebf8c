"""Error of t+w when samples are independent, of one mean, and not of one law.

A law on [-1, 1] of a given mean is a mixture of two-point laws of that mean. Drawing n samples of
it is drawing n two-point laws first: its error is an average of errors of independent two-point
samples of one mean. What bounds those bounds every law; here groups of them are searched, down to
groups of one sample.
"""

from __future__ import annotations

import numpy as np

from .means_exact import Floats, t_with_pseudo, tables


def worst_of_groups(
    sizes: tuple[int, ...], alpha: float, rng: np.random.Generator, turns: int
) -> tuple[float, str]:
    """Return the largest error found, and the distances to the cap, in means, of each group."""
    shape = (1000, len(sizes))
    # half the starts have one distance at zero: the cap
    near = np.where(rng.random((1000, 1)) < 0.5, 9.0, rng.exponential(3, shape))
    alike = rng.normal(-1, 1, (1000, 1)) + rng.normal(0, 1, shape) * rng.choice([0, 1], (1000, 1))
    place, outcomes = np.hstack([near, alike]), _outcomes(sizes)
    rate, best = _errors(place, *outcomes, alpha), (0.0, "none found")
    for at in np.argsort(-rate)[:3]:
        best = max(best, _climb(place[at], *outcomes, alpha, rng, turns))
    return best


def _climb(
    place: Floats,
    counts: Floats,
    ways: Floats,
    alpha: float,
    rng: np.random.Generator,
    turns: int,
) -> tuple[float, str]:
    """Take random steps, of all coordinates or of some, while the error grows."""
    found, reach, shape = float(_errors(place[None], counts, ways, alpha)[0]), 0.5, len(place)
    for _ in range(turns):
        some = rng.random((60, shape)) < rng.choice([1, 0.3], (60, 1))
        scale = reach * rng.choice([1, 0.1, 0.01], (60, 1))
        near = place + some * scale * rng.normal(size=(60, shape))
        rate = _errors(near, counts, ways, alpha)
        if rate.max() > found:
            found, place = float(rate.max()), near[rate.argmax()]
        else:
            reach *= 0.85
    low, high = _distances(place[None])
    pairs = sorted({f"{a:.2g} or {b:.2g}" for a, b in zip(low[0], high[0], strict=True)})
    return found, "; ".join(pairs[:2]) + ("; ..." if len(pairs) > 2 else "")


def _distances(place: Floats) -> tuple[Floats, Floats]:
    """Return the two distances to the cap of each group (P, groups), in units of their mean."""
    near, far = np.split(place, 2, axis=1)
    near = np.abs(near)
    return np.where(near > 4, 0.0, np.exp(-near)), 1 + np.exp(np.clip(far, -9, 9))


def _outcomes(sizes: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Return every table (T, 2 groups), near counts first, and the log of its orderings."""
    parts = [tables(size, 2) for size in sizes]
    at = np.indices([len(ways) for _, ways in parts]).reshape(len(sizes), -1)
    near = [counts[i, 0] for (counts, _), i in zip(parts, at, strict=True)]
    far = [counts[i, 1] for (counts, _), i in zip(parts, at, strict=True)]
    ways = sum(ways[i] for (_, ways), i in zip(parts, at, strict=True))
    return np.column_stack(near + far), np.asarray(ways)


def _errors(place: Floats, counts: Floats, ways: Floats, alpha: float) -> Floats:
    low, high = _distances(place)
    share = np.clip((high - 1) / (high - low), 1e-300, 1)
    found = []
    for part in np.array_split(np.arange(len(place)), max(1, len(place) * len(ways) // 1_000_000)):
        distance = np.hstack([low[part], high[part]])
        unit = 1 / distance.max(axis=1, keepdims=True)
        ends = t_with_pseudo(1 - distance * unit, counts, alpha)
        logs = np.log(np.hstack([share[part], 1 - share[part]])) @ counts.T + ways
        found.append(np.exp(np.where(ends < 1 - unit, logs, -np.inf)).sum(axis=1))
    return np.concatenate(found)
