"""The reports of a finished run."""

from __future__ import annotations

from pathlib import Path

from quantassay.errors import InputError, nearest
from quantassay.runs.history import require_finished

FILES = {"markdown": "report.md", "html": "report.html", "json": "verdicts.json"}


def report(folder: Path, kind: str = "markdown") -> str:
    """Return a report of a run as text.

    Raises
    ------
    InputError
        If there is no such kind, or the folder holds no finished run.
    """
    if kind not in FILES:
        msg = f"no report is called {kind!r}{nearest(kind, FILES)}; there are: {', '.join(FILES)}"
        raise InputError(msg)
    require_finished(folder)
    try:
        return (folder / FILES[kind]).read_text("utf-8")
    except FileNotFoundError:
        msg = f"{folder} holds no finished run: there is no {FILES[kind]}; `quantassay run` first"
        raise InputError(msg) from None
