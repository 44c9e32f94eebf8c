"""`diagnose`: tendencies of models and layers, beside what was measured."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

from .app import AsJson, RubricFile, app
from .shown import console, print_json, print_text, reader_may_leave


@app.command()
def diagnose(
    rubric: RubricFile,
    out: Annotated[
        Path | None, typer.Option(help="The run folder; runs/<rubric> by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look for tendencies that may go with a loss; no verdict rests on them."""
    from ..records.plain import plain
    from ..reports.console import render
    from ..reports.tendencies import document
    from ..workflows.diagnose import diagnose as work
    from ..workflows.steps.bars import Bars
    from ..workflows.steps.diagnosing.writing import SCHEMA, TENDENCIES

    # what a user's own code prints is not the result
    with Bars() as bars, redirect_stdout(sys.stderr):
        found = work(rubric, out, progress=bars)
    if as_json:
        print_json({"schema": SCHEMA, **plain(found.tendencies)})
        return
    with reader_may_leave():
        render(document(found.tendencies, found.comparison), console())
    print_text(f"written: {Path(found.folder) / TENDENCIES[-1]}")
