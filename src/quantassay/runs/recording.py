"""Predictions of a run as Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from quantassay.records.samples import Predictions

from .files import write_atomically


def record_predictions(path: Path, predictions: Predictions) -> None:
    """Write ids, answers and probabilities or scores of one variant, a row a sample."""
    columns: dict[str, Any] = {"id": pa.array(predictions.ids)}
    lost = predictions.failed | predictions.absent
    if predictions.labels is not None:
        # no answer is written where there was none, so that it fails again when it is read
        columns["prediction"] = pa.array(predictions.labels, mask=lost)
    if predictions.correct is not None:
        columns["correct"] = pa.array(predictions.correct, mask=lost)
    for name in ("probabilities", "scores"):
        rows = getattr(predictions, name)
        if rows is not None:
            flat = pa.array(rows.ravel())
            columns[name] = pa.FixedSizeListArray.from_arrays(flat, rows.shape[1])
    for name in ("failed", "absent"):
        columns[name] = pa.array(getattr(predictions, name))
    table = pa.table(columns)
    write_atomically(path, lambda file: pq.write_table(table, file))
