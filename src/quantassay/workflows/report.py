"""The reports of a finished run, or of a claim."""

from __future__ import annotations

from pathlib import Path

from quantassay.claims.reading import read_claim_file, result_of
from quantassay.errors import InputError, nearest
from quantassay.exports.json import Json
from quantassay.reports.document import document
from quantassay.reports.html import render as html
from quantassay.reports.markdown import render as markdown
from quantassay.runs.finished import require_finished

from .steps.quoting import read_claim

FILES = {"markdown": "report.md", "html": "report.html", "json": "claim.json"}


def report(folder: Path, kind: str = "markdown") -> str:
    """Return a report of a run, or of a claim file, as text.

    Raises
    ------
    InputError
        If there is no such kind, the folder holds no finished run, or the file no whole claim.
    """
    if kind not in FILES:
        msg = f"no report is called {kind!r}{nearest(kind, FILES)}; there are: {', '.join(FILES)}"
        raise InputError(msg)
    if kind == "json":
        return Json().text(*read_claim(folder))
    if folder.is_file():
        return _of_claim(folder, kind)
    require_finished(folder)
    try:
        return (folder / FILES[kind]).read_text("utf-8")
    except FileNotFoundError:
        msg = f"{folder} holds no finished run: there is no {FILES[kind]}; `quantassay run` first"
        raise InputError(msg) from None


def _of_claim(path: Path, kind: str) -> str:
    """Write the report of what a claim file says, as far as it tells."""
    read_claim(path)
    claim = read_claim_file(path).claim
    assert claim is not None
    try:
        view = document(result_of(claim))
    except ValueError as error:
        msg = f"{path}: contradicts itself: {error}; `quantassay verify` says where"
        raise InputError(msg) from error
    return html(view) if kind == "html" else markdown(view)
