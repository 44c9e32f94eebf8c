"""What a cell depends on, and whether its run is still the run of that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa

from quantassay import __version__, plugins
from quantassay.engines.executor import machine, software
from quantassay.engines.frameworks import versions
from quantassay.formats.digests import by_bytes
from quantassay.formats.recognized import format_of
from quantassay.rubrics.cross.load import LoadedStudy
from quantassay.rubrics.load import Loaded
from quantassay.runs.files import write_json
from quantassay.runs.published import digest_of

from ..asking import Exam, read_exam
from ..making import PACKAGES
from ..progress import Progress
from .cells import Planned

SCHEMA = "quantassay/cross-cell/1"
MOST_BYTES = 1 << 20
Parts = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """The test set of a task by digest, corpus included, and what feeds it to models.

    ``pictures`` is the digest of all image files that samples name, '' where they name none;
    ``headline`` the metric that its rubric declares first.
    """

    data: str
    preprocess: str
    pictures: str
    headline: str


def asked_of(study: LoadedStudy, listen: Progress) -> dict[str, Asked]:
    """Read the test set of every task, which tells beforehand what is wrong with it.

    Raises
    ------
    InputError
        If data, columns or metrics are wrong.
    """
    found = {}
    for name, loaded in study.tasks.items():
        listen.stage(f"reading the test set of {name}")
        exam = read_exam(loaded)
        code = exam.preprocess.source_digest
        first = exam.question.metrics[0].metric.name
        found[name] = Asked(exam.samples.digest, code, _pictures(exam), first)
    return found


def _pictures(exam: Exam) -> str:
    """Return the digest of the image files that samples, also those that calibrate, name."""
    spec, folder = exam.rubric.task.preprocess, exam.loaded.folder
    if spec is None or spec.image is None:
        return ""
    whole = sha256()
    for source in (exam.rubric.task.data, *(c.data for c in exam.rubric.calibrations.values())):
        for batch in exam.stream(source).rows():
            for column in batch.columns:
                if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                    files = (folder / str(value) for value in column.to_pylist())
                    whole.update("".join(digest_of(f) for f in files if f.is_file()).encode())
    return whole.hexdigest()


@dataclass(frozen=True)
class Depends:
    """Tells all that a cell depends on, by digest; a file is read once."""

    study: LoadedStudy
    asked: Mapping[str, Asked]
    _seen: dict[Path, str] = field(default_factory=dict)

    def parts(self, cell: Planned) -> dict[str, Any]:
        """Return what a cell depends on, part by part."""
        loaded, here = self.study.tasks[cell.at.task], machine()
        rubric, own = cell.rubric, self.asked[cell.at.task]
        scheme = plugins.load("schemes", rubric.variants[cell.at.scheme].scheme or "")
        packages = versions(getattr(scheme, "packages", PACKAGES))
        return {
            "rubric": cell.digest,
            "model": self._model(cell.model),
            "data": own.data,
            "calibration": {
                name: self._file(loaded.resolve(one.data.path))
                for name, one in rubric.calibrations.items()
            },
            "code": [own.preprocess, own.pictures, *self._builders(cell, loaded)],
            "scheme": plugins.source_digest(scheme.quantize),
            "software": {**packages, **software(), "quantassay": __version__},
            "processor": [here.processor, *here.instructions, here.usable_cores],
        }

    def _builders(self, cell: Planned, loaded: Loaded) -> list[str]:
        """Return the digests of the user's modules that build a model."""
        found = []
        for variant in cell.rubric.variants.values():
            module = str(variant.engine_options.get("module", "")).partition(":")[0]
            path = loaded.folder / f"{module.replace('.', '/')}.py"
            if module and path.is_file():
                found.append(self._file(path))
        return found

    def _model(self, path: Path) -> str:
        if path not in self._seen:
            form = format_of(path)
            self._seen[path] = form.identify(path).digest if form else by_bytes(path).digest
        return self._seen[path]

    def _file(self, path: Path) -> str:
        if path not in self._seen:
            self._seen[path] = digest_of(path) if path.is_file() else _of_folder(path)
        return self._seen[path]


def _of_folder(folder: Path) -> str:
    whole = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole.update(f"{path.relative_to(folder).as_posix()}\0{digest_of(path)}\0".encode())
    return f"sha256:{whole.hexdigest()}"


def again(parts: Parts) -> str:
    """Return the digest of all that a cell depends on."""
    return f"sha256:{sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()}"


def note_finished(cell: Planned, parts: Parts) -> None:
    """Write down of what the run of a cell is the run; done last, so that it is never too early."""
    journal = digest_of(cell.run / "journal.jsonl")
    note = {"schema": SCHEMA, "again": again(parts), "journal": journal, "parts": parts}
    write_json(cell.note, note)


def why_again(cell: Planned, parts: Parts) -> str:
    """Return why a cell is to be run, by what was noted of its last run; '' where it is not."""
    if not (cell.run / "journal.jsonl").is_file():
        return "not run yet"
    note = _note(cell.note)
    if note is None:
        return "its run did not finish"
    if note.get("journal") != digest_of(cell.run / "journal.jsonl"):
        return "its run folder was written to since"
    if note.get("again") == again(parts):
        return ""
    before = note.get("parts")
    known = before if isinstance(before, dict) else {}
    changed = [name for name in parts if known.get(name) != parts[name]]
    return f"changed: {', '.join(changed) or 'what it depends on'}"


def _note(path: Path) -> dict[str, Any] | None:
    """Read what was noted of a cell; None where there is nothing that a study wrote."""
    try:
        with path.open("rb") as file:
            note = json.loads(file.read(MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return None
    return note if isinstance(note, dict) and note.get("schema") == SCHEMA else None
