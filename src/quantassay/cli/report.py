"""`report`: that of a finished run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .shown import print_text


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="A run folder, or a claim.json.")],
    kind: Annotated[str, typer.Option("--format", help="markdown, html, or json.")] = "markdown",
) -> None:
    """Print a report of a finished run."""
    from ..workflows.report import report as work
    from ..workflows.steps.executor.other_machine import read_elsewhere

    print_text(work(folder, kind), nl=False)
    if words := read_elsewhere(folder if folder.is_file() else folder / "claim.json"):
        typer.echo(f"executor: {words}", err=True)
