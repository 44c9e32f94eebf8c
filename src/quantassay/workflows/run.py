"""The main job: a rubric in, a verdict out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote

from quantassay import __version__
from quantassay.claims.build import claim
from quantassay.claims.disclosures import disclosures
from quantassay.claims.places import portable
from quantassay.engines.executor import machine, software
from quantassay.exports.json import Json
from quantassay.records.artifacts import VariantFacts
from quantassay.records.cells import Comparison
from quantassay.records.result import Amendment, Result
from quantassay.records.samples import Predictions
from quantassay.records.speed import Conditions
from quantassay.reports.document import document
from quantassay.reports.html import render as html
from quantassay.reports.markdown import render as markdown
from quantassay.rubrics.digest import canonical
from quantassay.rubrics.load import load
from quantassay.runs.folder import RunFolder
from quantassay.runs.history import (
    amendments,
    note_measured,
    note_results,
    note_timed,
)
from quantassay.runs.journal import Journal, now
from quantassay.runs.published import note_published
from quantassay.verdicts.triple import triples

from .steps.answering import Answers, answer_all
from .steps.asking import Exam, read_exam
from .steps.calibrating import calibration_sets
from .steps.comparing import compared
from .steps.diagnosing.checkpoints import checked_checkpoints
from .steps.diagnosing.once import looked_once
from .steps.diagnosing.writing import TENDENCIES, write_tendencies
from .steps.drawing import drawn_study
from .steps.executor.specification import specified
from .steps.folders import default_folder, lock, warnings_of
from .steps.frontier.combining import Accuracy, combined, digest_of_trials
from .steps.grounds import alike, grounds, misnamed, withhold
from .steps.guarding import guard
from .steps.keeping import keep, published
from .steps.looking import look_by_look
from .steps.progress import Progress, Silent
from .steps.repeating import noise_floor
from .steps.resting import rests_on_one
from .steps.studying import study
from .steps.timing.speedup import judged_speeds
from .steps.timing.timed import time_variants
from .steps.untruths import untruths
from .steps.variants import Prepared, prepare_variants

REPORTS = ("verdicts.json", "claim.json", "claim.json.sig", "report.md", "report.html", *TENDENCIES)


def run(
    rubric: str | Path,
    out: str | Path | None = None,
    *,
    allow_missing: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Run every variant of a rubric and give each its verdict.

    Parameters
    ----------
    rubric
        The rubric's file.
    out
        The run folder; ``runs/<rubric>`` by default. A run that was cut off goes on there.
    allow_missing
        Judge recorded samples that are absent at their worst instead of refusing.
    progress
        Told what is going on.

    Returns
    -------
    Result
        Every cell, verdict and figure; written to ``result.folder`` too.

    Raises
    ------
    QuantassayError
        If anything in the rubric, the data, a model or the folder is wrong.
    """
    loaded, listen = load(rubric), progress or Silent()
    checked_checkpoints(loaded)
    exam = read_exam(loaded)
    with RunFolder(Path(out) if out else default_folder(loaded)) as folder:
        lock(folder, exam, REPORTS)
        return _run(exam, folder, allow_missing, listen)


def _run(exam: Exam, folder: RunFolder, allow_missing: bool, listen: Progress) -> Result:
    """Run, judge and time every variant of a rubric that the journal has locked."""
    sets = calibration_sets(exam)
    variants = prepare_variants(exam.loaded, sets, folder.path, _stage(listen, "preparing"))
    drawn = drawn_study(exam, sets)
    if exam.order is None:
        answers = answer_all(exam, variants, folder, allow_missing, listen)
        comparisons = compared(exam, answers.predictions)
    else:
        answers, comparisons = look_by_look(exam, variants, folder, allow_missing, listen)
    note_measured(folder.journal, {name: one.identity for name, one in variants.items()})
    accuracy, judged = _accuracy(exam, variants, answers, comparisons, folder.journal)
    studied = study(exam, sets, drawn, variants, answers.predictions, folder, listen)
    timed = time_variants(exam, variants, answers.predictions, listen)
    if timed.trials:
        note_timed(folder.journal, accuracy.pairs, digest_of_trials(timed.trials))
    keep(folder.path, exam, answers.repeated, timed.trials)
    both = combined(accuracy, timed.trials, folder.journal, timed.speeds)
    result = _result(exam, variants, answers, [both.comparison, *judged[1:]])
    rests = rests_on_one(studied, result.comparison, variants)
    tendencies, unseen = looked_once(exam, variants, listen, folder.path)
    result = replace(
        result,
        speeds=judged_speeds(timed.speeds, both.speedups),
        frontiers=both.frontiers,
        triples=triples(result.comparison),
        executor=specified(exam, result.variants, answers.uses, _timed_by(timed.conditions)),
        conditions=timed.conditions,
        calibration_study=studied,
        tendencies=tendencies,
        findings=(
            *sets.findings,
            *rests,
            *result.findings,
            *timed.said,
            *unseen,
        ),
        folder=str(folder.path),
        rubric_locked=folder.journal.find("rubric")[-1].time,
    )
    return _publish(result, folder, accuracy.outcomes, judged[0])


def _accuracy(
    exam: Exam,
    variants: Mapping[str, Prepared],
    answers: Answers,
    comparisons: list[Comparison],
    journal: Journal,
) -> tuple[Accuracy, list[Comparison]]:
    """Return what was found of accuracy, and each comparison with its verdicts withheld."""
    sources = {name: variant.source for name, variant in variants.items()}
    comparisons[0], outcomes = guard(exam, sources, answers.predictions, comparisons[0], journal)
    facts = [one.facts() for one in variants.values()]
    why = [grounds(each.reference, facts, answers.uses) for each in comparisons]
    precisions = {name: one.precision for name, one in variants.items()}
    first = Accuracy(
        exam, answers.predictions, comparisons[0], why[0], outcomes, sources, precisions
    )
    return first, [*map(withhold, comparisons, why)]


def _timed_by(conditions: Conditions | None) -> tuple[str, str] | None:
    return None if conditions is None else (conditions.protocol, conditions.driver)


def _stage(listen: Progress, verb: str) -> Callable[[str], object]:
    return lambda name: listen.stage(f"{verb} {name}")


def _result(
    exam: Exam,
    variants: Mapping[str, Prepared],
    answers: Answers,
    comparisons: Sequence[Comparison],
) -> Result:
    """Return what was measured, all but throughput and what the journal tells."""
    loaded, reference = exam.loaded, answers.predictions[exam.rubric.references[0]]
    facts = _facts(variants, answers)
    return Result(
        rubric=loaded.rubric.rubric,
        rubric_digest=loaded.digest,
        rubric_declared=canonical(loaded.rubric),
        made=now(),
        quantassay=__version__,
        test_set=exam.test_set(),
        metrics=comparisons[0].metrics,
        comparison=comparisons[0],
        others=tuple(comparisons[1:]),
        variants=facts,
        noise_floor=noise_floor(exam, reference, answers.repeated),
        machine=machine(),
        software=software(),
        engines=answers.uses,
        findings=(
            *warnings_of(loaded),
            *untruths(variants, alike(exam.rubric.references[0], facts, answers.uses)),
            *misnamed(facts, answers.uses),
            *exam.assumptions(),
        ),
        reproduce=f"quantassay run {quote(portable(loaded.path.as_posix()))}",
    )


def _facts(variants: Mapping[str, Prepared], answers: Answers) -> tuple[VariantFacts, ...]:
    found = []
    for name, variant in variants.items():
        predictions: Predictions = answers.predictions[name]
        failed = predictions.ids[predictions.failed | predictions.absent]
        ids = tuple(str(i) for i in failed[:20])
        found.append(replace(variant.facts(), failed=len(failed), failed_ids=ids))
    return tuple(found)


def _publish(
    result: Result,
    folder: RunFolder,
    outcomes: Mapping[str, Mapping[str, str]],
    accuracy: Comparison,
) -> Result:
    """Note the results in the journal first, those of accuracy alone; then write every report."""
    written = Json.export(result.comparison)
    looks = note_results(folder.journal, Json.export(accuracy), outcomes, written)
    changed = tuple(Amendment(*change) for change in amendments(folder.journal))
    result = replace(result, looks=looks, amendments=changed)
    result = replace(result, disclosures=disclosures(result))
    view = document(result)
    folder.write("verdicts.json", written)
    folder.write_json("claim.json", claim(result))
    folder.write("report.md", markdown(view))
    folder.write("report.html", html(view))
    if result.tendencies is not None:
        write_tendencies(folder, result.tendencies, result.comparison)
    note_published(folder.journal, folder.path, published(result))
    folder.journal.append("finished")
    return result
