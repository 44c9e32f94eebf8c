"""The fastest candidate that passes, chosen so that the choice costs nothing in error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote

from quantassay import __version__
from quantassay.claims.places import portable
from quantassay.engines.executor import machine
from quantassay.errors import RunFolderError
from quantassay.exports.json import Json
from quantassay.records.cells import Verdict
from quantassay.records.plain import plain
from quantassay.records.result import Amendment
from quantassay.records.selection import Attempt, Selection
from quantassay.rubrics.load import Loaded, load
from quantassay.runs.folder import RunFolder
from quantassay.runs.history import amendments, note_results, times_seen
from quantassay.runs.journal import now
from quantassay.runs.published import note_published
from quantassay.runs.recording import record_predictions
from quantassay.verdicts.selection import (
    Rule,
    after_choice,
    chosen,
    guarantee,
    outcome,
    tried,
)

from .steps.asking import read_exam
from .steps.calibrating import calibration_sets
from .steps.folders import default_folder, lock, warnings_of
from .steps.keeping import predictions_of
from .steps.looking import Room
from .steps.progress import Progress, Silent
from .steps.selection.candidates import Candidates
from .steps.selection.participants import at_level, narrowed, rule_of, turns
from .steps.selection.speed_first import judged_first
from .steps.timing.timed import Timed, time_variants
from .steps.variants import prepare_variants

SCHEMA = "quantassay/selection/1"
WRITTEN, RUN = "selection.json", "verdicts.json"


def select(
    rubric: str | Path,
    out: str | Path | None = None,
    *,
    allow_missing: bool = False,
    progress: Progress | None = None,
) -> Selection:
    """Choose the fastest candidate of a rubric that passes, by the procedure it declares.

    All that run here are timed; then candidates are tried one after the other, each run only as
    far as its verdict needs. Looks that the rubric declares end hopeless ones early.

    Parameters
    ----------
    rubric
        The rubric's file; ``selection`` in it says how, fastest-first by default.
    out
        The folder of the selection; ``runs/<rubric>-select`` by default.
    allow_missing
        Judge recorded samples that are absent at their worst instead of refusing.
    progress
        Told what is going on.

    Returns
    -------
    Selection
        Who was chosen, how seldom that is wrong, and what was tried; ``selection.json`` too.

    Raises
    ------
    QuantassayError
        If anything in the rubric, the data, a model or the folder is wrong, or nothing can be
        chosen by it.
    """
    loaded, listen = load(rubric), progress or Silent()
    rule = rule_of(loaded)
    exam = read_exam(loaded)
    with RunFolder(Path(out) if out else default_folder(loaded, "-select")) as folder:
        _refuse_run(folder.path)
        lock(folder, exam, (WRITTEN,))
        sets = calibration_sets(exam)
        prepared = prepare_variants(
            narrowed(loaded), sets, folder.path, lambda name: listen.stage(f"preparing {name}")
        )
        exam = at_level(exam, rule)
        timed = time_variants(exam, prepared, {}, listen)
        sources = {name: one.source for name, one in prepared.items()}
        speeds = judged_first(exam, timed, sources, folder.journal)
        room = Room(exam, prepared, folder, allow_missing, listen)
        candidates = Candidates(room, speeds, timed.checks)
        order, left_out = turns(loaded, rule, timed.speeds)
        found = list(tried(rule, order, candidates.judge))
        candidates.check_outputs()
        attempts = [
            *(candidates.attempt(name, _untried(rule)) for name in order),
            *(Attempt(name, None, why, left_out=True) for name, why in left_out.items()),
        ]
        selection = _selection(loaded, rule, candidates, timed, found, attempts)
        selection = replace(selection, findings=(*sets.findings, *selection.findings))
        return _publish(selection, candidates, folder)


def _refuse_run(folder: Path) -> None:
    """Refuse the folder of a run, whose claim the journal would no longer be that of."""
    if (folder / RUN).exists():
        msg = f"{folder}: holds a run, and a selection has a folder of its own; name another one"
        raise RunFolderError(msg)


def _untried(rule: Rule) -> str:
    fast = rule.procedure == "fastest-first"
    return f"not tried: {'a faster one passed' if fast else 'one before it did not pass'}"


def _selection(
    loaded: Loaded,
    rule: Rule,
    candidates: Candidates,
    timed: Timed,
    found: Sequence[tuple[str, Verdict | None]],
    attempts: Sequence[Attempt],
) -> Selection:
    """Return what was chosen, all but what the journal tells."""
    timing, choice = loaded.rubric.timing, chosen(found)
    verdict = outcome(choice, [one.verdict for one in attempts])
    return Selection(
        rubric=loaded.rubric.rubric,
        rubric_digest=loaded.digest,
        rubric_locked=candidates.room.folder.journal.find("rubric")[-1].time,
        task=loaded.rubric.task.name,
        made=now(),
        quantassay=__version__,
        procedure=rule.procedure,
        alpha=rule.alpha,
        level=rule.level,
        candidates=rule.candidates,
        reference=candidates.reference,
        chosen=choice,
        verdict=verdict,
        reason=_reason(choice, verdict, attempts),
        guarantee=guarantee(rule, timing.speedup if timing else None),
        after_choice=after_choice(rule) if choice else "",
        attempts=tuple(attempts),
        comparison=candidates.comparison(),
        samples_run=candidates.samples_run(),
        samples_full=candidates.samples_full(),
        test_set=len(candidates.room.exam.samples),
        conditions=timed.conditions,
        machine=machine(),
        engines=candidates.room.uses,
        findings=_findings(loaded, candidates, timed),
        reproduce=f"quantassay select {quote(portable(loaded.path.as_posix()))}",
        folder=str(candidates.room.folder.path),
    )


def _findings(loaded: Loaded, candidates: Candidates, timed: Timed) -> tuple[str, ...]:
    own = (*candidates.findings(), *candidates.room.exam.assumptions())
    run = (text for name in candidates.room.found for text in timed.own.get(name, ()))
    return (*warnings_of(loaded), *own, *timed.findings, *run)


def _reason(choice: str | None, verdict: Verdict, attempts: Sequence[Attempt]) -> str:
    if choice is not None:
        return next(one.reason for one in attempts if one.candidate == choice)
    if verdict == "fail":
        return "every candidate failed" if len(attempts) > 1 else "the candidate failed"
    open_ = [one.candidate for one in attempts if one.verdict != "fail"]
    return f"none passed; undecided or not tried: {', '.join(open_)}"


def _publish(selection: Selection, candidates: Candidates, folder: RunFolder) -> Selection:
    """Note the results in the journal first, then write what was chosen."""
    seen = "" if selection.comparison is None else Json.export(selection.comparison)
    note_results(folder.journal, seen, candidates.outcomes)
    times = [times_seen(folder.journal, *pair) for pair in candidates.outcomes.items()]
    changed = tuple(Amendment(*change) for change in amendments(folder.journal))
    selection = replace(selection, looks=max(times, default=1), amendments=changed)
    files = [WRITTEN]
    for name, predictions in candidates.room.found.items():
        files.append(predictions_of(name))
        record_predictions(folder.path / files[-1], predictions)
    folder.write_json(WRITTEN, {"schema": SCHEMA, **plain(selection)})
    note_published(folder.journal, folder.path, files)
    folder.journal.append("finished")
    return selection
