"""Which cells a study has, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from quantassay.records.cross import At
from quantassay.rubrics.cross.cell import LEFT_OUT, CellRubric
from quantassay.rubrics.cross.load import LoadedStudy
from quantassay.rubrics.cross.places import cell_folder, slug
from quantassay.rubrics.cross.written import cell_text
from quantassay.rubrics.digest import digest
from quantassay.rubrics.model import Rubric
from quantassay.runs.files import write_text


@dataclass(frozen=True)
class Planned:
    """A cell as the study declares it; ``folder`` is its own, within that of the study."""

    cell: CellRubric
    folder: Path

    @property
    def at(self) -> At:
        """Its place in the cross."""
        return self.cell.at

    @property
    def name(self) -> str:
        """Its place in words."""
        return f"{self.at.task} / {self.at.model} / {self.at.scheme}"

    @property
    def run(self) -> Path:
        """Its run folder."""
        return self.folder / "run"

    @property
    def note(self) -> Path:
        """What says of which things its run is the run."""
        return self.folder / "cell.json"

    @cached_property
    def rubric(self) -> Rubric:
        """Its rubric."""
        return self.cell.rubric

    @cached_property
    def digest(self) -> str:
        """The digest of its rubric."""
        return digest(self.rubric)

    @property
    def model(self) -> Path:
        """The model file that the scheme starts from."""
        return self.cell.base / (self.rubric.variants[self.cell.reference].model or "")

    def write_rubric(self) -> Path:
        """Write its rubric as the file that `run` takes."""
        path = self.folder / "assay.yaml"
        write_text(path, cell_text(self.cell, self.folder))
        return path


def default_study_folder(study: LoadedStudy) -> Path:
    """Return the folder of a study whose user named none: ``runs/<study>``."""
    return Path("runs") / slug(study.file.study)


def planned_cells(study: LoadedStudy, folder: Path) -> tuple[Planned, ...]:
    """Return every cell, in the order in which they run."""
    return tuple(Planned(cell, cell_folder(folder, cell.at)) for cell in study.cells)


def left_out(study: LoadedStudy) -> Iterator[str]:
    """Yield in words what is declared and no cell of this study measures."""
    for name, scheme in study.file.schemes.items():
        if tasks := [task for task in study.file.tasks if not scheme.applies(task)]:
            yield f"{name} is not applied to {', '.join(tasks)}, as the study declares"
    for task, loaded in study.tasks.items():
        for key in LEFT_OUT:
            if getattr(loaded.rubric, key) is not None:
                yield f"{task}: the {key!r} of its rubric is left to `quantassay run`"
        tendencies = loaded.rubric.tendencies
        if tendencies is not None and tendencies.checkpoints:
            yield f"{task}: the checkpoints of its rubric, which are of one model, are left out"


def no_longer_declared(cells: Sequence[Planned], folder: Path) -> Iterator[str]:
    """Yield in words which cells were run here and stand in the study no more."""
    here = {cell.folder.relative_to(folder) for cell in cells}
    ran = (path.parents[1] for path in sorted(folder.glob("cells/*/*/*/run/journal.jsonl")))
    gone = [one for path in ran if (one := path.relative_to(folder)) not in here]
    if gone:
        names = ", ".join(" / ".join(path.parts[1:]) for path in gone)
        yield f"run here before, and declared in the study no more: {names}"
