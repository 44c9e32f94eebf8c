"""`executor`: everything that makes a number, by layer; two of them in words."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import FAIL, PASS, AsJson, app
from .shown import print_json, print_text

if TYPE_CHECKING:
    from ..records.executor import ExecutorSpecification


@app.command()
def executor(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            help="A rubric, a run folder, a claim.json or an executor.json; none: this machine. "
            "Two of them are compared."
        ),
    ] = None,
    here: Annotated[
        bool, typer.Option("--here", help="Compare the one that is named with this machine.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write it as an executor file too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what makes the numbers, by layer, and what is asked of each precision.

    Layers: application, engine, kernels, framework, os, driver, processor, limits. Two executors
    are compared in words: 0 where they are the same as far as both tell, 1 where they differ.
    """
    from ..errors import InputError

    named = sources or []
    if len(named) > 2 or (here and len(named) != 1):
        msg = "name one executor and --here, two to compare, or one or none to be shown"
        raise InputError(msg)
    comparing = here or len(named) == 2
    if comparing and out is not None:
        msg = "--out writes one executor, and two are compared: leave it out"
        raise InputError(msg)
    if comparing:
        raise typer.Exit(_compare(named, as_json))
    _show(named[0] if named else None, out, as_json)


def _show(source: Path | None, out: Path | None, as_json: bool) -> None:
    from ..claims.executors.document import executor_document
    from ..claims.executors.words import described
    from ..workflows.executor import write_executor

    found = _told(source)
    if out is not None:
        write_executor(out, found)
        typer.echo(f"wrote {out}", err=True)
    if as_json:
        print_json(executor_document(found))
    else:
        print_text("\n".join(described(found)))


def _compare(sources: list[Path], as_json: bool) -> int:
    from ..claims.executors.compare import compared
    from ..claims.executors.document import comparison_document
    from ..claims.executors.words import comparison_words

    one, other = _told(sources[0]), _told(sources[1] if len(sources) > 1 else None)
    found = compared(one, other)
    if as_json:
        print_json(comparison_document(found))
    else:
        names = str(sources[0]), str(sources[1]) if len(sources) > 1 else "this machine"
        print_text("\n".join([f"{names[0]} against {names[1]}", *comparison_words(found, names)]))
    return FAIL if found.differs else PASS


def _told(source: Path | None) -> ExecutorSpecification:
    from ..workflows.executor import executor as work
    from ..workflows.steps.bars import Bars

    # what a user's own code prints is not the result
    with Bars() as bars, redirect_stdout(sys.stderr):
        return work(source, progress=bars)
