"""What commands print: a document, JSON or text on stdout, and the exit code of a verdict."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import typer

from .app import FAIL, PASS, UNDECIDED

if TYPE_CHECKING:
    from pathlib import Path

    from ..records.cells import Comparison
    from ..reports.document import Document


def code(verdict: str | None) -> int:
    """Return the exit code of a verdict."""
    return {"pass": PASS, "fail": FAIL}.get(verdict or "", UNDECIDED)


def show(comparison: Comparison, document: Callable[[], Document], as_json: bool) -> None:
    """Print a comparison as JSON, or as its document in short."""
    if as_json:
        from ..exports.json import Json

        print_text(Json.export(comparison))
        return
    from ..reports.console import render

    with reader_may_leave():
        render(document(), console())


def console() -> Any:
    """Return the terminal that stdout is."""
    from rich.console import Console

    return Console(highlight=False, markup=False)


def print_json(value: object) -> None:
    """Print a value as JSON."""
    import json

    print_text(json.dumps(value, indent=1, allow_nan=False, ensure_ascii=False))


def print_text(text: str, nl: bool = True) -> None:
    """Print text on stdout."""
    with reader_may_leave():
        typer.echo(text, nl=nl)


def write_report(out: Path, document: Document) -> None:
    """Write a document as the file's name says, and say so on stderr."""
    from ..errors import InputError
    from ..runs.files import write_text

    if out.suffix == ".html":
        from ..reports.html import render
    elif out.suffix == ".md":
        from ..reports.markdown import render
    else:
        msg = f"--out {out}: a report is FILE.md or FILE.html"
        raise InputError(msg)
    write_text(out, render(document))
    typer.echo(f"wrote {out}", err=True)


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """Let whoever reads stdout stop early: the exit code stays that of the verdict."""
    try:
        yield
    except (BrokenPipeError, SystemExit):  # rich exits by itself
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
