"""A pilot: predictions of both sides on a few samples, cut into the cells of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import DataError, PairingError
from quantassay.evidence.pilot import ADVISED, Pilot, pilot_of
from quantassay.metrics.contract import Metric
from quantassay.pairing import strata
from quantassay.pairing.clusters import cluster_codes
from quantassay.pairing.join import join
from quantassay.pairing.rows import paired_rows
from quantassay.pairing.strata import whole
from quantassay.pairing.unlabelled import loss_range
from quantassay.records.samples import Labels, Partition, Predictions, Samples
from quantassay.rubrics.model import Stratum

from .asking import Exam
from .gold import gold_of
from .likeness import mismatches
from .tables import Columns, Table, names_of, read, refuse_differences, refuse_itself


@dataclass(frozen=True)
class Recording:
    """Both sides of a pilot, with its targets or what ``labels`` there are.

    ``parts`` are the partitions of the plan as the pilot holds them, or how many cells it does
    not hold; ``unlike`` says what of it does not match the test set.
    """

    samples: Samples
    reference: Predictions
    candidate: Predictions
    labels: Labels | None
    parts: Sequence[Partition | int]
    units: NDArray[np.intp] | None
    unlike: Sequence[str] = ()

    @property
    def labelled(self) -> bool:
        """Whether targets, or correctness, were recorded."""
        return self.labels is None

    def of(self, metric: Metric) -> Pilot | str:
        """Return what the pilot tells of one metric, or why it tells nothing."""
        try:
            rows = self._rows(metric)
        except (DataError, PairingError) as error:
            return f"the pilot cannot say: {error}"
        order = self.samples.by_id
        parts = [p if isinstance(p, int) else _ordered(p, order) for p in self.parts]
        return pilot_of(
            (rows[0][order], rows[1][order]),
            parts,
            None if self.units is None else self.units[order],
            metric.value,
            metric.direction == "higher",
            self.labelled,
        )

    def _rows(self, metric: Metric) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        if self.labels is None:
            return paired_rows(metric, self.samples, self.reference, self.candidate).pessimistic
        most = np.zeros((len(self.samples), 1))
        if getattr(metric.evidence, "level_unlabelled", None) is not None:
            found = loss_range(metric, self.samples, self.reference, self.candidate, self.labels)
            most = np.maximum(np.abs(found.largest), np.abs(found.smallest))[:, None]
        return most, np.zeros_like(most)

    def warnings(self) -> list[str]:
        """Say where the pilot is thin, and what it leaves open."""
        n, found = len(self.samples), list(self.unlike)
        if n < ADVISED:
            found.append(f"the pilot has n {n}: {ADVISED} or more are advised, its bounds are wide")
        if not self.labelled:
            found.append(
                "the pilot has no targets: changed outputs bound the discordance of binary metrics "
                "and the spread of capped means from above; they bound no ratio, F1, AUROC or "
                "calibration error, and say nothing of the direction of the loss"
            )
        return found


def _ordered(part: Partition, order: NDArray[np.intp]) -> Partition:
    return Partition(part.key, part.labels, part.codes[order], part.critical)


def read_pilot(
    tables: Sequence[Table], columns: Columns, exam: Exam | None, cluster: str | None = None
) -> Recording:
    """Read a pilot, and find the cells of the plan in it.

    Parameters
    ----------
    tables
        Predictions of the reference and of the candidate; the first also holds the columns of
        strata and clusters, unless its ids are those of the test set.
    columns
        Names of columns where they are not the usual ones.
    exam
        The test set to be planned; None: one cell of all samples.
    cluster
        Column of clusters where there is no test set to name it.

    Raises
    ------
    InputError
        If the tables are not of the same samples, or not of the test set's task.
    """
    refuse_itself(tables[0], tables[1:])
    names = names_of(tables)
    recorded = [read(table, columns) for table in tables]
    refuse_differences(recorded, names, [])
    first = recorded[0]
    target, labels = gold_of(recorded, names, None, columns)
    samples = Samples(first.predictions.ids, target, first.table, digest="")
    sides = [
        join(samples.ids, one.predictions, name, allow_missing=False)
        for name, one in zip(names, recorded, strict=True)
    ]
    parts: Sequence[Partition | int] = [whole(len(samples))]
    units = None if cluster is None else cluster_codes(samples.table, cluster)
    unlike: list[str] = []
    if exam is not None:
        at = _places(samples, exam)
        parts, units = _located(samples, exam, at)
        unlike = list(mismatches(samples, sides[0], exam, parts[1:], at is not None))
    return Recording(samples, sides[0], sides[1], labels, parts, units, unlike)


def _places(samples: Samples, exam: Exam) -> NDArray[np.intp] | None:
    """Return where each sample stands in the test set; None where one is not of it."""
    order = np.argsort(exam.samples.ids)
    place = np.searchsorted(exam.samples.ids, samples.ids, sorter=order)
    at = order[np.minimum(place, len(order) - 1)]
    return at if (exam.samples.ids[at] == samples.ids).all() else None


def _located(
    samples: Samples, exam: Exam, at: NDArray[np.intp] | None
) -> tuple[Sequence[Partition | int], NDArray[np.intp] | None]:
    """Find strata and clusters by id where all samples are of the test set, else by column."""
    question, all_of_it = exam.question, whole(len(samples))
    if at is not None:
        parts = [Partition(p.key, p.labels, p.codes[at], p.critical) for p in question.partitions]
        return [all_of_it, *parts], None if question.units is None else question.units[at]
    found = [
        _like(part, _cut(stratum, samples))
        for part, stratum in zip(question.partitions, exam.rubric.strata, strict=True)
    ]
    column = exam.rubric.task.clusters.column
    known = column is not None and column in samples.table.column_names
    return [all_of_it, *found], cluster_codes(samples.table, column) if known and column else None


def _cut(stratum: Stratum, samples: Samples) -> Partition | None:
    try:
        if stratum.where is not None:
            return strata.where(samples.table, stratum.key, stratum.where)
        return strata.by_column(samples.table, str(stratum.column), stratum.name, stratum.bins)
    except DataError:
        return None


def _like(part: Partition, own: Partition | None) -> Partition | int:
    """Return the pilot's partition with the codes of the plan's."""
    if own is None:
        return len(part.labels)
    place: Mapping[Any, int] = {_name(label): i for i, label in enumerate(part.labels)}
    codes = np.array([place.get(_name(label), -1) for label in own.labels] + [-1], np.intp)
    return Partition(part.key, part.labels, codes[own.codes])


def _name(label: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(label.items()))
