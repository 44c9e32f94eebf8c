"""What a run leaves behind as Parquet, so that its figures can be computed again from there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from quantassay.records.samples import Predictions, Samples

from .files import write_atomically

#: of a column that a test set or a log had, beside those that have a meaning here
OWN = "own."
#: of an answer as it came, where it does not count since it failed or is absent
RAW = "raw."
CLASSES = b"quantassay.classes"


def record_predictions(path: Path, predictions: Predictions) -> None:
    """Write ids, answers and probabilities or scores of one variant, a row a sample."""
    columns: dict[str, Any] = {"id": pa.array(predictions.ids)}
    lost = predictions.failed | predictions.absent
    for name, values in (("prediction", predictions.labels), ("correct", predictions.correct)):
        if values is None:
            continue
        # no answer is written where there was none, so that it fails again when it is read
        columns[name] = pa.array(values, mask=lost)
        if lost.any():
            columns[RAW + name] = pa.array(values)
    for name in ("probabilities", "scores"):
        rows = getattr(predictions, name)
        if rows is not None:
            flat = pa.array(rows.ravel())
            columns[name] = pa.FixedSizeListArray.from_arrays(flat, rows.shape[1])
    for name in ("failed", "absent"):
        columns[name] = pa.array(getattr(predictions, name))
    own = {} if predictions.table is None else _own(predictions.table)
    named = predictions.classes and {CLASSES: json.dumps(predictions.classes).encode()}
    _write(path, columns, own, named or None)


def record_samples(
    path: Path, samples: Samples, units: NDArray[np.intp] | None, left_out: frozenset[str]
) -> None:
    """Write ids, targets, clusters and the columns that describe samples, in the order taken.

    Parameters
    ----------
    path
        The file.
    samples
        Of the test set.
    units
        Cluster of each sample (n,); None: every sample is its own.
    left_out
        Columns that only feed a model.
    """
    columns: dict[str, Any] = {"id": pa.array(samples.ids)}
    if samples.target is not None:
        columns["target"] = pa.array(samples.target)
    if units is not None:
        columns["cluster"] = pa.array(units)
    _write(path, columns, _own(samples.table, left_out))


def record_timings(path: Path, trials: Mapping[str, Sequence[Any]]) -> None:
    """Write every trial, a row each: whose, its block and place, and the seconds of its queries.

    ``trials`` maps a variant to its own, each with ``block``, ``place``, ``samples``, ``span``,
    ``rate`` and ``latencies`` (queries,).
    """
    rows = [(name, trial) for name, own in trials.items() for trial in own]
    columns: dict[str, Any] = {"variant": pa.array([name for name, _ in rows])}
    for name in ("block", "place", "samples"):
        columns[name] = pa.array([getattr(trial, name) for _, trial in rows], pa.int64())
    for name in ("span", "rate"):
        columns[name] = pa.array([getattr(trial, name) for _, trial in rows], pa.float64())
    seconds = [trial.latencies for _, trial in rows]
    columns["latencies"] = pa.array(seconds, pa.list_(pa.float64()))
    _write(path, columns, {})


def _own(table: pa.Table, left_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    names = enumerate(table.column_names)
    return {f"{OWN}{name}": table.column(at) for at, name in names if name not in left_out}


def _write(
    path: Path,
    columns: Mapping[str, Any],
    own: Mapping[str, Any],
    metadata: dict[bytes, bytes] | None = None,
) -> None:
    try:
        _write_table(path, {**columns, **own}, metadata)
    except pa.ArrowException:  # a kind of column that Parquet cannot hold
        _write_table(path, columns, metadata)


def _write_table(
    path: Path, columns: Mapping[str, Any], metadata: dict[bytes, bytes] | None
) -> None:
    table = pa.table(dict(columns)).replace_schema_metadata(metadata)
    write_atomically(path, lambda file: pq.write_table(table, file))
