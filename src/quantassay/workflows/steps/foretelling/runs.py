"""The run folders that are named, or that a study holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from quantassay.errors import InputError
from quantassay.records.foretelling import PassedOver

CELLS = "cells/*/*/*/run"


def runs_in(folders: Sequence[Path], passed: list[PassedOver]) -> Iterator[Path]:
    """Yield every run folder once; what is none and holds none goes on the list.

    Raises
    ------
    InputError
        If a folder does not exist.
    """
    for folder in folders:
        if not folder.is_dir():
            what = "is a file" if folder.exists() else "no such folder"
            msg = f"{folder}: {what}; name run folders, or those of studies"
            raise InputError(msg)
    seen: set[Path] = set()
    for folder in folders:
        held = sorted(folder.glob(CELLS)) if (folder / "cells").is_dir() else [folder]
        for run in held:
            if not (run / "verdicts.json").exists():
                passed.append(PassedOver(str(run), "holds no finished run"))
            elif run.resolve() not in seen:
                seen.add(run.resolve())
                yield run
