"""Look for tendencies in the variants of a rubric: shown beside what was measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from quantassay.records.cells import Comparison
from quantassay.records.tendencies import Tendencies
from quantassay.rubrics.digest import canonical
from quantassay.rubrics.load import Loaded, load
from quantassay.runs.finished import require_finished
from quantassay.runs.folder import RunFolder

from .steps.asking import Exam, read_exam
from .steps.calibrating import calibration_sets
from .steps.diagnosing.checkpoints import checked_checkpoints
from .steps.diagnosing.look import look
from .steps.diagnosing.writing import write_tendencies
from .steps.folders import default_folder, refuse_study
from .steps.progress import Progress, Silent
from .steps.quoting import read_verdicts
from .steps.variants import Prepared, prepare_variants


@dataclass(frozen=True)
class Diagnosed:
    """What was looked for, what a finished run measured, and where the reports stand."""

    tendencies: Tendencies
    comparison: Comparison | None
    folder: str


def diagnose(
    rubric: str | Path, out: str | Path | None = None, *, progress: Progress | None = None
) -> Diagnosed:
    """Look for tendencies in every variant of a rubric.

    Where the folder holds a finished run of the same rubric, data and model files, its verdict and
    loss are shown beside them. The run itself is not touched.

    Parameters
    ----------
    rubric
        The rubric's file; ``tendencies`` in it says how far to look.
    out
        The run folder; ``runs/<rubric>`` by default.
    progress
        Told what is going on.

    Returns
    -------
    Diagnosed
        Written as ``tendencies.json``, ``tendencies.md`` and ``tendencies.html`` too.

    Raises
    ------
    QuantassayError
        If anything in the rubric, the data, a model or the folder is wrong.
    """
    loaded, listen = load(rubric), progress or Silent()
    checked_checkpoints(loaded)
    exam = read_exam(loaded)
    with (
        RunFolder(Path(out) if out else default_folder(loaded)) as folder,
        TemporaryDirectory(prefix="quantassay-") as work,
    ):
        refuse_study(folder)
        variants = _prepared(loaded, exam, Path(work), listen)
        found = look(exam, variants, listen)
        comparison, why = _measured(folder, exam, variants)
        found = replace(found, findings=(*found.findings, *why))
        write_tendencies(folder, found, comparison)
        return Diagnosed(found, comparison, str(folder.path))


def _prepared(loaded: Loaded, exam: Exam, work: Path, listen: Progress) -> dict[str, Prepared]:
    return prepare_variants(
        loaded, calibration_sets(exam), work, lambda name: listen.stage(f"preparing {name}")
    )


def _measured(
    folder: RunFolder, exam: Exam, variants: Mapping[str, Prepared]
) -> tuple[Comparison | None, tuple[str, ...]]:
    """Return what a finished run of the same rubric and models measured, or why there is none."""
    journal = folder.journal
    if not (folder.path / "verdicts.json").exists():
        return None, ()
    require_finished(folder.path)
    asked = journal.find("rubric")[-1].data
    same = _judging(asked["canonical"]) == _judging(canonical(exam.rubric))
    if not same or asked["data"] != exam.samples.digest:
        return None, ("the run in this folder was of another rubric or other data: not shown",)
    answered = {name: one.identity for name, one in variants.items()}
    before = journal.find("measured")[-1].data["variants"]
    other = [name for name, identity in answered.items() if before.get(name) != identity]
    if other:
        said = f"the run in this folder measured other models ({', '.join(other)}): not shown"
        return None, (said,)
    return read_verdicts(folder.path), ()


def _judging(form: Mapping[str, Any]) -> str:
    """Return a rubric's canonical form without what nothing is judged by."""
    kept = {name: value for name, value in form.items() if name != "tendencies"}
    return json.dumps(kept, sort_keys=True)
