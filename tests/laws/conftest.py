"""Small test sets with two sets of answers, drawn at random."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from quantassay.pairing.strata import whole
from quantassay.records.samples import Partition, Predictions, Samples

settings.register_profile(
    "laws",
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("laws")

CLASSES = 4


@dataclass(frozen=True)
class Pair:
    """A test set cut into strata, with the answers of two variants."""

    samples: Samples
    reference: Predictions
    candidate: Predictions
    strata: Partition
    units: np.ndarray | None

    @property
    def parts(self) -> list[Partition]:
        return [whole(len(self.samples)), self.strata]

    def taken(self, rows: np.ndarray) -> Pair:
        """The same samples in another order."""
        samples = Samples(self.samples.ids[rows], self.samples.target[rows], pa.table({}), "")
        sides = [_rows(side, rows) for side in (self.reference, self.candidate)]
        strata = replace(self.strata, codes=self.strata.codes[rows])
        return Pair(samples, *sides, strata, None if self.units is None else self.units[rows])

    def spoilt(self, places: list[int]) -> Pair:
        """The same with more outputs of the candidate failed."""
        failed = self.candidate.failed.copy()
        failed[places] = True
        return replace(self, candidate=replace(self.candidate, failed=failed))


def _rows(side: Predictions, rows: np.ndarray) -> Predictions:
    arrays = {k: v[rows] for k, v in vars(side).items() if isinstance(v, np.ndarray)}
    return replace(side, **{k: v for k, v in arrays.items() if k != "ranking"})


def _answers(random: np.random.Generator, target: np.ndarray, failing: float) -> Predictions:
    n = len(target)
    weight = random.integers(1, 20, (n, CLASSES)).astype(float)
    # right more often than not
    weight[np.arange(n), target] += random.integers(0, 40, n)
    probabilities = weight / weight.sum(axis=1, keepdims=True)
    failed = random.random(n) < failing
    probabilities[failed] = np.nan
    labels = np.where(failed, -1, np.where(failed[:, None], 0, weight).argmax(axis=1))
    ids = np.array([f"s{i:03d}" for i in range(n)])
    return Predictions(ids, failed, np.zeros(n, bool), labels, None, probabilities)


@st.composite
def _pairs(draw: Any, most: int = 40, failing: bool = True, clustered: bool | None = None) -> Pair:
    n = draw(st.integers(1, most))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rate = draw(st.sampled_from([0.0, 0.0, 0.1])) if failing else 0.0
    target = random.integers(0, CLASSES, n)
    sides = [_answers(random, target, rate) for _ in range(2)]
    codes = random.integers(-1, 3, n)
    strata = Partition("part", tuple({"part": str(i)} for i in range(3)), codes)
    shared = draw(st.booleans()) if clustered is None else clustered
    units = random.integers(0, max(1, n // 2), n) if shared else None
    return Pair(Samples(sides[0].ids, target, pa.table({}), ""), *sides, strata, units)


@pytest.fixture(scope="session")
def pairs() -> Any:
    """Strategies of pairs, by size, failures and clusters."""
    return _pairs
