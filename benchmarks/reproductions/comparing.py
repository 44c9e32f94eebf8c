"""The product's verdicts on those tables, at margins declared here."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import quantassay as qa
from quantassay.records.cells import Cell, Comparison

# Two points is what the publication calls preserved; a subject has 100 or 125 questions.
MARGIN, SUBJECT_MARGIN = 0.02, 0.05
MARGINS = (
    f"top1={MARGIN}",
    f"top1:benchmark={MARGIN}",
    f"top1:subject={SUBJECT_MARGIN}",
)
ACCURACY, SQUARED_ERROR, BETWEEN = "accuracy", "squared error", "accuracy less squared error"
# Of two models and widths, all questions and three benchmarks: 16 differences hold at once.
AT_ONCE = 1 - 0.05 / 16
# Of one answer: wrong (0 or 1) less the squared error of its confidence, -1 to 1; two of them
# differ by 1.5 at most, between 1 - .25 ** 2 and -(1 - .25) ** 2, as the likeliest of four has .25.
CAP = 1.5


def compared(tables: Mapping[str, pa.Table]) -> Comparison:
    """Judge every width against the first, per benchmark and per subject of MMLU."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{width}.parquet" for width in tables]
        for path, table in zip(paths, tables.values(), strict=True):
            pq.write_table(table, path)
        return qa.compare(paths[0], paths[1:], strata=["benchmark", "subject"], margin=MARGINS)


def cell(found: Comparison, candidate: str, **stratum: str) -> Cell:
    """Return the one cell of a candidate on a stratum; of all samples without one."""
    (one,) = (
        one for one in found.cells if (one.candidate, dict(one.stratum)) == (candidate, stratum)
    )
    return one


def scores(table: pa.Table) -> dict[str, np.ndarray]:
    """Return what each answer scores: right 1 or 0, its squared error, and wrong less that error.

    Raises
    ------
    ValueError
        If a confidence is not that of the likeliest of four.
    """
    right = np.array(table["target"]) == np.array(table["prediction"])
    confidence = np.array(table["confidence"])
    if not ((confidence >= 0.25 - 1e-6) & (confidence <= 1)).all():
        msg = "a confidence is below 1/4 or above 1: not that of the likeliest of four letters"
        raise ValueError(msg)
    error = (confidence - right) ** 2
    return {ACCURACY: right.astype(np.int8), SQUARED_ERROR: error, BETWEEN: ~right - error}


def by_metric(
    reference: pa.Table, candidate: pa.Table, metric: str, confidence: float
) -> Comparison:
    """Compare two widths by one of these scores, on all questions and each benchmark.

    The squared error is 0 to 1, lower is better, and least on average where an answer's confidence
    is its chance to be right. The loss by ``BETWEEN`` is that of accuracy less that of the squared
    error, pair by pair.
    """
    columns = {
        "benchmark": reference["benchmark"],
        "reference": scores(reference)[metric],
        "candidate": scores(candidate)[metric],
    }
    cap = {ACCURACY: None, SQUARED_ERROR: 1.0, BETWEEN: CAP}[metric]
    wanted = qa.Scores(
        metric, "reference", "candidate", cap=cap, higher_is_better=metric == ACCURACY
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scores.parquet"
        pq.write_table(pa.table(columns), path)
        return qa.compare_scores(path, wanted, strata="benchmark", confidence=confidence)
