"""A finished run of a study, read from its run folder: its cells, and what bounds them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from quantassay.claims.differences import differences
from quantassay.claims.reading import read_claim_file, result_of
from quantassay.errors import DataError, RunFolderError, one_line
from quantassay.evidence.contract import Evidence
from quantassay.metrics.contract import Metric
from quantassay.pairing.strata import whole as whole_set
from quantassay.pairing.suspicion import same_outputs
from quantassay.records.cells import CandidateVerdict, Cell, Comparison, comparison_from_plain
from quantassay.records.cross import At
from quantassay.records.samples import Predictions
from quantassay.runs.history import times_seen, written_digest
from quantassay.runs.journal import Entries, read_entries

from ..asking import Exam
from ..grounds import grounds
from ..judging import SAME
from ..kept_run import kept_answers, kept_exam
from ..locked import restored
from ..measuring import measure
from ..recomputing import BROKEN, noted_outcomes

LOOKS = "the run may stop early: its intervals hold at the looks that were declared, not at once"
CROSSED = "raters and items both stand for others: no interval of both is known at this level"


@dataclass(frozen=True)
class Whole:
    """One metric on the whole test set; ``why`` says why no interval of it holds with others."""

    evidence: Evidence
    largest: float | None
    unit: str
    why: str


@dataclass(frozen=True)
class Finished:
    """What a study needs of a finished run; the answers themselves are let go.

    ``cells`` are of the declared metrics, as ``verdicts.json`` has them; ``whole`` is by metric, in
    the order declared. ``withheld`` says why nothing is made of this run's figures.
    """

    at: At
    cells: tuple[Cell, ...]
    whole: Mapping[str, Whole]
    withheld: str

    @property
    def headline(self) -> str:
        """The metric that was declared first."""
        return next(iter(self.whole))

    @property
    def least_p(self) -> float | None:
        """The smallest adjusted p of a gate cell; None where none may be set beside others."""
        p = [one.p_beyond_adjusted for one in self.cells if one.role == "gate"]
        return None if self.withheld else min((one for one in p if one is not None), default=None)


def finished(at: At, folder: Path) -> Finished:
    """Read a finished run of one candidate.

    Raises
    ------
    DataError
        If the folder does not hold what a finished run leaves, or its figures computed again are
        not those of its ``verdicts.json``.
    """
    try:
        return _read(at, folder)
    except BROKEN as error:
        msg = f"{folder}: not what a finished run leaves: {one_line(error)}; run the study again"
        raise DataError(msg) from error


def _read(at: At, folder: Path) -> Finished:
    entries = Entries(entry for entry, _ in read_entries(folder / "journal.jsonl"))
    comparison = _comparison(folder, entries)
    ((candidate, verdict),) = comparison.candidates.items()
    exam = kept_exam(restored(entries.find("rubric")[-1].data["canonical"]), folder)
    answers = kept_answers(exam, folder)
    names = comparison.reference, candidate
    asked = {one.metric.name: one.metric for one in exam.question.metrics}
    # the journal keeps no order; what others are made of is shown beside them, and not declared
    declared = [one.name for one in comparison.metrics][: len(exam.rubric.metrics)]
    whole = {
        name: _whole(exam, asked[name], names, [answers[one] for one in names]) for name in declared
    }
    cells = tuple(cell for cell in comparison.cells if cell.metric in whole)
    if exam.order is None:
        _refuse_others(folder, cells, whole, exam.question.alpha)
    why = _withheld(entries, candidate, verdict)
    if verdict.verdict is None:  # without a margin there was no verdict to withhold
        why = why or _not_measured(folder, names, answers)
    return Finished(at, cells, whole, why)


def _not_measured(folder: Path, names: tuple[str, str], answers: Mapping[str, Predictions]) -> str:
    """Say why no scheme was measured; '' where one was."""
    reference, candidate = names
    if same_outputs(answers[reference], answers[candidate]):
        return SAME
    claim = read_claim_file(folder / "claim.json").claim
    if claim is None:
        msg = f"{folder / 'claim.json'}: not a run's claim; run the study again"
        raise DataError(msg)
    result = result_of(claim)
    return grounds(reference, result.variants, result.engines).get(candidate, "")


def _comparison(folder: Path, entries: Entries) -> Comparison:
    """Return what ``verdicts.json`` says, if the journal noted it so."""
    results = entries.find("results")
    if not results or entries.entries[-1].event != "finished":
        msg = f"{folder / 'journal.jsonl'}: this run did not finish; run the study again"
        raise RunFolderError(msg)
    path = folder / "verdicts.json"
    text = path.read_bytes()
    if sha256(text).hexdigest() != written_digest(results[-1]):
        msg = f"{path}: not as the run wrote it; delete the run folder and run the study again"
        raise DataError(msg)
    return comparison_from_plain(json.loads(text))


def _whole(
    exam: Exam, metric: Metric, names: tuple[str, str], sides: Sequence[Predictions]
) -> Whole:
    n = min(map(len, sides))  # what was answered: a run that may stop early takes the first samples
    part = exam.first(n)
    reference, candidate = (side.first(n) for side in sides)
    found = measure(metric, part.samples, reference, candidate, names, part.question)
    evidence = found.evidence([whole_set(n)], part.question.units)
    crossed = CROSSED if getattr(metric, "crossed", None) else ""
    looks = "" if exam.order is None else LOOKS
    why = evidence.undefined[0] or found.blind or looks or crossed
    return Whole(evidence, metric.evidence.largest_loss, metric.unit, why)


def _refuse_others(
    folder: Path, cells: Sequence[Cell], whole: Mapping[str, Whole], alpha: float
) -> None:
    """Refuse figures of whole test sets that are not those computed again."""
    for cell in cells:
        if cell.stratum:
            continue
        evidence = whole[cell.metric].evidence
        ends = [_known(end[0]) for end in evidence.bounds(alpha)]
        again = {
            "n": int(evidence.n[0]),
            "reference_value": _known(evidence.reference[0]),
            "loss": _known(evidence.loss[0]),
            "interval": None if None in ends else ends,
        }
        said = {name: getattr(cell, name) for name in again}
        for key, claimed, found in differences(said, again):
            msg = (
                f"{folder / 'verdicts.json'}: {cell.metric}, {key} is {claimed}, and {found} when "
                "computed again from its answers; delete the run folder and run the study again"
            )
            raise DataError(msg)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _withheld(entries: Entries, candidate: str, verdict: CandidateVerdict) -> str:
    """Say why nothing is made of a run's figures; '' where they count."""
    if verdict.verdict == "insufficient" and not verdict.deciding:
        return verdict.reason
    noted = noted_outcomes(entries).get(candidate)
    times = times_seen(entries, candidate, noted) if noted else 1
    if times > 1:
        return f"different results were computed {times} times, and no such look was declared"
    return ""
