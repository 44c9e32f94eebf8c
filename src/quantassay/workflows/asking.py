"""The test set of a rubric as an exam: samples, strata, margins, and inputs in batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay import plugins
from quantassay.errors import RubricError, some
from quantassay.pairing import strata
from quantassay.pairing.clusters import cluster_codes, merged_by_content
from quantassay.readers.content import row_hashes
from quantassay.readers.inputs import InputStream
from quantassay.readers.preprocessing import Preprocess, build_preprocess
from quantassay.readers.samples import read_samples
from quantassay.records.result import TestSet
from quantassay.records.samples import Partition, Samples
from quantassay.rubrics.load import Loaded
from quantassay.rubrics.model import Clusters, Preprocessing, Rubric, Source, Stratum

from .judging import Asked, Question, make_metric

Feeds = Mapping[str, NDArray[Any]]
UNDECLARED = "undeclared"


@dataclass(frozen=True)
class Exam:
    """A rubric's test set, read and cut into strata, and what is asked of every variant."""

    loaded: Loaded
    samples: Samples
    question: Question
    preprocess: Preprocess
    repeats: int = 0

    @property
    def rubric(self) -> Rubric:
        """The rubric."""
        return self.loaded.rubric

    def stream(self, source: Source | None = None) -> InputStream:
        """Return the inputs of the test set, or of another source, in batches."""
        source = source or self.rubric.task.data
        return InputStream(
            plugins.load("readers", source.reader),
            self.loaded.resolve(source.path),
            self.rubric.inference.batch,
            source.input or self.rubric.task.data.input,
            where=source.where,
            preprocess=self.preprocess,
            exclude=[name for name in (source.id, source.target) if name],
            ids=self.samples.ids if source is self.rubric.task.data else None,
        )

    def batches(self, start: int = 0) -> Iterator[tuple[int, Feeds]]:
        """Yield (first row, inputs) of the test set from a row on."""
        return iter(self.stream().resumed(start))

    def test_set(self) -> TestSet:
        """Return what was measured on, as declared."""
        task = self.rubric.task
        return TestSet(
            task=task.name,
            path=task.data.path,
            digest=self.samples.digest,
            n=len(self.samples),
            composition=task.composition,
            clusters=str(task.clusters),
            strata={part.key: part.sizes() for part in self.question.partitions},
        )

    def assumptions(self) -> list[str]:
        """Return what was taken for granted, in words."""
        clusters = self.rubric.task.clusters
        assumed = [*self._repeated(), self._unknown(clusters)]
        return [*self._composition(), *(assumed if clusters.between == "unknown" else [])]

    def _composition(self) -> list[str]:
        if self.rubric.task.composition != UNDECLARED:
            return []
        return ["the composition of the test set is undeclared: nothing says what it stands for"]

    def _repeated(self) -> list[str]:
        if not self.repeats:
            return []
        return [
            f"{self.repeats} of {len(self.samples)} samples repeat the content of another: they "
            "are counted together with it, as one cluster"
        ]

    def _unknown(self, clusters: Clusters) -> str:
        what = "samples" if clusters.column is None else f"values of {clusters.column!r}"
        return (
            f"assumption: {what} are taken as independent of each other; the rubric says that this "
            "is unknown, and intervals are too narrow if they are not"
        )


def read_exam(loaded: Loaded) -> Exam:
    """Read the test set of a rubric.

    Raises
    ------
    InputError
        If data, columns or metrics are wrong.
    """
    task = loaded.rubric.task
    path = loaded.resolve(task.data.path)
    if not path.exists():
        msg = f"{loaded.at('task', 'data', 'path')}: no such file: {path}"
        raise RubricError(msg)
    samples = read_samples(
        plugins.load("readers", task.data.reader),
        path,
        id=task.data.id,
        input=task.data.input,
        target=task.data.target,
        where=task.data.where,
        keep=_describing(loaded.rubric),
    )
    preprocess = build_preprocess(_spec(task.preprocess), loaded.folder)
    return _without_repeats(Exam(loaded, samples, _question(loaded.rubric, samples), preprocess))


def _describing(rubric: Rubric) -> set[str]:
    """Return the columns that cut the test set into strata and clusters."""
    columns = {rubric.task.clusters.column}
    for stratum in rubric.strata:
        columns |= {stratum.column, *(stratum.where or {})}
    return {column for column in columns if column is not None}


def _without_repeats(exam: Exam) -> Exam:
    """Count samples of the same content as one; refuse them where independence is declared.

    Where every answer is recorded and no input is named, there is no content to look at.
    """
    here = any(variant.origin != "predictions" for variant in exam.rubric.variants.values())
    if not (here or exam.rubric.task.data.input):
        return exam
    contents = np.concatenate([row_hashes(rows) for rows in exam.stream().rows()])
    units, repeats = merged_by_content(exam.question.units, contents)
    if not repeats.any():
        return exam
    count = int(repeats.sum())
    if exam.rubric.task.clusters.between == "independent":
        msg = (
            f"{exam.loaded.at('task', 'clusters')}: declared independent, but {count} of "
            f"{len(repeats)} samples repeat the content of another: "
            f"{some(list(exam.samples.ids[repeats]))}; keep one of each, or say 'unknown'"
        )
        raise RubricError(msg)
    return replace(exam, question=replace(exam.question, units=units), repeats=count)


def _spec(declared: Preprocessing | None) -> str | dict[str, Any] | None:
    if declared is None or declared.function is not None:
        return declared.function if declared else None
    return declared.model_dump(exclude_none=True)


def _question(rubric: Rubric, samples: Samples) -> Question:
    clusters = rubric.task.clusters.column
    return Question(
        metrics=[
            Asked(make_metric(metric.name, metric.options), metric.margin, metric.by)
            for metric in rubric.metrics
        ],
        partitions=[_partition(stratum, samples) for stratum in rubric.strata],
        units=cluster_codes(samples.table, clusters) if clusters else None,
        confidence=rubric.confidence,
        small_strata=rubric.small_strata,
    )


def _partition(stratum: Stratum, samples: Samples) -> Partition:
    if stratum.where is not None:
        return strata.where(samples.table, stratum.key, stratum.where, stratum.critical)
    assert stratum.column is not None
    return strata.by_column(
        samples.table, stratum.column, stratum.name, stratum.bins, stratum.critical
    )
