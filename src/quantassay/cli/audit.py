"""`audit`: what a text discloses of a loss, and what does not follow from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import FAIL, PASS, AsJson, app
from .shown import console, print_json, print_text, reader_may_leave

if TYPE_CHECKING:
    from ..records.audit import Audit


@app.command("audit")
def audit_command(
    sources: Annotated[
        list[Path],
        typer.Argument(help="Claim files, cards, tables, model folders; - reads stdin."),
    ],
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Exit 1 where one of the nine items is not disclosed in full, or a doubt arises.",
        ),
    ] = False,
    reply: Annotated[
        bool, typer.Option("--reply", help="Print a reply to the author in Markdown.")
    ] = False,
    sarif: Annotated[
        Path | None, typer.Option(help="Also write findings as SARIF, for code hosts.")
    ] = None,
    extractor: Annotated[
        str | None, typer.Option(help="Your own reading, module:function, overrules ours.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what a claim leaves implicit, with the words that disclose the rest."""
    from ..workflows.audit import audits

    many, found = len(sources) > 1, []
    for document, audit in audits(map(str, sources), extractor):
        with reader_may_leave():
            _show(audit, as_json, reply, many)
        found.append((audit, document))
    if sarif is not None:
        from ..exports.sarif import sarif as written
        from ..runs.files import write_text

        write_text(sarif, written([one for one, _ in found], [text.texts for _, text in found]))
    raise typer.Exit(FAIL if strict and any(audit.has_gaps for audit, _ in found) else PASS)


def _show(audit: Audit, as_json: bool, reply: bool, many: bool) -> None:
    """Print an audit; of several sources, JSON is an object a line."""
    if as_json:
        from ..exports.audit_json import audit_document

        if many:
            print_text(json.dumps(audit_document(audit), allow_nan=False, ensure_ascii=False))
        else:
            print_json(audit_document(audit))
    elif reply:
        from ..claims.audit.reply import reply as text

        print_text(text(audit.claims[0]), nl=False)
    else:
        from ..reports.audits import render

        render(audit, console())
        if many:
            print_text("")
