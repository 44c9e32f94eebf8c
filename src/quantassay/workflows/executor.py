"""The executor: of this machine, of a rubric's variants here, or as a file tells of it."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from quantassay.claims.executors.document import SCHEMA, executor_document
from quantassay.claims.executors.reading import read_executor
from quantassay.errors import InputError, PluginError
from quantassay.records.executor import EngineUse, ExecutorSpecification
from quantassay.rubrics.load import load
from quantassay.runs.files import write_json
from quantassay.runs.finished import claim_in
from quantassay.runs.journal import now

from .steps.asking import read_exam
from .steps.calibrating import calibration_sets
from .steps.executor.specification import specified, this_machine, used
from .steps.progress import Progress, Silent
from .steps.variants import prepare_variants

RUBRICS = (".yaml", ".yml")


def executor(
    source: str | Path | None = None, *, progress: Progress | None = None
) -> ExecutorSpecification:
    """Return an executor: everything that makes a number, by layer.

    Parameters
    ----------
    source
        None: this machine. A rubric: its variants too, each opened here. A run folder, a claim or
        an executor file: the one that it tells of.
    progress
        Told what is going on.

    Raises
    ------
    QuantassayError
        If the file, or a variant of the rubric, is wrong.
    """
    if source is None:
        return ExecutorSpecification(now(), this_machine())
    path = Path(source)
    if path.suffix in RUBRICS:
        return _of_rubric(path, progress or Silent())
    return read_executor(claim_in(path))


def _of_rubric(path: Path, listen: Progress) -> ExecutorSpecification:
    """Make and open every variant of a rubric; one whose engine is not here says so."""
    exam = read_exam(load(path))
    timing = exam.rubric.timing
    timed = None if timing is None else (timing.protocol, "unknown")
    uses: dict[str, EngineUse] = {}
    notes: dict[str, str] = {}
    with TemporaryDirectory(prefix="quantassay-executor-") as folder:
        variants = prepare_variants(
            exam.loaded,
            calibration_sets(exam),
            Path(folder),
            lambda name: listen.stage(f"preparing {name}"),
        )
        for name, variant in variants.items():
            if variant.recorded is None:
                listen.stage(f"opening {name}")
                try:
                    uses[name] = used(exam, variant)
                except PluginError as error:
                    notes[name] = f"does not run here: {error}"
        facts = [one.facts() for one in variants.values()]
    return specified(exam, facts, uses, timed, notes)


def write_executor(path: Path, found: ExecutorSpecification) -> None:
    """Write an executor as a file, over nothing but an earlier one.

    Raises
    ------
    InputError
        If another file stands there.
    RunFolderError
        If the file cannot be written.
    """
    if path.exists() and not _is_executor(path):
        msg = f"{path} is there already and is no executor: name another file for --out"
        raise InputError(msg)
    write_json(path, executor_document(found))


def _is_executor(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return f'"schema": {json.dumps(SCHEMA)}'.encode() in file.read(200)
