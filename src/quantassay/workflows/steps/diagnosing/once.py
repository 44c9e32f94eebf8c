"""Tendencies of a run, which cost no verdict even where looking for them ends the process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from quantassay.records.tendencies import Tendencies

from ..asking import Exam
from ..progress import Progress
from ..variants import Prepared
from .look import looked

BEGUN = "tendencies.begun"


def looked_once(
    exam: Exam, variants: Mapping[str, Prepared], listen: Progress, folder: Path
) -> tuple[Tendencies | None, tuple[str, ...]]:
    """Look as a run does; not again in the folder of a run that ended while it looked.

    Returns
    -------
    tuple of Tendencies or None, and of str
        What was found; else why nothing was, as a finding.
    """
    if exam.rubric.tendencies is None:
        return None, ()
    mark = folder / BEGUN
    if mark.exists():
        mark.unlink()
        return None, (
            "tendencies were not looked for, since the process ended while it looked for them "
            "here: `quantassay diagnose` tries again",
        )
    mark.touch()
    try:
        return looked(exam, variants, listen)
    finally:
        mark.unlink(missing_ok=True)
