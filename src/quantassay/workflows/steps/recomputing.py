"""Every figure of a claim computed again from what its run folder holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from quantassay.claims.consistency import grouped
from quantassay.claims.differences import Difference, differences
from quantassay.claims.reading import ClaimFile
from quantassay.errors import DataError, PluginError, QuantassayError
from quantassay.exports.json import Json
from quantassay.records.cells import Cell, Comparison, stratum_label
from quantassay.records.plain import plain
from quantassay.records.result import Result
from quantassay.records.samples import Predictions
from quantassay.records.verification import FILE_AGAIN, JOURNAL_AGAIN, Check, differs, unchecked
from quantassay.rubrics.model import Rubric
from quantassay.runs.history import looks_at
from quantassay.runs.journal import Entries

from .asking import Exam
from .comparing import compared
from .frontier.combining import Accuracy, Combined, combined
from .frontier.recombined import recombined
from .grounds import grounds
from .guarding import Outcomes, guard
from .keeping import TIMINGS
from .kept_run import kept_answers, kept_exam, kept_file
from .locked import restored
from .looking import judged, take_looks
from .redeclared import test_set, variants
from .retracing import Trail
from .timing.figures import Trials
from .timing.kept_trials import kept_trials
from .timing.retimed import retimed
from .variants import Prepared

#: what damaged or hostile files of a run folder may raise on the way
BROKEN = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, pa.ArrowException,
)  # fmt: skip


@dataclass(frozen=True)
class Recomputed:
    """What the run folder says: comparisons, the exam, and every variant's answers."""

    exam: Exam
    answers: Mapping[str, Predictions]
    comparison: Comparison
    outcomes: Outcomes
    combined: Combined
    trials: Trials


@dataclass
class Desk:
    """Hands out answers that are kept, as far as they go."""

    exam: Exam
    kept: Mapping[str, Predictions]
    found: dict[str, Predictions] = field(default_factory=dict)

    def ask(self, name: str, n: int) -> Predictions:
        """Return a variant's answers to the first samples."""
        if len(self.kept[name]) < n:
            msg = f"{name}: {len(self.kept[name])} answers are kept, and a look needs {n}"
            raise DataError(msg)
        self.found[name] = self.kept[name].first(n)
        return self.found[name]

    def note(self, name: str, n: int, cells: Sequence[Cell]) -> None:
        """Write nothing: the journal tells of it."""


def figures(file: ClaimFile, result: Result, trail: Trail) -> list[Check]:
    """Return the checks of every figure of a claim against those computed again."""
    what = "figures"
    try:
        if trail.rubric is None or trail.entries is None:
            return [unchecked(what, "the journal does not tell which rubric was locked")]
        rubric = _ordered(trail.rubric, result)
        found = recomputed(rubric, result, trail.folder, trail.entries)
        looks = looks_at(trail.entries, {**found.outcomes, **noted_outcomes(trail.entries)})
        sides = variants(found.exam, found.answers, result)
        return [
            *_of_cells(file, found.comparison),
            *grouped("test set", test_set(found.exam, result), f"{len(found.exam.samples):,}"),
            *grouped("variants", sides, f"{len(found.answers)} variants"),
            *grouped("assumptions", _assumptions(found.exam, result), "each is in the claim"),
            *grouped("looks", differences(result.looks, looks), str(looks)),
            *_outcomes(trail.entries, found.outcomes),
            *_verdicts_file(found.comparison, trail.folder),
            *retimed(found.exam, found.answers, result, trail.folder),
            *recombined(found.combined, found.trials, result, trail.entries),
        ]  # fmt: skip
    except PluginError as error:
        return [unchecked(what, str(error))]
    except QuantassayError as error:
        return [differs(what, "", error)]
    except BROKEN as error:
        text = f"the run folder does not hold what it takes: {type(error).__name__}: {error}"
        return [differs(what, "", text)]


def recomputed(rubric: Rubric, result: Result, folder: Path, entries: Entries) -> Recomputed:
    """Judge the answers that a run folder holds, by the rubric that was locked.

    Raises
    ------
    QuantassayError
        If the folder does not hold what it takes.
    """
    exam = kept_exam(rubric, folder)
    answers = kept_answers(exam, folder)
    if exam.order is None:
        comparison = compared(exam, answers)[0]
    else:
        desk = Desk(exam, answers)
        sittings, stopping = take_looks(desk)
        comparison = judged(exam, sittings, {n: desk.found[n] for n in answers}, stopping)[0]
    noted = noted_outcomes(entries)
    sources = _sources(rubric, result)
    comparison, outcomes = guard(exam, sources, answers, comparison, entries, noted)
    why = grounds(comparison.reference, result.variants, result.engines)
    path = folder / TIMINGS
    trials = kept_trials(path, comparison.reference) if path.is_file() else {}
    told = {one.name: one.precision for one in result.variants}
    precisions = {**dict.fromkeys(rubric.variants, ""), **told}
    seen = {**outcomes, **noted}
    accuracy = Accuracy(exam, answers, comparison, why, seen, sources, precisions)
    both = combined(accuracy, trials, entries, result.speeds)
    return Recomputed(exam, answers, both.comparison, outcomes, both, trials)


def _ordered(canonical: Mapping[str, Any], result: Result) -> Rubric:
    """Restore the rubric; the claim keeps the order of its parts, the journal does not."""
    declared = result.rubric_declared
    return restored(declared if declared is not None and declared == canonical else canonical)


def _sources(rubric: Rubric, result: Result) -> dict[str, str]:
    artifacts = {variant.name: variant.artifact for variant in result.variants}
    return {
        name: Prepared(name, declared, artifact=artifacts.get(name)).source
        for name, declared in rubric.variants.items()
    }


def _of_cells(file: ClaimFile, comparison: Comparison) -> Iterator[Check]:
    found: dict[str, Any] = plain(comparison)
    raw, count = file.raw, len(comparison.agreements)
    metrics = differences(raw["metrics"], found["metrics"])
    yield from grouped("metrics", metrics, f"{len(comparison.metrics)} definitions")
    for name in dict.fromkeys([*found["candidates"], *raw["candidates"]]):
        yield from _of_candidate(name, raw["candidates"].get(name, {}), found)
    overall = differences(raw["verdict"], found["verdict"])
    yield from grouped("overall verdict", overall, found["verdict"] or "nothing judged")
    agreements = _keyed(raw["agreements"], found["agreements"])
    yield from grouped("agreements", agreements, f"{count} computed again")
    stopping = differences(raw.get("stopping"), found["stopping"])
    yield from grouped("stopping", stopping, "as declared" if found["stopping"] else "none")


def _of_candidate(
    name: str, claimed: Mapping[str, Any], found: Mapping[str, Any]
) -> Iterator[Check]:
    own = [cell for cell in found["cells"] if cell["candidate"] == name]
    cells = _keyed(claimed.get("accuracy", []), own)
    yield from grouped(f"cells of {name}", cells, f"{len(own)} computed again")
    decision = found["candidates"].get(name) or {}
    said = differences(claimed.get("decision") or {}, decision)
    yield from grouped(f"verdict of {name}", said, decision.get("verdict") or "nothing judged")


def _keyed(claimed: Sequence[Any], found: Sequence[Any]) -> Iterator[Difference]:
    """Compare cells or agreements by what they are of, wherever they stand."""
    said = {_name(one): one for one in claimed}
    if len(said) < len(claimed):
        yield "", f"{len(claimed)} entries", "some stand twice"
    yield from differences(said, {_name(one): one for one in found})


def _name(one: Mapping[str, Any]) -> str:
    what = one.get("metric") or f"{one['name']} of {one['candidate']}"
    return f"{what} @ {stratum_label(one['stratum'])}"


def _outcomes(entries: Entries, found: Outcomes) -> list[Check]:
    """Compare what the journal noted of every pair: rubric, models and counts, as digests."""
    noted = noted_outcomes(entries)
    return grouped(
        "outcomes as noted", differences(noted, found), f"{len(found)} pairs", JOURNAL_AGAIN
    )


def noted_outcomes(entries: Entries) -> Mapping[str, Mapping[str, str]]:
    """Return the outcome of every pair as the journal has it of the last results."""
    results = entries.find("results")
    noted: Mapping[str, Mapping[str, str]] = results[-1].data.get("outcomes", {}) if results else {}
    return noted


def _assumptions(exam: Exam, result: Result) -> Iterator[Difference]:
    """Yield what is assumed and stands in no finding of the claim."""
    for text in exam.assumptions():
        if text not in result.findings:
            yield "", "not in the claim", text


def _verdicts_file(comparison: Comparison, folder: Path) -> list[Check]:
    written = json.loads(kept_file(folder, "verdicts.json").read_text("utf-8"))
    found = json.loads(Json.export(comparison))
    return grouped("verdicts.json", differences(written, found), "computed again", FILE_AGAIN)
