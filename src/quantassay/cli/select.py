"""`select`: the fastest candidate that passes."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

from .app import AllowMissing, AsJson, RubricFile, app
from .shown import code, console, print_json, print_text, reader_may_leave


@app.command()
def select(
    rubric: RubricFile,
    out: Annotated[
        Path | None, typer.Option(help="The folder of the selection; runs/<rubric>-select.")
    ] = None,
    allow_missing: AllowMissing = False,
    as_json: AsJson = False,
) -> None:
    """Choose the fastest candidate that passes, running no more than that takes."""
    from ..records.plain import plain
    from ..reports.console import render
    from ..reports.selection import document
    from ..workflows.select import SCHEMA, WRITTEN
    from ..workflows.select import select as work
    from ..workflows.steps.bars import Bars

    # what a user's own code prints is not the result
    with Bars() as bars, redirect_stdout(sys.stderr):
        found = work(rubric, out, allow_missing=allow_missing, progress=bars)
    if as_json:
        print_json({"schema": SCHEMA, **plain(found)})
    else:
        with reader_may_leave():
            render(document(found), console())
        print_text(f"written: {Path(found.folder) / WRITTEN}")
    raise typer.Exit(code(found.verdict))
