"""Triples of models, drawn from laws of which the rank correlation is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from quantassay.stats.ranks import rank_correlation

POPULATION = 60_000
OF_SCHEMES = np.array([0.0, 0.5, 1.0, 2.0, 3.0])
#: how many triples a model has, drawn for each
COUNTS: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "1 triple": lambda _, models: np.ones(models, np.intp),
    "3 triples": lambda _, models: np.full(models, 3),
    "5 triples": lambda _, models: np.full(models, 5),
    "1 to 5 triples": lambda rng, models: rng.integers(1, 6, models),
    "1 triple, one model in five 10": lambda rng, models: np.where(rng.random(models) < 0.2, 10, 1),
}


@dataclass(frozen=True)
class Drawn:
    """Tendency, loss and model of every triple (n,)."""

    x: np.ndarray
    y: np.ndarray
    model: np.ndarray


Law = Callable[[np.random.Generator, Drawn, float], Drawn]


def _two_kinds(rng: np.random.Generator, drawn: Drawn, rho: float) -> Drawn:
    """One model in five has an outlying tendency; as often as ``rho`` says, its loss is large."""
    models = int(drawn.model.max()) + 1
    odd = rng.random(models) < 0.2
    lost = odd & (rng.random(models) < rho / 0.9) if rho else rng.random(models) < 0.2
    own = rng.standard_normal(len(drawn.x))
    return replace(
        drawn,
        x=np.where(odd[drawn.model], 10 + 0.01 * drawn.x, drawn.x),
        y=np.where(lost[drawn.model], 10 + own, own),
    )


def _spread(rng: np.random.Generator, drawn: Drawn, rho: float) -> Drawn:
    linear = _pearson(rho) * drawn.x
    return replace(drawn, y=linear + np.abs(drawn.x) * (drawn.y - linear))


def _heavy(rng: np.random.Generator, drawn: Drawn, rho: float) -> Drawn:
    models = int(drawn.model.max()) + 1
    own = rng.standard_t(2, models)[drawn.model] + rng.standard_t(2, len(drawn.x))
    return replace(drawn, y=_pearson(rho) * drawn.x + np.sqrt((1 - rho**2) / 2) * own)


def _by_scheme(rng: np.random.Generator, drawn: Drawn, rho: float) -> Drawn:
    first = np.searchsorted(drawn.model, drawn.model)
    return replace(drawn, y=drawn.y + OF_SCHEMES[(np.arange(len(drawn.y)) - first) % 5])


LAWS: dict[str, Law] = {
    "normal": lambda rng, drawn, rho: drawn,
    "many ties": lambda rng, drawn, rho: replace(
        drawn, x=np.digitize(drawn.x, [-0.5, 0.5, 1]), y=np.digitize(drawn.y, [0.5, 1.3])
    ),
    "no loss in 80 % of triples": lambda rng, drawn, rho: replace(
        drawn, y=np.maximum(drawn.y, 0.84)
    ),
    "no loss in 90 % of triples": lambda rng, drawn, rho: replace(
        drawn, y=np.maximum(drawn.y, 1.28)
    ),
    "heavy-tailed losses (t, 2 df)": _heavy,
    "losses differ by scheme": _by_scheme,
    "one model in five far out": _two_kinds,
    "losses spread by tendency": _spread,
}


def _pearson(rho: float) -> float:
    """Return the correlation of normal figures whose rank correlation is ``rho``."""
    return float(2 * np.sin(np.pi * rho / 6))


def draw(
    rng: np.random.Generator, law: str, rho: float, models: int, counts: str, of: str
) -> Drawn:
    """Draw models with their triples; half of the spread of losses is the model's."""
    model = np.repeat(np.arange(models), COUNTS[counts](rng, models))

    def figure(shared: float) -> np.ndarray:
        own = rng.standard_normal(len(model))
        return np.sqrt(shared) * rng.standard_normal(models)[model] + np.sqrt(1 - shared) * own

    x, r = figure(1.0 if of == "model" else 0.5), _pearson(rho)
    return LAWS[law](rng, Drawn(x, r * x + np.sqrt(1 - r * r) * figure(0.5), model), rho)


@cache
def truth(law: str, rho: float, counts: str, of: str) -> float:
    found = draw(np.random.default_rng(7), law, rho, POPULATION, counts, of)
    return rank_correlation(found.x, found.y)
