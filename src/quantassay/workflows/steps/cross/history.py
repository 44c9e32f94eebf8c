"""What a study noted in its own journal whenever it told of results, and what changed since.

The journal of a cell tells of amendments as long as its folder stands; that of the study tells of
cells whose folder was deleted, and of those that were added once others had been seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from quantassay.errors import RunFolderError, some
from quantassay.records.cross import At, CrossCell
from quantassay.records.plain import plain
from quantassay.runs.folder import RunFolder
from quantassay.runs.journal import Journal

EVENT, RAN, WRITTEN = "study", "ran", "study.json"
MOST_BYTES = 1 << 28
Told = Mapping[str, Any]


@dataclass(frozen=True)
class Declared:
    """What a study declares for all of its cells: its confidence, and the headline of each task."""

    confidence: float
    headline: Mapping[str, str]


def note_ran(journal: Journal, folder: Path, run: Path) -> None:
    """Note that a cell ran, so that its run folder is known though the study is then cut off."""
    journal.append(RAN, cells={run.relative_to(folder).as_posix(): _began(run)})


def noted(
    folder: RunFolder, cells: Sequence[CrossCell], declared: Declared
) -> tuple[tuple[CrossCell, ...], tuple[str, ...]]:
    """Note which cells a study tells of; return them with what it told before, and the findings.

    Parameters
    ----------
    folder
        Of the study.
    cells
        All of them, in their order; those that were not measured are not noted.
    declared
        Noted beside them.

    Raises
    ------
    RunFolderError
        If its journal holds what no study wrote.
    """
    ran = [one for one in cells if one.triple is not None]
    began = {one.folder: _began(folder.path / one.folder) for one in ran}
    now = {**plain(declared), "cells": began}
    told = [entry.data for entry in folder.journal.find(EVENT)]
    every = told if told and told[-1] == now else [*told, now]
    try:
        begun = _begun([*(entry.data for entry in folder.journal.find(RAN)), *every])
        marked = tuple(
            replace(one, anew=max(len(begun.get(one.folder, ())) - 1, 0)) for one in cells
        )
        findings = tuple(_findings(every, list(begun), marked, folder.path))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        msg = f"{folder.journal.path}: holds what no study wrote; use a new folder"
        raise RunFolderError(msg) from error
    if len(every) > len(told):
        folder.journal.append(EVENT, **now)
    return marked, findings


def study_in(folder: Path) -> str:
    """Return the name of the study that was told of in a folder; '' where none was."""
    try:
        with (folder / WRITTEN).open("rb") as file:
            told = json.loads(file.read(MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return ""
    name = told.get("study") if isinstance(told, dict) else None
    return name if isinstance(name, str) else ""


def _begun(entries: Sequence[Told]) -> dict[str, set[str]]:
    """Return how each run folder began, as often as it did."""
    found: dict[str, set[str]] = {}
    for one in entries:
        for path, digest in one["cells"].items():
            found.setdefault(str(path), set()).add(digest)
    return found


def _began(run: Path) -> str:
    """Return the digest of the first line of a run's journal, which tells of the time too."""
    with (run / "journal.jsonl").open("rb") as file:
        return sha256(file.readline()).hexdigest()


def _findings(
    every: Sequence[Told], known: Sequence[str], cells: Sequence[CrossCell], folder: Path
) -> Iterator[str]:
    first, last = every[0], every[-1]
    names = {one.folder: _named(one.at) for one in cells}
    anew = [names[one.folder] for one in cells if one.anew]
    if anew:
        yield (
            "run folder deleted after its results were there, and begun anew, so that its own "
            f"journal tells nothing of them: {some(anew)}"
        )
    added = [names[path] for path in last["cells"] if path not in first["cells"]]
    if first["cells"] and added:
        yield f"measured only after results of others had been told: {some(added)}"
    gone = [path for path in known if path not in names and not (folder / path).exists()]
    if gone:
        yield f"measured before, and deleted since: {some(gone)}"
    if len({one["confidence"] for one in every}) > 1:
        said = f"{float(first['confidence']):g}, now {float(last['confidence']):g}"
        yield f"the confidence was changed after results had been told: first {said}"
    for task, metric in last["headline"].items():
        if first["headline"].get(task, metric) != metric:
            before = first["headline"][task]
            yield f"{task} was first told of by {before!r}, which is not its first metric now"


def _named(at: At) -> str:
    return f"{at.task} / {at.model} / {at.scheme}"
