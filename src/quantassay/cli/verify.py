"""`verify`: a claim against its run, its signature and itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import FAIL, PASS, AsJson, app
from .shown import print_json, print_text

MARKS = {"agrees": "agrees", "differs": "DIFFERS", "not checked": "not checked"}


@app.command()
def verify(
    claim: Annotated[Path, typer.Argument(help="A claim.json.")],
    run: Annotated[
        Path | None,
        typer.Option(help="Its run folder; by default the folder it lies in, if that is one."),
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="A public key (PEM) that must have signed it.")
    ] = None,
    digest: Annotated[
        str | None,
        typer.Option(help="A SHA-256 committed to beforehand: of claim, rubric or journal."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compute every figure of a claim again and say what differs: 0 nothing, 1 something."""
    from ..records.plain import plain
    from ..workflows.verify import verify as work

    found = work(claim, run, key=key, digest=digest)
    if as_json:
        print_json({"schema": "quantassay/verification/1", "agrees": found.agrees, **plain(found)})
    else:
        for check in found.checks:
            said = f"claimed {check.claimed}; found {check.found}"
            text = said if check.outcome == "differs" else check.found
            print_text(_printable(f"{MARKS[check.outcome]:<11}  {check.what}: {text}"))
        print_text(_summary([check.outcome for check in found.checks]))
    raise typer.Exit(PASS if found.agrees else FAIL)


def _summary(outcomes: list[str]) -> str:
    differ, left = outcomes.count("differs"), outcomes.count("not checked")
    head = f"{differ} differ" if differ else "nothing that was checked differs"
    return f"{head}; {outcomes.count('agrees')} agree, {left} not checked"


def _printable(text: str) -> str:
    """Keep what a claim holds from moving the cursor."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
