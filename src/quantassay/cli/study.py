"""`study`: a cross of tasks, models, schemes and metrics."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

from .app import PASS, AsJson, app
from .shown import console, print_json, print_text, reader_may_leave


@app.command()
def study(
    file: Annotated[Path, typer.Argument(help="The study: which tasks, models and schemes.")],
    out: Annotated[
        Path | None, typer.Option(help="The folder of the study; runs/<study> by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Cross tasks, models and schemes, one run each, and say what moves the loss."""
    from ..reports.console import render
    from ..reports.cross import document
    from ..workflows.steps.bars import Bars
    from ..workflows.study import study as work
    from ..workflows.study import study_document

    # what a user's own code prints is not the result
    with Bars() as bars, redirect_stdout(sys.stderr):
        found = work(file, out, progress=bars)
    if as_json:
        print_json(study_document(found))
    else:
        with reader_may_leave():
            render(document(found), console())
        print_text(f"report: {Path(found.folder) / 'study.html'}")
    raise typer.Exit(PASS)
