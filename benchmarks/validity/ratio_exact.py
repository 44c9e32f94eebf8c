"""Ratios of counts by enumeration: a perfect reference, and hits lost one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import special

from quantassay.evidence.contract import Evidence
from quantassay.metrics.f1 import F1, FN, FP, TP

from .drawn_cells import LEVELS, strata
from .record import Figure

MARGINS = (0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.3)
CERTAIN = 1e-12


@dataclass(frozen=True)
class Case:
    """An F1 of classes of given sizes; where ``binary``, the first alone counts."""

    name: str
    metric: F1
    sizes: tuple[int, ...]
    binary: bool = False

    def loss(self, rate: float) -> float:
        """Return the true loss where every hit that counts is lost at a rate."""
        there = np.array([self.sizes], float)
        kept = there * (1 - rate * (np.arange(len(self.sizes)) < (1 if self.binary else np.inf)))
        rows = _counted(kept, there, self.binary)
        return 1 - float(self.metric.value(rows.ravel(), np.asarray(1.0)))

    def rate(self, loss: float) -> float:
        """Return the rate that costs a loss."""
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.loss(middle) < loss else (low, middle)
        return high


BINARY, MICRO, MACRO = F1("binary", "0"), F1("micro"), F1("macro")
CASES = (
    Case("f1-binary", BINARY, (50, 20), binary=True),
    Case("f1-binary", BINARY, (100, 300), binary=True),
    Case("f1-binary", BINARY, (200, 250), binary=True),
    Case("f1-micro", MICRO, (40, 0)),
    Case("f1-micro", MICRO, (190, 0)),
    Case("f1-micro", MICRO, (400, 0)),
    Case("f1-macro", MACRO, (30, 30)),
    Case("f1-macro", MACRO, (60, 30)),
)


def enumerated(quick: bool) -> Iterator[Figure]:
    """Yield the worst error over margins of every case."""
    for case in CASES[::3] if quick else CASES:
        found = [(margin, *_errors(case, margin)) for margin in MARGINS]
        for place, side in ((1, "false PASS"), (2, "false FAIL")):
            for level, alpha in enumerate(LEVELS):
                worst = max(found, key=lambda one: one[place][level])
                yield Figure(
                    method="ratio_bounds",
                    law=f"{case.name}, classes of {case.sizes}, perfect reference, hits lost, "
                    "worst margin",
                    n=sum(case.sizes),
                    margin=worst[0],
                    side=side,
                    alpha=alpha,
                    rate=worst[place][level],
                    bound=alpha,
                )


def _errors(case: Case, margin: float) -> tuple[list[float], list[float]]:
    """Return P(pass) and P(fail) at every level where the true loss is the margin."""
    rate = case.rate(margin)
    counts = [
        np.zeros(1, int) if case.binary and k else _likely(size, rate)
        for k, size in enumerate(case.sizes)
    ]
    lost = np.stack([grid.ravel() for grid in np.meshgrid(*counts, indexing="ij")], axis=1)
    logs = [_log_binomial(lost[:, k], size, rate) for k, size in enumerate(case.sizes)]
    chance = np.exp(sum(logs[: 1 if case.binary else None]))
    found, passes, fails = _evidence(case, lost), [], []
    at = np.full(len(lost), margin)
    for alpha in LEVELS:
        low, high = found.bounds(alpha)
        enough = found.size() >= found.floor(at, alpha)
        passes.append(float(chance[enough & (high < margin)].sum()))
        fails.append(float(chance[low > margin].sum()))
    return passes, fails


def _evidence(case: Case, lost: np.ndarray) -> Evidence:
    """Return a cell for every number of lost hits of each class (cells, k)."""
    truth = np.repeat(np.arange(len(case.sizes)), case.sizes)
    place = np.concatenate([np.arange(size) for size in case.sizes])
    first = np.ones((len(lost), len(truth)))
    second = (place >= lost[:, truth]).astype(float)
    rows = [_rows(truth, right, case) for right in (first, second)]
    parts, metric = strata(len(lost), len(truth)), case.metric
    # each cell as if it were a test set of its own: every sample has a bucket
    alone = np.tile(np.arange(len(truth)), len(lost))
    return metric.evidence.accumulate(*rows, parts, alone, metric.value, True).evidence()


def _rows(truth: np.ndarray, right: np.ndarray, case: Case) -> np.ndarray:
    present = np.eye(len(case.sizes))[truth]
    hits = present * right[..., None]
    return _counted(hits, np.broadcast_to(present, hits.shape), case.binary).reshape(right.size, -1)


def _counted(hits: np.ndarray, present: np.ndarray, binary: bool) -> np.ndarray:
    """Return tp, fp and fn of every class; what is missed is answered as the next class."""
    missed = present - hits
    rows = np.zeros((*hits.shape, 3))
    rows[..., TP], rows[..., FP], rows[..., FN] = hits, np.roll(missed, 1, axis=-1), missed
    return rows[..., :1, :] if binary else rows


def _likely(n: int, p: float) -> np.ndarray:
    k = np.arange(n + 1)
    return k[np.exp(_log_binomial(k, n, p)) > CERTAIN]


def _log_binomial(k: np.ndarray, n: int, p: float) -> np.ndarray:
    ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    return np.asarray(ways + special.xlogy(k, p) + special.xlog1py(n - k, -p))
