"""The test set of a rubric as an exam: samples, strata, margins, and inputs in batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay import plugins
from quantassay.errors import RubricError, some
from quantassay.pairing import strata
from quantassay.pairing.clusters import cluster_codes, merged_by_content
from quantassay.pairing.order import Order, shuffled
from quantassay.readers.columns.content import row_hashes
from quantassay.readers.contract import Reader
from quantassay.readers.inputs.preprocessing import Preprocess, build_preprocess
from quantassay.readers.inputs.stream import InputStream
from quantassay.readers.log_data import ID, TARGET, LogData, data_reader
from quantassay.readers.samples import read_samples
from quantassay.records.result import TestSet
from quantassay.records.samples import Partition, Samples
from quantassay.rubrics.load import Loaded
from quantassay.rubrics.model import Clusters, Preprocessing, Rubric, Source, Stratum

from .question import Asked, Question, components
from .searching import Corpus, read_corpus

Feeds = Mapping[str, NDArray[Any]]
UNDECLARED = "undeclared"


@dataclass(frozen=True)
class Exam:
    """A rubric's test set, read and cut into strata, and what is asked of every variant.

    Where the rubric lets a run stop early, samples stand in the ``order`` in which they are taken;
    elsewhere in that of the data, and ``order`` is None. ``identity`` names the columns that say
    which questions a log answered. ``corpus`` are the documents that embeddings are to find.
    """

    loaded: Loaded
    samples: Samples
    question: Question
    preprocess: Preprocess
    repeats: int = 0
    order: Order | None = None
    identity: tuple[str, ...] = ()
    corpus: Corpus | None = None

    @property
    def rubric(self) -> Rubric:
        """The rubric."""
        return self.loaded.rubric

    def stream(self, source: Source | None = None) -> InputStream:
        """Return the inputs of the test set, or of another source, in batches."""
        source = source or self.rubric.task.data
        return InputStream(
            reader_of(self.loaded, source),
            self.loaded.resolve(source.path),
            self.rubric.inference.batch,
            source.input or self.rubric.task.data.input,
            where=source.where,
            preprocess=self.preprocess,
            exclude=[name for name in (source.id, source.target) if name],
            ids=self._ids() if source is self.rubric.task.data else None,
        )

    def _ids(self) -> NDArray[np.str_]:
        """Return the ids in the order of the data."""
        return self.samples.ids if self.order is None else self.samples.ids[self.order.places]

    def batches(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, Feeds]]:
        """Yield (first sample, inputs) of the test set from one sample on, up to another."""
        if self.order is None:
            yield from self.stream().resumed(start)
            return
        for begin, end in self.order.blocks:
            if start < end and (stop is None or begin < stop):
                rows = np.zeros(len(self.samples), bool)
                rows[self.order.rows[begin:end]] = True
                block = replace(self.stream(), only=rows, start=max(start - begin, 0))
                yield from ((begin + at, feeds) for at, feeds in block)

    def first(self, n: int) -> Exam:
        """Return the exam of the first samples alone."""
        if n == len(self.samples):
            return self
        return self.taken(np.arange(n))

    def taken(self, rows: NDArray[np.intp]) -> Exam:
        """Return the exam of some samples, in the order given."""
        return _taken(self, rows)

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
        searched = [] if self.corpus is None else [self.corpus.words()]
        return [
            *self._composition(),
            *searched,
            *(assumed if clusters.between == "unknown" else []),
        ]

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
    corpus = read_corpus(loaded)
    samples = read_test_set(loaded, corpus)
    reader, path = reader_of(loaded, task.data), loaded.resolve(task.data.path)
    preprocess = build_preprocess(_spec(task.preprocess), loaded.folder)
    identity = reader.recording(path).identity if isinstance(reader, LogData) else ()
    question = question_of(loaded.rubric, samples)
    if corpus is not None:
        corpus.refuse_deeper([asked.metric for asked in question.metrics], loaded)
    exam = Exam(loaded, samples, question, preprocess, identity=identity, corpus=corpus)
    return _in_order(_without_repeats(exam))


def read_test_set(loaded: Loaded, corpus: Corpus | None = None) -> Samples:
    """Read the samples of a rubric, and the documents of its corpus that they are to find.

    Raises
    ------
    InputError
        If data or columns are wrong.
    """
    task = loaded.rubric.task
    corpus = read_corpus(loaded) if corpus is None else corpus
    path = loaded.resolve(task.data.path)
    if not path.exists():
        msg = f"{loaded.at('task', 'data', 'path')}: no such file: {path}"
        raise RubricError(msg)
    reader = reader_of(loaded, task.data)
    samples = read_samples(
        reader,
        path,
        id=task.data.id or (ID if isinstance(reader, LogData) else None),
        input=task.data.input,
        target=None if corpus is not None else task.data.target or _target(reader, path),
        where=task.data.where,
        keep=describing(loaded.rubric),
    )
    return samples if corpus is None else corpus.sought(samples, task.data.target or "", path)


def reader_of(loaded: Loaded, source: Source) -> Reader:
    """Return what reads a source of samples."""
    gold = [loaded.resolve(each) for each in source.gold]
    return data_reader(source.reader, source.task, gold)


def _target(reader: Reader, path: Path) -> str | None:
    """Return the column of gold answers of a log, if it has one."""
    found = isinstance(reader, LogData) and TARGET in reader.columns(path).names
    return TARGET if found else None


def _in_order(exam: Exam) -> Exam:
    """Shuffle the samples where the rubric lets a run stop early."""
    stopping, n = exam.rubric.stopping, len(exam.samples)
    if stopping is None:
        return exam
    if (stopping.max or 0) > n or max(stopping.looks) >= n:
        key = "looks" if max(stopping.looks) >= n else "max"
        msg = (
            f"{exam.loaded.at('stopping', key)}: the test set has only {n:,} samples: the last "
            "look is at all of them, and the others come before"
        )
        raise RubricError(msg)
    order = shuffled(exam.samples.ids, exam.question.units, exam.rubric.seed, stopping.sizes(n))
    return replace(_taken(exam, order.rows), order=order)


def _taken(exam: Exam, rows: NDArray[np.intp]) -> Exam:
    """Return the exam of some samples, in the order given."""
    samples, question = exam.samples, exam.question
    labels = question.labels
    return replace(
        exam,
        samples=replace(
            samples,
            ids=samples.ids[rows],
            target=None if samples.target is None else samples.target[rows],
            table=samples.table.take(rows),
        ),
        question=replace(
            question,
            partitions=[replace(each, codes=each.codes[rows]) for each in question.partitions],
            units=None if question.units is None else question.units[rows],
            labels=labels and replace(labels, target=labels.target[rows], known=labels.known[rows]),
        ),
    )


def describing(rubric: Rubric) -> set[str]:
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


def question_of(rubric: Rubric, samples: Samples) -> Question:
    """Return what a rubric asks of every candidate on these samples."""
    clusters = rubric.task.clusters.column
    asked = [
        Asked(plugins.configured("metrics", metric.name, metric.options), metric.margin, metric.by)
        for metric in rubric.metrics
    ]
    return Question(
        metrics=[*asked, *components(asked)],
        partitions=[_partition(stratum, samples) for stratum in rubric.strata],
        units=cluster_codes(samples.table, clusters) if clusters else None,
        confidence=rubric.confidence,
        small_strata=rubric.small_strata,
        proven_fine=rubric.proven_fine,
        strict=rubric.strict,
        agreements=[
            plugins.configured("agreements", *plugins.spelled(text)) for text in rubric.agreements
        ],
        reserved=int(rubric.timing is not None and rubric.timing.speedup is not None),
    )


def _partition(stratum: Stratum, samples: Samples) -> Partition:
    if stratum.where is not None:
        return strata.where(samples.table, stratum.key, stratum.where, stratum.critical)
    assert stratum.column is not None
    return strata.by_column(
        samples.table, stratum.column, stratum.name, stratum.bins, stratum.critical
    )
