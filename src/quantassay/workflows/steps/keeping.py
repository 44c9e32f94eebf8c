"""What a run folder holds so that every figure can be computed again from it: written and read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from quantassay.errors import DataError
from quantassay.readers.columns.arrays import as_values, joined
from quantassay.readers.columns.ids import as_ids, refuse_duplicates
from quantassay.readers.retrieved import RELEVANT
from quantassay.records.result import Result
from quantassay.records.samples import Predictions, Samples
from quantassay.runs.recording import (
    CLASSES,
    OWN,
    RAW,
    record_predictions,
    record_samples,
    record_timings,
)
from quantassay.timing.contract import Trial

from .asking import Exam, describing

SAMPLES, SECOND_PASS, TIMINGS = "samples.parquet", "second-pass.parquet", "timings.parquet"
WRITTEN = ("claim.json", "verdicts.json", "report.md", "report.html")
#: rows that a file of a run folder may claim to hold, and bytes that they may unfold to
MOST_ROWS, MOST_BYTES = 200_000_000, 64 << 30
Units = NDArray[np.intp] | None


def keep(
    folder: Path,
    exam: Exam,
    repeated: Predictions | None,
    trials: Mapping[str, Sequence[Trial]],
) -> None:
    """Write the samples, the reference's second answers, and the seconds of every trial."""
    for name in (SECOND_PASS, TIMINGS):
        (folder / name).unlink(missing_ok=True)
    record_samples(folder / SAMPLES, exam.samples, exam.question.units, _only_fed(exam))
    if repeated is not None:
        record_predictions(folder / SECOND_PASS, repeated)
    if trials:
        record_timings(folder / TIMINGS, trials)


def _only_fed(exam: Exam) -> frozenset[str]:
    """Return the columns that a model is fed, as far as the samples hold them, and nothing reads.

    Where no input is named, that is what holds no single value.
    """
    data, variants = exam.rubric.task.data, exam.rubric.variants.values()
    if data.input is not None or all(variant.origin == "predictions" for variant in variants):
        return frozenset()
    told = {data.id, data.target, RELEVANT, *describing(exam.rubric)}
    return frozenset(
        field.name
        for field in exam.samples.table.schema
        if field.name not in told and (pa.types.is_nested(field.type) or _binary(field.type))
    )


def _binary(kind: pa.DataType) -> bool:
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind)


def published(result: Result) -> Iterator[str]:
    """Yield the names of all files of a run that it commits itself to."""
    folder = Path(result.folder)
    yield from WRITTEN
    yield from (name for name in (SAMPLES, SECOND_PASS, TIMINGS) if (folder / name).is_file())
    yield from (predictions_of(variant.name) for variant in result.variants)
    for variant in result.variants:
        if variant.artifact and variant.artifact.path.is_relative_to(folder):
            files = _files_of(variant.artifact.path)
            yield from (file.relative_to(folder).as_posix() for file in files)


def _files_of(path: Path) -> Iterator[Path]:
    """Yield the files of a kept model: those of its folder, or those beside it of its name."""
    beside = path.parent.iterdir() if path.is_file() else path.rglob("*")
    own = f"{path.stem}."  # the weights of 'int8.xml' are 'int8.bin'
    for file in beside:
        if file.is_file() and (path.is_dir() or file.name.startswith(own)):
            yield file


def predictions_of(variant: str) -> str:
    """Return where a variant's predictions stand in a run folder."""
    return f"predictions/{variant}.parquet"


def kept_samples(path: Path) -> tuple[Samples, Units]:
    """Read the samples of a run, in the order taken, and the cluster of each.

    Raises
    ------
    DataError
        If the file is not one that a run wrote.
    """
    table = read_kept(path, "id")
    ids = as_ids(table.column("id"), f"{path}, column 'id'")
    refuse_duplicates(ids, str(path))
    target = as_values(table.column("target"), "target") if _has(table, "target") else None
    units = as_values(table.column("cluster"), "cluster") if _has(table, "cluster") else None
    return Samples(ids, target, _own(table), digest=""), units


def kept_predictions(path: Path, ids: NDArray[np.str_]) -> Predictions:
    """Read the answers of a variant to the first samples.

    Raises
    ------
    DataError
        If the file is not one that a run wrote, or its samples are not the first of these.
    """
    table = read_kept(path, "id", "failed", "absent")
    found = as_ids(table.column("id"), f"{path}, column 'id'")
    if not np.array_equal(found, ids[: len(found)]):
        msg = f"{path}: its samples are not those of {SAMPLES}, in their order"
        raise DataError(msg)
    marks = {
        name: as_values(table.column(name), name).astype(bool) for name in ("failed", "absent")
    }
    rows = {name: _rows(table, name) for name in ("probabilities", "scores") if _has(table, name)}
    named = (table.schema.metadata or {}).get(CLASSES)
    correct = _answers(table, "correct")
    return Predictions(
        ids[: len(found)],
        **marks,
        **rows,
        labels=_answers(table, "prediction"),
        correct=None if correct is None else correct.astype(bool),
        classes=None if named is None else tuple(json.loads(named)),
        table=_own(table) if any(name.startswith(OWN) for name in table.column_names) else None,
    )


def read_kept(path: Path, *needed: str) -> pa.Table:
    """Read a Parquet file that holds some columns, its size bounded beforehand."""
    try:
        with pq.ParquetFile(path) as file:
            facts = file.metadata
            sizes = (facts.row_group(at).total_byte_size for at in range(facts.num_row_groups))
            lacking = [name for name in needed if name not in file.schema_arrow.names]
            if facts.num_rows > MOST_ROWS or sum(sizes) > MOST_BYTES or lacking:
                what = f"has no column {lacking[0]!r}" if lacking else "unfolds to too much"
                msg = f"{path}: {what}; no run wrote it"
                raise DataError(msg)
            return file.read()
    except (pa.ArrowException, OSError) as error:
        msg = f"{path}: cannot be read as Parquet: {' '.join(str(error).split())[:200]}"
        raise DataError(msg) from error


def _has(table: pa.Table, name: str) -> bool:
    return name in table.column_names


def _answers(table: pa.Table, name: str) -> NDArray[Any] | None:
    """Return answers as they came, those that do not count included."""
    column = RAW + name if _has(table, RAW + name) else name
    return as_values(table.column(column), name) if _has(table, column) else None


def _rows(table: pa.Table, name: str) -> NDArray[Any]:
    column = joined(table.column(name))
    width = getattr(column.type, "list_size", 0)
    if not width:
        msg = f"column {name!r} holds {column.type}, not rows of one length; no run wrote it"
        raise DataError(msg)
    return np.asarray(column.flatten().to_numpy(zero_copy_only=False)).reshape(-1, width)


def _own(table: pa.Table) -> pa.Table:
    names = [name for name in table.column_names if name.startswith(OWN)]
    return table.select(names).rename_columns([name.removeprefix(OWN) for name in names])
