"""A first rubric: what can be seen is filled in, what only a person can declare is listed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from quantassay import plugins
from quantassay.errors import DataError, QuantassayError, RubricError, nearest
from quantassay.formats.recognized import format_of
from quantassay.readers.inputs.preprocessing import build_preprocess
from quantassay.readers.inputs.stream import InputStream
from quantassay.readers.recognized import reader_of
from quantassay.rubrics.columns import Sighting, sight, wide
from quantassay.rubrics.declarations import declarations
from quantassay.rubrics.drafted_preprocessing import drafted_preprocessing
from quantassay.rubrics.drafting import Seen, draft_text
from quantassay.rubrics.drafting_log import DECLARE_OF_A_LOG, SeenLog, draft_log_text
from quantassay.rubrics.guesses import Guess, guess
from quantassay.rubrics.margins import margin_costs
from quantassay.rubrics.model import Preprocessing
from quantassay.rubrics.schema import FILE, ID, schema_text
from quantassay.rubrics.signature import Signature, onnx_signature
from quantassay.rubrics.trial import Trial, look
from quantassay.runs.files import write_text

READER = "table"
ENGINE = "onnxruntime"
ONNX = "onnx"
ALPHA = 0.025
TRIED = 64
NAMELESS = {"", "test", "val", "valid", "validation", "eval", "data", "samples"}


@dataclass(frozen=True)
class Drafted:
    """Where the rubric was written, and what to tell its author, a line each."""

    path: Path
    lines: tuple[str, ...]


def draft(
    data: Path,
    model: Path | None = None,
    out: Path = Path("assay.yaml"),
    force: bool = False,
    gold: Sequence[Path] = (),
    task: str | None = None,
    candidate: Path | None = None,
) -> Drafted:
    """Write a rubric that loads as it is and judges nothing until a margin is declared.

    Parameters
    ----------
    data
        A labelled test set, in any form that the reader ``table`` opens; or another tool's log.
    model
        The reference, an ONNX file; a few samples are run through it where that is possible.
    out
        The file to write; the JSON Schema that editors complete from is put beside it.
    force
        Overwrite a file that is there.
    gold
        Files of gold answers of a log that has them apart.
    task
        Task of a log that holds several; the first by default.
    candidate
        Log of the other variant.

    Raises
    ------
    QuantassayError
        If the file is there already, or data or model cannot be read.
    """
    if out.exists() and not force:
        msg = f"{out}: is there already: choose another --out, or --force to overwrite it"
        raise RubricError(msg)
    reader = reader_of(data)
    if hasattr(reader, "read_log"):
        return _from_log(reader, data, out, gold, task, candidate)
    seen = _see(data, model, out.parent)
    write_text(out, draft_text(seen))
    beside = _put_schema(out.with_name(FILE))
    return Drafted(out, (f"wrote {out}{beside}", *declarations(seen, str(out))))


def _from_log(
    reader: Any,
    data: Path,
    out: Path,
    gold: Sequence[Path],
    task: str | None,
    candidate: Path | None,
) -> Drafted:
    """Write a rubric for one task of a log."""
    found = {one.task: one for one in reader.read_log(data, gold)}
    if task is not None and task not in found:
        msg = f"{data}: no task {task!r}{nearest(task, found)}; there are: {', '.join(found)}"
        raise DataError(msg)
    chosen = next(iter(found)) if task is None else task
    one = found[chosen]
    seen = SeenLog(
        title=chosen or _title(data.resolve()),
        path=_relative(data, out.parent),
        reader=reader.name,
        format=one.format,
        rows=one.table.num_rows,
        task=chosen,
        gold=tuple(_relative(each, out.parent) for each in gold),
        metrics=[plugins.spelled(spec) for spec in one.metrics or ("top1",)],
        strata=one.strata,
        cluster=one.cluster,
        others=[name for name in found if name != chosen],
        candidate=None if candidate is None else _relative(candidate, out.parent),
    )
    write_text(out, draft_log_text(seen))
    beside = _put_schema(out.with_name(FILE))
    notes = [f"seen: {note}" for note in one.notes]
    left = DECLARE_OF_A_LOG[candidate is not None :]
    return Drafted(out, (f"wrote {out}{beside}", *notes, *left))


def _put_schema(path: Path) -> str:
    """Write the schema that editors complete from, unless another file has its name."""
    if path.exists() and ID not in path.read_text(encoding="utf-8", errors="replace"):
        return f"; {path.name} is a file of yours and stays as it is"
    write_text(path, schema_text())
    return f" and {path.name}, from which editors complete keys"


def _see(data: Path, model: Path | None, folder: Path) -> Seen:
    form = None if model is None else format_of(model)
    # what no format recognizes is read as ONNX, which says what is wrong with it
    is_onnx = model is not None and (form is None or form.name == ONNX)
    signature = onnx_signature(model) if model is not None and is_onnx else None
    sighting = _sighting(data)
    found = guess(sighting, signature)
    target = sighting.column(found.target) if found.target else None
    sizes = list(target.counts.values()) if target else []
    return Seen(
        title=_title(data.resolve()),
        path=_relative(data, folder),
        data=sighting,
        guess=found,
        model=None if model is None else _relative(model, folder),
        signature=signature,
        schemed=model is None or is_onnx,
        trial=_trial(data, model, sighting, found, signature),
        costs=tuple(margin_costs(sighting.rows, sizes, ALPHA)),
    )


def _sighting(data: Path) -> Sighting:
    reader = plugins.load("readers", READER)
    schema = reader.columns(data)
    dear = wide(schema)
    cheap = [name for name in schema.names if name not in dear]
    return sight(reader.read(data, cheap) if cheap else (), reader.read(data, dear) if dear else ())


def _title(data: Path) -> str:
    """Name the data by its file, or by the nearest folder whose name says something."""
    names = [data.name.partition(".")[0], *(folder.name for folder in data.parents)]
    return next((name for name in names if name.lower() not in NAMELESS), "data")


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _trial(
    data: Path, model: Path | None, sighting: Sighting, found: Guess, signature: Signature | None
) -> Trial:
    """Run a few samples; whatever stops that is a finding, not an error."""
    if model is None or found.input is None:
        return Trial(why="no model was given" if model is None else "no input was recognized")
    try:
        return _answers(data, model, sighting, found, signature)
    except QuantassayError as error:
        return Trial(why=str(error).splitlines()[0])


def _answers(
    data: Path, model: Path, sighting: Sighting, found: Guess, signature: Signature | None
) -> Trial:
    form = format_of(model)
    session = plugins.load("engines", form.engine if form else ENGINE).open(model, {})
    spec = drafted_preprocessing(sighting, found, signature)
    declared = Preprocessing(**spec).model_dump(exclude_none=True) if spec else None
    size = session.fixed_batch or TRIED
    stream = InputStream(
        plugins.load("readers", READER),
        data,
        size,
        found.input,
        preprocess=build_preprocess(declared, data.parent),
    )
    batches = islice(stream, -(-TRIED // size))
    outputs = [next(iter(session.run(feeds).values())) for _, feeds in batches]
    session.close()
    rows = np.concatenate(outputs)
    return look(rows, _targets(data, found.target, len(rows)), _classes(sighting, found))


def _targets(data: Path, target: str | None, n: int) -> list[Any] | None:
    if target is None:
        return None
    batches = plugins.load("readers", READER).read(data, [target], n)
    return next(iter(batches)).column(0).to_pylist()[:n]  # type: ignore[no-any-return]


def _classes(sighting: Sighting, found: Guess) -> list[Any]:
    column = sighting.column(found.target) if found.target else None
    return list(column.counts) if column else []
