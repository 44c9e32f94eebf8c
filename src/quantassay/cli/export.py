"""`export`: a claim in another format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .shown import print_text


@app.command()
def export(
    path: Annotated[Path, typer.Argument(help="A run folder, or a claim.json.")],
    to: Annotated[
        str,
        typer.Option(
            help="A format, with options: csv, hf-eval-results:dataset=org/name. `quantassay list "
            "exports`."
        ),
    ] = "csv",
    out: Annotated[
        str | None,
        typer.Option(help="A file, stdout by default; of mlflow the tracking URI."),
    ] = None,
    candidate: Annotated[
        str | None, typer.Option(help="The only candidate to export; every one by default.")
    ] = None,
) -> None:
    """Write the claim of a finished run in another format, and say what the format leaves out."""
    from ..workflows.export import export as work

    found = work(path, to, out, candidate=candidate)
    if found.dropped:
        typer.echo(f"left out of {to.partition(':')[0]}: {'; '.join(found.dropped)}", err=True)
    if found.placed:
        print_text(found.placed)
    elif out is None:
        print_text(found.text, nl=False)
    else:
        typer.echo(f"wrote {out}", err=True)
