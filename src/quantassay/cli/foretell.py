"""`foretell`: how well tendencies went with measured losses."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import AsJson, app
from .shown import console, print_json, reader_may_leave, write_report


@app.command()
def foretell(
    folders: Annotated[
        list[Path],
        typer.Argument(help="Run folders with tendencies, and study folders that hold such runs."),
    ],
    metric: Annotated[
        str | None,
        typer.Option(help="By which the loss is measured; the first of each run by default."),
    ] = None,
    scheme: Annotated[
        str | None, typer.Option(help="Tabulate within this scheme; all are pooled by default.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the report too: FILE.md or FILE.html.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tabulate how well each tendency foretold the measured loss, over many triples."""
    from ..records.plain import plain
    from ..reports.console import render
    from ..reports.foretold import document
    from ..workflows.foretell import SCHEMA
    from ..workflows.foretell import foretell as work

    found = work(folders, metric, scheme)
    view = document(found)
    if out is not None:
        write_report(out, view)
    if as_json:
        print_json({"schema": SCHEMA, **plain(found)})
    else:
        with reader_may_leave():
            render(view, console())
