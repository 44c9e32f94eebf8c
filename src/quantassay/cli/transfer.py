"""`transfer`: whether a claim holds where a model is deployed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import FAIL, PASS, UNDECIDED, AsJson, app
from .shown import console, print_json, reader_may_leave, write_report


@app.command()
def transfer(
    claim: Annotated[Path, typer.Argument(help="A claim.json.")],
    deployment: Annotated[
        Path, typer.Argument(help="What is deployed, where, on which traffic: a YAML file.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Write the report too: FILE.md or FILE.html.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say whether a claim holds for a deployment: axis by axis, and at its mix of strata."""
    from ..claims.transfer.schema import transfer_document
    from ..reports.console import render
    from ..reports.transfer import document
    from ..workflows.steps.executor.other_machine import read_elsewhere
    from ..workflows.transfer import transfer as work

    found = work(claim, deployment)
    view = document(found)
    if out is not None:
        write_report(out, view)
    if words := read_elsewhere(claim):
        typer.echo(f"executor: {words}", err=True)
    if as_json:
        print_json(transfer_document(found))
    else:
        with reader_may_leave():
            render(view, console())
    if found.verdict == "fail":
        raise typer.Exit(FAIL)
    raise typer.Exit(PASS if found.travels else UNDECIDED)
