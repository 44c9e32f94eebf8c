"""Studies drawn from a known truth: three tasks, two models, two schemes, two metrics."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.validity.clusters import sums_of
from quantassay import stats
from quantassay.records.cross import At, Penalty

Array = NDArray[Any]
Place = tuple[At, str]
Ends = tuple[Array, Array]
TASKS, MODELS, SCHEMES = ("a", "b", "c"), ("plain", "outliers"), ("int8", "int4")
TOP1, EXACT, BRIER = "top1", "exact", "brier"
CAP = 2.0


@dataclass(frozen=True)
class Law:
    """What is true of a study.

    ``loss`` is by task, model and metric, in shares of the largest loss; ``gains`` the share of
    samples that gain. ``shared`` says how the triples of a task depend: "alone"; "alike" (the same
    samples are lost); "opposed" (one model loses where the other gains). The second metric is right
    or wrong too, or a mean that loses its whole cap where it loses; ``cluster`` samples are lost
    together.
    """

    name: str
    n: int
    loss: Array
    gains: float = 0.0
    shared: str = "alone"
    second: str = EXACT
    cluster: int = 1

    @property
    def places(self) -> list[Place]:
        """Every triple with a metric."""
        names = product(TASKS, MODELS, SCHEMES, (TOP1, self.second))
        return [(At(task, model, scheme), metric) for task, model, scheme, metric in names]

    @property
    def truths(self) -> dict[Place, float]:
        """The true penalty of every place, as a share of the largest loss."""
        flat = np.repeat(self.loss[:, :, None, :], len(SCHEMES), axis=2).ravel()
        return dict(zip(self.places, flat.tolist(), strict=True))


def equal(loss: float) -> Array:
    """Return one penalty everywhere."""
    return np.full((len(TASKS), len(MODELS), 2), loss)


def products(tasks: tuple[float, ...], model: float, metric: float) -> Array:
    """Return penalties of tasks, times more for the second model, and for the second metric."""
    return np.array(tasks)[:, None, None] * np.array([[1.0], [model]]) * np.array([1.0, metric])


def counted(law: Law, draws: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return how many clusters (draws, places) are lost, and how many gained."""
    found = np.empty((2, draws, len(law.places)), np.int64)
    latent: dict[object, Array] = {}
    for at, ((where, metric), loss) in enumerate(law.truths.items()):
        common = {
            "alone": (where, metric),
            "alike": where.task,
            "opposed": (where.task, where.scheme, metric),
        }[law.shared]
        if common not in latent:
            latent[common] = rng.random((draws, law.n // law.cluster), dtype=np.float32)
        turned = law.shared == "opposed" and where.model == MODELS[1]
        u = 1 - latent[common] if turned else latent[common]
        found[0, :, at] = (u < loss + law.gains).sum(axis=1)
        found[1, :, at] = (u > 1 - law.gains).sum(axis=1)
    return found[0], found[1]


def bounds(law: Law, lost: Array, gained: Array, level: float) -> Ends:
    """Return both ends (draws, places), as shares, each at the level, of every table once."""
    low, high = np.empty(lost.shape), np.empty(lost.shape)
    for metric in (TOP1, law.second):
        own = [at for at, place in enumerate(law.places) if place[1] == metric]
        tables = np.stack([lost[:, own], gained[:, own]], axis=-1).reshape(-1, 2)
        distinct, which = np.unique(tables, axis=0, return_inverse=True)
        ends = _of_tables(law, metric, *distinct.T, level)
        low[:, own], high[:, own] = (end[which.ravel()].reshape(-1, len(own)) for end in ends)
    return low, high


def _of_tables(law: Law, metric: str, lost: Array, gained: Array, level: float) -> Ends:
    if law.cluster > 1:
        units = law.n // law.cluster
        values = np.zeros((len(lost), units))
        for row, b, c in zip(values, lost, gained, strict=True):
            row[:b], row[b : b + c] = law.cluster, -law.cluster
        low, high = sums_of(np.full(units, float(law.cluster)), values).bounds(1.0, level)
        return np.asarray(low), np.asarray(high)
    if metric == BRIER:
        total, square = CAP * (lost - gained), CAP**2 * (lost + gained)
        low, high = stats.mean_bounds(law.n, -total, square, CAP, level)
        return low / CAP, high / CAP
    low, high = stats.binary_interval(lost, gained, law.n, level)
    return np.asarray(low), np.asarray(high)


def penalties(law: Law, loss: Array, low: Array, high: Array) -> list[Penalty]:
    """Return the penalties of one study from their shares (places,)."""
    found = []
    for (at, metric), *figures in zip(law.places, loss, low, high, strict=True):
        largest = CAP if metric == BRIER else 1.0
        share, *ends = (largest * float(one) for one in figures)
        found.append(
            Penalty(at, metric, {}, law.n, None, None, share, None, (ends[0], ends[1]), largest,
                    "fraction", "", None, None)
        )  # fmt: skip
    return found
