"""Clusters of many sizes, where a loss may sit in them, and how it comes about."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def structures() -> dict[str, Array]:
    """Return fixed sizes by what they are called."""
    rng = np.random.default_rng(1)
    return {
        "30 equal": np.full(30, 10.0),
        "200 equal": np.full(200, 10.0),
        "60 geometric (.9)": np.maximum(1, np.round(300 * 0.9 ** np.arange(60))),
        "200 geometric (.97)": np.maximum(1, np.round(100 * 0.97 ** np.arange(200))),
        "9 of 40, 839 of 1": np.r_[np.full(9, 40.0), np.ones(839)],
        "1 of 50, 1000 of 1": np.r_[50.0, np.ones(1000)],
        "3 of 60, 20 of 10, 300 of 1": np.r_[np.full(3, 60.0), np.full(20, 10.0), np.ones(300)],
        "60 log-normal (sd .5)": np.ceil(3 * rng.lognormal(0, 0.5, 60)),
        "300 log-normal (sd 1)": np.ceil(3 * rng.lognormal(0, 1, 300)),
        "300 log-normal (sd 1.5)": np.ceil(3 * rng.lognormal(0, 1.5, 300)),
    }


def places(n: Array, margin: float) -> dict[str, Array]:
    """Return chances of loss (G,) with the margin as their mean, by where they sit."""
    share, order = n / n.sum(), np.argsort(-n, kind="stable")
    found = {
        "everywhere": np.full(len(n), margin),
        "where it hides best": hidden(share, margin),
        "in the few largest": among(share, order, margin, 1.02),
        "in the larger ones": among(share, order, margin, 3.0),
        "in the smallest": among(share, order[::-1], margin, 1.5),
    }
    largest = among(share, order, margin / 2, 1.02)
    found["half in the few largest"] = np.minimum(largest + margin / 2, 1.0)
    return found


def among(share: Array, order: Array, margin: float, spread: float) -> Array:
    """Return equal chances on the first clusters that hold ``spread`` times the margin."""
    chosen = order[: int(np.searchsorted(share[order].cumsum(), min(spread * margin, 0.999))) + 1]
    chances = np.zeros(len(share))
    chances[chosen] = min(1.0, margin / share[chosen].sum())
    return chances


def hidden(share: Array, margin: float) -> Array:
    """Return the chances that leave most samples without a loss."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        enough = share @ np.maximum(0, 1 - middle / share) >= margin
        low, high = (middle, high) if enough else (low, middle)
    return np.maximum(0, 1 - low / share)


def drawn(law: str, chances: Array, n: Array, draws: int, rng: np.random.Generator) -> Array:
    """Return total losses (draws, G) of clusters with these mean losses per sample."""
    shape = draws, len(n)
    u = rng.random(shape, dtype=np.float32)
    if law == "whole clusters lost":
        return (u < chances) * n
    if law == "half of the samples of a cluster lost":
        return (u < 2 * chances) * n / 2
    if law == "whole clusters lost or gained":
        return ((u < chances + 0.05) * 1.0 - (u > 0.95)) * n
    if law == "continuous, skewed cluster means":
        return rng.beta(0.2, 0.2 * (1 - chances) / np.maximum(chances, 1e-9), shape) * n
    correlation = float(law.removeprefix("binary, ICC "))
    if correlation == 0:
        return rng.binomial(n.astype(int), chances, shape).astype(float)
    weight = (1 - correlation) / correlation
    rates = rng.beta(weight * np.maximum(chances, 1e-9), weight * (1 - chances), shape)
    return rng.binomial(n.astype(int), rates, shape).astype(float)


LAWS = (
    "whole clusters lost", "half of the samples of a cluster lost",
    "whole clusters lost or gained", "continuous, skewed cluster means",
    "binary, ICC 0", "binary, ICC 0.1", "binary, ICC 0.5",
)  # fmt: skip


def allowed(law: str, chances: Array) -> bool:
    """Return whether a law can have these mean losses."""
    most = {"half of the samples of a cluster lost": 0.5, "whole clusters lost or gained": 0.9}
    return bool(chances.max() <= most.get(law, 1.0 if law == LAWS[0] else 0.999))


FRESH = {
    "log-normal sizes (sd 1), lost whatever the size": lambda n: np.full(n.shape, 0.2),
    "log-normal sizes (sd 1), the larger the likelier": lambda n: np.minimum(n / 30, 1.0),
    "1 or, one in 50, 40 samples; large ones lost, one in two": lambda n: 0.5 * (n > 1),
    "sizes 1 or, with chance 1 in 400, 400; only the large ones lose, and many sets hold none": (
        lambda n: 1.0 * (n > 1)
    ),
}


def sizes_of(law: str, shape: tuple[int, int], rng: np.random.Generator) -> Array:
    if law.startswith("log-normal"):
        return np.ceil(3 * rng.lognormal(0, 1, shape))
    rare, size = (1 / 400, 400.0) if "400" in law else (1 / 50, 40.0)
    return np.where(rng.random(shape) < rare, size, 1.0)
