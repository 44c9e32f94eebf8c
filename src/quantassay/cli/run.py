"""`run`: every variant of a rubric, each with its verdict."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

from .app import AllowMissing, AsJson, RubricFile, app
from .shown import code, print_json, print_text, show


@app.command()
def run(
    rubric: RubricFile,
    out: Annotated[
        Path | None, typer.Option(help="The run folder; runs/<rubric> by default.")
    ] = None,
    allow_missing: AllowMissing = False,
    as_json: AsJson = False,
) -> None:
    """Run every variant of a rubric and give each its verdict."""
    from ..exports.json import run_document
    from ..reports.document import document
    from ..workflows.run import run as work
    from ..workflows.steps.bars import Bars

    # what a user's own code prints is not the result
    with Bars() as bars, redirect_stdout(sys.stderr):
        result = work(rubric, out, allow_missing=allow_missing, progress=bars)
    if as_json:
        print_json(run_document(result))
    else:
        show(result.comparison, lambda: document(result), as_json)
    if not as_json:
        print_text(f"report: {Path(result.folder) / 'report.html'}")
    raise typer.Exit(code(result.verdict))
