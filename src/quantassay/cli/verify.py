"""`verify`: a claim against its run, its signature and itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import FAIL, PASS, AsJson, app
from .shown import print_json, print_text

if TYPE_CHECKING:
    from ..records.verification import Check

MARKS = {"differs": "DIFFERS", "not checked": "not checked", "agrees": "agrees"}
SHOWN = 3
#: what a check is of, without whose and where
KIND = re.compile(": | of ")


@app.command()
def verify(
    claim: Annotated[Path, typer.Argument(help="A claim.json, or the run folder that holds it.")],
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
        print_text(_summary([check.outcome for check in found.checks]))
        for line in _lines(found.checks):
            print_text(_printable(line))
    raise typer.Exit(PASS if found.agrees else FAIL)


def _lines(checks: Sequence[Check]) -> Iterator[str]:
    """Write a line a check, what differs first; of one that differs often the first three."""
    for outcome, mark in MARKS.items():
        groups: dict[str, list[Check]] = {}
        for check in checks:
            if check.outcome == outcome:
                groups.setdefault(KIND.split(check.what)[0], []).append(check)
        for what, found in groups.items():
            shown = found if outcome != "differs" else found[:SHOWN]
            yield from (f"{mark:<11}  {check.what}: {check}" for check in shown)
            if rest := len(found) - len(shown):
                yield f"{'':<11}  {what}: {rest} more lines differ (--json)"


def _summary(outcomes: list[str]) -> str:
    differ, left = outcomes.count("differs"), outcomes.count("not checked")
    head = f"{differ} differ" if differ else "nothing that was checked differs"
    return f"{head}; {outcomes.count('agrees')} agree, {left} not checked"


def _printable(text: str) -> str:
    """Keep what a claim holds from moving the cursor."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
