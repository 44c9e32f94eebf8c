"""Read, draw, hash and check the calibration sets of a rubric."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from quantassay.errors import DataError, RubricError, some
from quantassay.pairing.strata import by_column
from quantassay.readers.columns.chosen import refuse_missing
from quantassay.readers.inputs.stream import InputStream
from quantassay.readers.samples import read_samples
from quantassay.records.artifacts import CalibrationFacts
from quantassay.records.samples import Partition, Samples
from quantassay.rubrics.model import Calibration, Source
from quantassay.schemes.calibration import Overlap, check_overlap, digest, draw, shared_rows

from .asking import Exam, reader_of
from .covering import coverage, stratum_columns, uncovered

BATCH = 32  # at most: a model exported for fewer gets no more than in the accuracy pass
Feeds = Mapping[str, NDArray[Any]]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class CalibrationSet:
    """Inputs of the drawn samples in batches, with what identifies them."""

    batches: Sequence[Feeds]
    facts: CalibrationFacts


@dataclass(frozen=True)
class Pool:
    """All samples that a calibration set is drawn from; ``strata`` are drawn alike."""

    name: str
    declared: Calibration
    samples: Samples
    strata: Partition | None

    @property
    def codes(self) -> Rows | None:
        """Stratum of each sample; None where all are drawn from together."""
        return None if self.strata is None else self.strata.codes


@dataclass
class CalibrationSets:
    """The declared sets, each read when a scheme first asks for it."""

    exam: Exam
    findings: list[str] = field(default_factory=list)
    _read: dict[str, CalibrationSet] = field(default_factory=dict)
    _pools: dict[str, Pool] = field(default_factory=dict)

    def __call__(self, name: str) -> CalibrationSet:
        """Return a set by name.

        Raises
        ------
        DataError
            If a drawn sample stands in the test set too.
        """
        if name not in self._read:
            self._read[name] = self._declared(self.pool(name))
        return self._read[name]

    def pool(self, name: str) -> Pool:
        """Return the samples that a set is drawn from."""
        if name not in self._pools:
            declared = self.exam.rubric.calibrations[name]
            samples = self._samples(name, declared)
            column = declared.stratify
            strata = by_column(samples.table, column) if column else None
            self._pools[name] = Pool(name, declared, samples, strata)
        return self._pools[name]

    def drawn(self, pool: Pool, rows: Rows) -> CalibrationSet:
        """Return the set of other samples of a pool, which `refuse_shared` has seen."""
        feeds = self._fed(pool, rows)
        return CalibrationSet(self._batches(feeds), self._facts(pool, rows, feeds, None))

    def refuse_shared(self, pool: Pool, rows: Rows) -> None:
        """Refuse samples that stand in the test set too.

        Raises
        ------
        DataError
            If one does.
        """
        batches = (feeds for _, feeds in self._stream(pool, rows))
        self._refuse(pool, len(rows), *shared_rows(batches, self.exam.batches()))

    def _declared(self, pool: Pool) -> CalibrationSet:
        asked, there = pool.declared.samples, len(pool.samples)
        if asked and asked > there:
            self.findings.append(
                f"calibration {pool.name!r}: {asked} samples asked for, {there} there"
            )
        chosen = draw(there, min(asked or there, there), self.exam.rubric.seed, pool.codes)
        feeds = self._fed(pool, chosen)
        overlap = self._overlap(pool, chosen, feeds)
        if overlap.near:
            self.findings.append(
                f"calibration {pool.name!r}: {overlap.near} test samples are near-duplicates of "
                f"calibration samples ({overlap.compared}){self._named(overlap.near_rows)}"
            )
        facts = self._facts(pool, chosen, feeds, overlap)
        self.findings += uncovered(pool.name, facts.coverage)
        return CalibrationSet(self._batches(feeds), facts)

    def _batches(self, feeds: Feeds) -> list[dict[str, NDArray[Any]]]:
        n = len(next(iter(feeds.values())))
        size = min(BATCH, self.exam.rubric.inference.batch)
        return [
            {name: array[start : start + size] for name, array in feeds.items()}
            for start in range(0, n, size)
        ]

    def _named(self, rows: Sequence[int]) -> str:
        """Name test samples, where they stand in the order of the data."""
        return f": {some(list(self.exam.samples.ids[list(rows)]))}" if not self.exam.order else ""

    def _stream(self, pool: Pool, rows: Rows) -> InputStream:
        """Return the inputs of some samples; nothing else is decoded."""
        only = np.zeros(len(pool.samples), np.bool_)
        only[rows] = True
        return replace(self.exam.stream(pool.declared.data), only=only)

    def _fed(self, pool: Pool, rows: Rows) -> dict[str, NDArray[Any]]:
        parts = [feeds for _, feeds in self._stream(pool, rows)]
        feeds = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        for array in feeds.values():
            lost = np.isnan(array) if array.dtype.kind == "f" else np.zeros(1, np.bool_)
            if lost.any():
                wrong = list(pool.samples.ids[rows[lost.reshape(len(array), -1).any(axis=1)]])
                msg = (
                    f"calibration {pool.name!r}: NaN in {some(wrong)}: no range follows from it; "
                    "leave such samples out"
                )
                raise DataError(msg)
        return feeds

    def _facts(
        self, pool: Pool, chosen: Rows, feeds: Feeds, overlap: Overlap | None
    ) -> CalibrationFacts:
        return CalibrationFacts(
            name=pool.name,
            source=pool.declared.data.path,
            method=pool.declared.method,
            samples=len(chosen),
            available=len(pool.samples),
            seed=self.exam.rubric.seed,
            digest=digest(feeds),
            strata=pool.strata.sizes(chosen) if pool.strata else {},
            exact_overlap=overlap.exact if overlap else None,
            near_duplicates=overlap.near if overlap else None,
            compared=overlap.compared if overlap else "",
            coverage=coverage(self.exam, pool.samples.table, chosen),
        )

    def _samples(self, name: str, declared: Calibration) -> Samples:
        source = declared.data
        path = self.exam.loaded.resolve(source.path)
        if not path.exists():
            where = self.exam.loaded.at("calibrations", name, "data", "path")
            msg = f"{where}: no such file: {path}"
            raise RubricError(msg)
        stratify = {declared.stratify} if declared.stratify else set()
        samples = read_samples(
            reader_of(self.exam.loaded, source),
            path,
            id=source.id,
            input=source.input or self.exam.rubric.task.data.input,
            where=source.where,
            keep=stratify | stratum_columns(self.exam.rubric),
        )
        refuse_missing(sorted(stratify), samples.table.column_names, path)
        return samples

    def _refuse(self, pool: Pool, drawn: int, exact: int, rows: Sequence[int]) -> None:
        if exact:
            tested = self.exam.samples.ids[list(rows)]
            msg = (
                f"calibration {pool.name!r}: {exact} of {drawn} drawn samples stand in the test "
                f"set too: {some(list(tested))}; calibrate on other samples"
            )
            raise DataError(msg)

    def _overlap(self, pool: Pool, chosen: Rows, feeds: Feeds) -> Overlap:
        overlap = check_overlap(feeds, self.exam.batches())
        self._refuse(pool, len(chosen), overlap.exact, overlap.exact_rows)
        own = _texts(self.exam, pool.declared.data)
        if own is None:
            return overlap
        return check_overlap(
            _picked(own, chosen), _texts(self.exam, self.exam.rubric.task.data) or ()
        )


def _texts(exam: Exam, source: Source) -> Iterator[tuple[int, Feeds]] | None:
    """Return the texts of a source that a function turns into numbers, None where there are none.

    Numbers of tokens say little of two texts that are nearly the same: a word more moves them all.
    """
    spec, stream = exam.rubric.task.preprocess, exam.stream(source)
    if spec is None or spec.function is None:
        return None
    first = next(iter(stream.rows()), None)
    if first is None or not any(_is_text(column.type) for column in first.columns):
        return None
    return _joined_texts(stream.rows())


def _joined_texts(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[int, Feeds]]:
    at = 0
    for batch in batches:
        columns = [column.to_pylist() for column in batch.columns if _is_text(column.type)]
        rows = zip(*columns, strict=True)
        texts = [" ".join(each for each in row if each is not None) for row in rows]
        yield at, {"": np.array(texts, object)}
        at += len(batch)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _picked(batches: Iterable[tuple[int, Feeds]], chosen: Rows) -> dict[str, NDArray[Any]]:
    """Return what the chosen samples feed, (chosen, ...); others are let go batch by batch."""
    parts: dict[str, list[NDArray[Any]]] = {}
    for start, feeds in batches:
        size = len(next(iter(feeds.values())))
        here = chosen[(chosen >= start) & (chosen < start + size)] - start
        for name, array in feeds.items():
            parts.setdefault(name, []).append(array[here])
    return {name: np.concatenate(arrays) for name, arrays in parts.items()}


def calibration_sets(exam: Exam) -> CalibrationSets:
    """Return the calibration sets that the rubric declares."""
    return CalibrationSets(exam)
