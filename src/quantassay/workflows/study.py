"""A cross of tasks, models, schemes and metrics: one run a cell, and what they say together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from typing import Any

from quantassay import __version__
from quantassay.claims.places import portable
from quantassay.engines.executor import machine, software
from quantassay.errors import (
    ArtifactError,
    InputError,
    PluginError,
    RubricError,
    RunFolderError,
    reason,
)
from quantassay.records.cross import Cross, CrossCell
from quantassay.records.plain import plain
from quantassay.reports.cross import document
from quantassay.reports.html import render as html
from quantassay.reports.markdown import render as markdown
from quantassay.reports.names import counted
from quantassay.rubrics.cross.load import LoadedStudy, load_study
from quantassay.runs.folder import RunFolder
from quantassay.runs.journal import now
from quantassay.verdicts.axes import outcome_counts

from .run import run
from .steps.cross.again import Depends, Parts, asked_of, note_finished
from .steps.cross.cells import (
    Planned,
    default_study_folder,
    left_out,
    no_longer_declared,
    planned_cells,
)
from .steps.cross.contrasts import axes_of
from .steps.cross.found import Found, found, not_applied
from .steps.cross.history import Declared, note_ran, noted, study_in
from .steps.cross.unlike import unlike
from .steps.progress import Progress, Silent

SCHEMA = "quantassay/cross/1"
WRITTEN, RUN = "study.json", "verdicts.json"


def study(
    file: str | Path,
    out: str | Path | None = None,
    *,
    progress: Progress | None = None,
) -> Cross:
    """Run every cell of a study that is not finished, and say what all of them say together.

    A cell is a rubric of its own, with a run folder of its own. Cells whose run is finished, and
    of what they would be run on now, are read back from there.

    Parameters
    ----------
    file
        The study's file.
    out
        The folder of the study; ``runs/<study>`` by default.
    progress
        Told what is going on.

    Returns
    -------
    Cross
        Every cell and penalty, and whether task, model and metric move it; ``study.json`` too.

    Raises
    ------
    QuantassayError
        If anything in the study, a rubric, the data or the folder is wrong; what is finished by
        then is kept.
    """
    loaded, listen = load_study(file), progress or Silent()
    depends, place = Depends(loaded, asked_of(loaded, listen)), _place(loaded, out)
    cells = planned_cells(loaded, place)
    parts = {cell.name: depends.parts(cell) for cell in cells}
    with RunFolder(place) as folder:
        before = {cell.name: found(cell, parts[cell.name], folder.path) for cell in cells}
        listen.stage(_told(before))
        desk = _Desk(folder, listen, len(cells))
        done = tuple(
            before[cell.name].cell or desk.run(number, cell, parts[cell.name])
            for number, cell in enumerate(cells, 1)
        )
        declared = Declared(
            cells[0].rubric.confidence, {name: one.headline for name, one in depends.asked.items()}
        )
        told, since = noted(folder, done, declared)
        findings = (*unlike(loaded, cells, parts), *since)
        return _publish(_cross(loaded, cells, told, declared, findings, folder.path), folder)


def _place(loaded: LoadedStudy, out: str | Path | None) -> Path:
    """Return the folder of a study; refuse that of a run, or of a study by another name."""
    folder = Path(out) if out else default_study_folder(loaded)
    if (folder / RUN).exists():
        msg = f"{folder}: holds a run, and a study has a folder of its own; name another one"
        raise RunFolderError(msg)
    other = study_in(folder)
    if other and other != loaded.file.study:
        msg = (
            f"{folder}: holds the study {other!r}, and {loaded.at('study')}: is "
            f"{loaded.file.study!r}; name another folder with --out"
        )
        raise RunFolderError(msg)
    return folder


def _told(before: Mapping[str, Found]) -> str:
    finished = sum(one.cell is not None for one in before.values())
    cells = counted(len(before), "cell")
    return f"{cells}: {finished} finished before, {len(before) - finished} to run"


@dataclass(frozen=True)
class _Desk:
    """Runs the cells of a study in its folder."""

    study: RunFolder
    listen: Progress
    cells: int

    def run(self, number: int, cell: Planned, parts: Parts) -> CrossCell:
        """Run a cell, and read back from its run folder what it was found to be."""
        cell.note.unlink(missing_ok=True)
        listen = _Named(f"cell {number} of {self.cells} ({cell.name})", self.listen)
        try:
            run(cell.write_rubric(), cell.run, progress=listen)
        except (ArtifactError, PluginError, RubricError) as error:  # rubrics were checked before
            told = reason(error).removeprefix(f"variants.{cell.at.scheme}: ")
            why = told.replace(f"{cell.model.parent.resolve()}/", "")
            listen.stage(f"not measured: {why}")
            return not_applied(cell, why, parts, self.study.path)
        except InputError as error:
            msg = f"{cell.name}: {error}"
            raise type(error)(msg) from error
        note_ran(self.study.journal, self.study.path, cell.run)
        note_finished(cell, parts)
        back = found(cell, parts, self.study.path)
        if back.cell is None:
            msg = f"{cell.run}: {back.why}, while it ran; run the study again"
            raise RunFolderError(msg)
        return back.cell


@dataclass(frozen=True)
class _Named:
    """Says of each stage which cell it is of."""

    name: str
    listen: Progress

    def stage(self, text: str, total: int | None = None) -> Callable[[int], object]:
        """Begin a stage of the cell."""
        return self.listen.stage(f"{self.name}: {text}", total)


def _cross(
    loaded: LoadedStudy,
    cells: tuple[Planned, ...],
    done: tuple[CrossCell, ...],
    declared: Declared,
    findings: tuple[str, ...],
    folder: Path,
) -> Cross:
    """Return what the finished cells say together."""
    runs = {one.at: folder / one.folder for one in done if not one.reason}
    seen = axes_of(runs, declared.confidence, declared.headline)
    return Cross(
        study=loaded.file.study,
        digest=loaded.digest,
        made=now(),
        quantassay=__version__,
        confidence=declared.confidence,
        level=seen.level,
        headline=seen.headline,
        cells=done,
        penalties=seen.penalties,
        contrasts=seen.contrasts,
        answers=seen.answers,
        fragile_at_once=seen.fragile_at_once,
        machine=machine(),
        software=software(),
        findings=(*left_out(loaded), *no_longer_declared(cells, folder), *findings, *seen.findings),
        reproduce=f"quantassay study {quote(portable(loaded.path.as_posix()))}",
        folder=str(folder),
        conclusion=seen.conclusion,
        outcomes=outcome_counts(done),
    )


def study_document(cross: Cross) -> dict[str, Any]:
    """Return what was found as ``study.json`` has it, naming no folder of this machine."""
    return {"schema": SCHEMA, **plain(replace(cross, folder=portable(cross.folder)))}


def _publish(cross: Cross, folder: RunFolder) -> Cross:
    view = document(cross)
    folder.write_json(WRITTEN, study_document(cross))
    folder.write("study.md", markdown(view))
    folder.write("study.html", html(view))
    return cross
