"""The command line's root: its help, its exit codes, what every command shares."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .. import __version__

PASS, FAIL, BAD_INPUT, UNDECIDED, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 4, 130

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Measure what quantization really costs, under a rubric declared beforehand.",
    epilog="Exit codes: 0 pass or done, 1 fail, 2 bad input, 3 inconclusive, insufficient or "
    "nothing judged, 4 internal error, 130 interrupted.",
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, nothing else.")]
RubricFile = Annotated[Path, typer.Argument(help="The rubric.")]
AllowMissing = Annotated[
    bool,
    typer.Option("--allow-missing", help="Judge recorded samples that are absent at their worst."),
]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _main(
    context: typer.Context,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Show the whole traceback of an error.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.obj = {"verbose": verbose}
