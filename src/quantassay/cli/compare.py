"""`compare`: predictions recorded elsewhere, pair by pair."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .app import PASS, AsJson, app
from .shown import code, show


class SmallStrata(StrEnum):
    """What becomes of strata with a margin that are too small to pass."""

    BLOCK = "block"
    POOL = "pool"
    WATCH = "watch"


@app.command()
def compare(
    reference: Annotated[
        Path, typer.Argument(help="Predictions of the reference: a table, or another tool's log.")
    ],
    candidates: Annotated[
        list[Path] | None,
        typer.Argument(help="Those of the candidates; none where one file holds both sides."),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            help="A metric or agreement, with options: recall@10, f1:average=micro. Repeatable. By "
            "default what a log suggests; top1 of a table."
        ),
    ] = None,
    margin: Annotated[
        list[str] | None,
        typer.Option(
            help="0.01 (every metric, the whole and every stratum of --by), top1=0.01 or "
            "top1:class=0.05. Repeatable."
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(help="Stratify by a column. Repeatable. By default what a log suggests."),
    ] = None,
    no_by: Annotated[
        bool, typer.Option("--no-by", help="No strata, whatever a log suggests.")
    ] = False,
    task: Annotated[list[str] | None, typer.Option(help="A task of a log. Repeatable.")] = None,
    qrels: Annotated[Path | None, typer.Option(help="Relevance judgements of TREC runs.")] = None,
    references: Annotated[
        list[Path] | None, typer.Option(help="Reference texts, a segment a line. Repeatable.")
    ] = None,
    annotations: Annotated[
        Path | None, typer.Option(help="Gold objects of detections (COCO).")
    ] = None,
    gold: Annotated[
        list[Path] | None, typer.Option(help="Gold answers of any other log. Repeatable.")
    ] = None,
    reference_side: Annotated[
        str | None, typer.Option(help="The reference in one file of votes.")
    ] = None,
    log_format: Annotated[
        str | None, typer.Option("--format", help="The reader: `quantassay list readers`.")
    ] = None,
    contrast: Annotated[
        list[str] | None,
        typer.Option(help="Two strata whose losses are told apart: column=A:B. Repeatable."),
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Column whose equal values are not independent.")
    ] = None,
    confidence: Annotated[float, typer.Option(help="Of the two-sided interval.")] = 0.95,
    small_strata: Annotated[
        SmallStrata, typer.Option(help="What becomes of strata too small to pass.")
    ] = SmallStrata.BLOCK,
    sample_id: Annotated[str | None, typer.Option("--id", help="Column of ids.")] = None,
    target: Annotated[str | None, typer.Option(help="Column of gold answers.")] = None,
    prediction: Annotated[str | None, typer.Option(help="Column of answers.")] = None,
    probabilities: Annotated[
        str | None, typer.Option(help="A list column, or one column a class: p_a,p_b,p_c.")
    ] = None,
    correct: Annotated[str | None, typer.Option(help="Column that says right or wrong.")] = None,
    score: Annotated[
        str | None, typer.Option(help="Column with the number that ranks the samples.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="Any other column that a metric needs: ranking=hits. Repeatable."),
    ] = None,
    allow_missing: Annotated[
        bool, typer.Option("--allow-missing", help="Judge absent samples at their worst.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Judge only by bounds whose error rate is proven.")
    ] = False,
    proven_fine: Annotated[
        bool,
        typer.Option("--proven-fine", help="List the strata proven fine all at once (Holm)."),
    ] = False,
    labels: Annotated[
        Path | None, typer.Option(help="Ids and targets of some samples, in a table of their own.")
    ] = None,
    labels_needed: Annotated[
        Path | None,
        typer.Option(help="Write the ids whose targets would decide: a CSV to fill in."),
    ] = None,
    trust_labels: Annotated[
        bool,
        typer.Option("--trust-labels", help="Count labels that neither side ever answers."),
    ] = False,
    claim: Annotated[
        Path | None, typer.Option(help="Write the outcome as a claim, with what it lacks named.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare predictions recorded elsewhere, pair by pair: tables, or logs of other tools."""
    from ..reports.document import comparison_document
    from ..workflows.compare import compare as work
    from ..workflows.steps.tables import Columns

    comparison = work(
        reference,
        candidates or [],
        metric=metric,
        margin=margin or [],
        strata=[] if no_by else by,
        cluster=cluster,
        confidence=confidence,
        small_strata=small_strata.value,
        columns=Columns(
            sample_id,
            target,
            prediction,
            _columns(probabilities),
            correct,
            score,
            _pairs(column or []),
        ),
        allow_missing=allow_missing,
        proven_fine=proven_fine,
        strict=strict,
        labels=labels,
        labels_needed=labels_needed,
        trust_labels=trust_labels,
        gold=[path for path in (qrels, annotations, *(references or ()), *(gold or ())) if path],
        task=task or [],
        format=log_format,
        contrast=contrast or [],
        reference_side=reference_side,
        claim=claim,
    )
    if labels_needed is not None:
        count = len(comparison.labels_needed)
        typer.echo(f"wrote {labels_needed}: {count:,} id{'s' * (count != 1)}", err=True)
    show(comparison, lambda: comparison_document(comparison), as_json)
    asked = bool(margin)
    raise typer.Exit(code(comparison.verdict) if asked else PASS)


def _columns(text: str | None) -> str | list[str] | None:
    return text.split(",") if text and "," in text else text


def _pairs(texts: list[str]) -> dict[str, str]:
    from ..errors import InputError

    pairs = [text.partition("=") for text in texts]
    for text, (part, equals, name) in zip(texts, pairs, strict=True):
        if not (part and equals and name):
            msg = f"--column {text}: not of the form part=name, such as ranking=hits"
            raise InputError(msg)
    return {part: name for part, _, name in pairs}
