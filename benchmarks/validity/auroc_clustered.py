"""False PASS and false FAIL of a paired AUROC where samples share clusters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import special

from quantassay.evidence import Auroc
from quantassay.evidence.contract import Evidence

from .drawn_cells import Tally, Truth, batches, strata
from .record import Figure

FAR = 1e6
Scores = tuple[np.ndarray, np.ndarray]
CLUSTERS = {
    "200 clusters of 5": np.full(200, 5),
    "60 clusters of 20": np.full(60, 20),
    "30 clusters of 40, 800 of 1": np.repeat([40, 1], [30, 800]),
    "9 clusters of 40, 839 of 1": np.repeat([40, 1], [9, 839]),
    "300 clusters, lognormal sizes": np.ceil(
        np.exp(1.2 * special.ndtri((np.arange(300) + 0.5) / 300) + 1)
    ).astype(int),
}


def evidence(positive: np.ndarray, scores: Scores, units: np.ndarray | None) -> Evidence:
    """Return the cells of draws (count, n), each a stratum."""
    count, n = positive.shape
    rows = [np.stack([side.ravel(), positive.ravel()], axis=1) for side in scores]
    own = None if units is None else np.tile(units, count)
    return Auroc().accumulate(*rows, strata(count, n), own, _unused, True).evidence()


def _unused(totals: np.ndarray, n: np.ndarray) -> np.ndarray:
    return totals[..., 0]


@dataclass(frozen=True)
class ClusterLaw:
    """Which share of clusters is wholly lost, and how clusters are made."""

    name: str
    share: float
    largest_only: bool = False
    positives_only: bool = False
    pure: float = 0.0
    between: float = 0.5
    shift: float = 2.0
    prevalence: float = 0.5


CLUSTER_LAWS = (
    ClusterLaw("clusters wholly lost", 0.1, shift=40, between=0),
    ClusterLaw("clusters wholly lost, classes mixed, icc .5", 0.1),
    ClusterLaw("clusters of one class wholly lost", 0.1, pure=1.0, shift=40, between=0),
    ClusterLaw("positives of clusters wholly lost, icc .9", 0.2, positives_only=True, between=0.9),
    ClusterLaw("the largest clusters wholly lost", 0.3, largest_only=True, pure=0.5),
    ClusterLaw("the largest clusters lost, 15 % positives", 0.2, True, prevalence=0.15),
)  # fmt: skip


def clustered(quick: bool) -> Iterator[Figure]:
    """Yield errors where samples share clusters; the true loss is the mean of all draws."""
    for structure, sizes in list(CLUSTERS.items())[: 2 if quick else None]:
        for law in CLUSTER_LAWS[:2] if quick else CLUSTER_LAWS:
            rng, n = np.random.default_rng(len(sizes)), int(sizes.sum())
            units = np.repeat(np.arange(len(sizes)), sizes)
            draws = (200 if quick else 1500) * 1000 // max(n, 1000)
            found = [
                evidence(*draw_clusters(rng, sizes, law, some), units) for some in batches(draws, n)
            ]
            loss = float(np.nanmean(np.concatenate([one.loss for one in found])))
            truth = Truth("auroc_cluster_bounds", law.name, n, loss, clusters=structure)
            tally = Tally(truth)
            for one in found:
                tally.add(one)
            yield from tally.figures()


def draw_clusters(
    rng: np.random.Generator, sizes: np.ndarray, law: ClusterLaw, draws: int
) -> tuple[np.ndarray, Scores]:
    """Return classes and scores (draws, n) of samples in clusters."""
    shape, owner = (draws, len(sizes)), np.repeat(np.arange(len(sizes)), sizes)
    own = (draws, len(owner))
    of_one = (rng.random(shape) < law.pure)[:, owner]
    together = (rng.random(shape) < law.prevalence)[:, owner]
    positive = np.where(of_one, together, rng.random(own) < law.prevalence)
    common = rng.normal(size=shape)[:, owner] * np.sqrt(law.between)
    first = law.shift * positive + common + rng.normal(size=own) * np.sqrt(1 - law.between)
    harmed = rng.random(shape) < law.share
    if law.largest_only:
        harmed &= sizes == sizes.max()
    gone = harmed[:, owner]
    if law.positives_only:
        gone = gone & positive
    return positive, (first, np.where(gone, np.where(positive, -FAR, FAR), first))
