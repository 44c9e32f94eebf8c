"""`join`: a throughput that was measured elsewhere, to the accuracy of the same model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import AsJson, app
from .shown import console, print_text, reader_may_leave

if TYPE_CHECKING:
    from ..workflows.join import Pair


@app.command()
def join(
    claim: Annotated[
        Path, typer.Argument(help="The accuracy half: a claim.json, or the run folder of it.")
    ],
    log: Annotated[
        Path,
        typer.Argument(help="The throughput half: a log. `quantassay list throughput_logs`."),
    ],
    model: Annotated[
        Path | None, typer.Option(help="The model file that was timed: its bytes are compared.")
    ] = None,
    executor: Annotated[
        Path | None,
        typer.Option(help="What `quantassay executor` wrote where the log was made."),
    ] = None,
    variant: Annotated[
        str | None, typer.Option(help="Whose throughput it is; the only candidate by default.")
    ] = None,
    reader: Annotated[
        str | None, typer.Option(help="The format of the log; recognized by default.")
    ] = None,
    measurement: Annotated[
        str | None, typer.Option(help="Which one, of a log that holds several.")
    ] = None,
    samples_per_query: Annotated[
        int | None, typer.Option(help="Samples that each query or request of the log held.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write the joined claim.")] = None,
    as_json: AsJson = False,
) -> None:
    """Join a throughput measured elsewhere to its accuracy, or say why they do not belong together.

    Both must be of one model file, by its bytes, and of one executor, layer by layer; only the
    program that issued the queries may differ.
    """
    from rich.text import Text

    from ..errors import InputError
    from ..reports.console import print_wrapped
    from ..workflows.join import join as work

    if out is None and not as_json:
        msg = "name where the joined claim goes: --out joined.json (or --json for stdout)"
        raise InputError(msg)
    found = work(
        claim,
        log,
        variant=variant,
        model=model,
        executor=executor,
        reader=reader,
        measurement=measurement,
        samples_per_query=samples_per_query,
        out=out,
    )
    if as_json:
        print_text(found.text)
        return
    screen = console()
    with reader_may_leave():
        for line in _lines(found):
            print_wrapped(screen, Text(line.lstrip()), len(line) - len(line.lstrip()))
    typer.echo(f"wrote {out}", err=True)


def _lines(found: Pair) -> list[str]:
    """Say both halves, and what a reader must know."""
    from ..reports.figures import in_full, number, scale

    claim, name = found.file.claim, found.joined.variant
    assert claim is not None
    through = number(found.speed.throughput, 0 if found.speed.throughput >= 100 else 2)
    speed = f"throughput: {through} {found.speed.unit}/s by {found.speed.source}"
    own = claim["candidates"].get(name)
    cell = own and next((c for c in own["accuracy"] if c.loss is not None and not c.stratum), None)
    if own is None:
        accuracy = "accuracy: the reference, which losses are measured against"
    elif not cell:
        accuracy = "accuracy: no loss of the whole test set; see its cells"
    else:
        verdict = own["decision"].verdict or "not judged"
        units = {metric.name: metric.unit for metric in claim["metrics"]}
        loss = in_full(cell, scale(units.get(cell.metric, "")))
        accuracy = f"accuracy: loss of {cell.metric} {loss}; {verdict.upper()}"
    findings = (f"- {text}" for text in found.findings)
    return [name, f"  {accuracy}", f"  {speed}", f"trade-off: {claim['trade_off']}", *findings]
