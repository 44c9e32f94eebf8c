"""Two or more tables of predictions, made elsewhere: pair, judge, say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from quantassay.errors import InputError, nearest
from quantassay.records.cells import Comparison
from quantassay.verdicts.small_strata import Rule

from .steps.claiming import refuse_other_file, write_claim
from .steps.contrasting import Between, between, contrasts
from .steps.gold import refuse_overwriting, write_needed
from .steps.judging import compare_sittings
from .steps.sides import Source, sides_of, tasks_of
from .steps.sitting import (
    Wanted,
    asked_of_tasks,
    must_predict,
    recognized,
    refuse_unknown_strata,
    sit,
)
from .steps.tables import Columns, Table, names_of, refuse_itself
from .steps.votes import about_raters


def compare(
    reference: Table,
    candidates: Table | Sequence[Table] = (),
    *,
    metric: str | Sequence[str] | None = None,
    margin: float | str | Sequence[str] = (),
    strata: str | Sequence[str] | None = None,
    cluster: str | None = None,
    confidence: float = 0.95,
    small_strata: Rule = "block",
    columns: Columns | None = None,
    allow_missing: bool = False,
    proven_fine: bool = False,
    strict: bool = False,
    labels: Table | None = None,
    labels_needed: Path | str | None = None,
    trust_labels: bool = False,
    gold: Table | Sequence[Table] = (),
    task: str | Sequence[str] = (),
    format: str | None = None,
    contrast: str | Sequence[str] = (),
    reference_side: str | None = None,
    claim: Path | str | None = None,
) -> Comparison:
    """Compare predictions recorded elsewhere, pair by pair.

    Files may be tables or logs of another tool, recognized by what they look like. Tasks of a log
    are judged together: one family of verdicts, and a pooled figure of each metric that they share.

    Without any target, or with the targets of some samples, a metric that is the mean of one
    bounded score a sample is judged by its outputs: where they did not change, neither did the
    score. What the missing targets leave open counts at its worst for PASS, at its best for FAIL.

    Parameters
    ----------
    reference, candidates
        Tables of predictions: paths (CSV, JSONL, Parquet, npz, or a log), data frames or Arrow
        tables. The reference's table also holds the columns that strata and clusters are named by.
        A file that holds both sides needs no candidate.
    metric
        Registered metrics, with options: ``"recall@10"``, ``"f1:average=micro"``; agreements too.
        By default what the log suggests, of a table ``"top1"``.
    margin
        A number for every metric and stratum asked for; or ``"top1=0.01"``, or
        ``"top1:class=0.05"`` for the strata of one column alone.
    strata
        Columns whose values are strata; by default those that the log suggests, if any.
    cluster
        Column whose equal values are not independent.
    confidence
        Of the two-sided interval, in [0.7, 1).
    small_strata
        What becomes of strata with a margin that are too small to pass.
    columns
        Names of columns where they are not the usual ones.
    allow_missing
        Judge absent samples at their worst instead of refusing.
    strict
        Judge only by bounds whose error rate is proven; they are wider.
    proven_fine
        List the strata of which all are within their margins at once (Holm).
    labels
        A table of ids and targets of some samples, beside those in the other tables.
    labels_needed
        Where to write, as CSV to be filled in, the ids whose targets would decide. An input, or
        a list with a target in it, is never written over.
    trust_labels
        Count labels that neither side ever answers, as wrong on both; otherwise they count as
        missing, since most are misspelt.
    gold
        Files of gold answers of a log that has them apart: qrels, references, annotations.
    task
        Tasks of a log; all by default.
    format
        Name of the reader, where a file could be of several formats.
    contrast
        Pairs of strata whose losses are to be told apart, ``"machine=fan:valve"``.
    reference_side
        The reference where one file holds both sides, such as votes.
    claim
        Where to write what was found as a claim: half of the trade-off, since nothing was timed.

    Returns
    -------
    Comparison
        Every cell with its verdict; None where no margin was given.

    Raises
    ------
    InputError
        If tables, columns or margins do not fit.
    """
    _check(confidence, small_strata)
    many = list(candidates) if isinstance(candidates, (list, tuple)) else [candidates]
    tables = [reference, *many]
    refuse_itself(reference, many)
    if labels_needed is not None:
        refuse_overwriting(Path(labels_needed), [*tables, labels])
    if claim is not None:
        refuse_other_file(Path(claim), [*tables, labels])
    named = columns or Columns()
    specs = [metric] if isinstance(metric, str) else metric
    files = [Path(one) for one in ([gold] if isinstance(gold, (str, Path)) else gold)]
    source = Source(named, files, format, predicted=must_predict(specs, named), side=reference_side)
    sides = sides_of(tables, names_of(tables), source)
    tasks = tasks_of(sides, [task] if isinstance(task, str) else task)
    pairs = [between(one) for one in ([contrast] if isinstance(contrast, str) else contrast)]
    wanted = Wanted(
        specs=specs,
        margin=margin,
        strata=_with_contrasts([strata] if isinstance(strata, str) else strata, pairs),
        cluster=cluster,
        confidence=confidence,
        small_strata=small_strata,
        proven_fine=proven_fine,
        strict=strict,
        allow_missing=allow_missing,
        labels=labels,
        trust_labels=trust_labels,
        columns=named,
    )
    refuse_unknown_strata(sides, wanted.strata)
    if labels is not None and len(tasks) > 1:
        msg = f"labels are of one task: choose one of {', '.join(tasks)} with --task"
        raise InputError(msg)
    specs_of = asked_of_tasks(sides, tasks, wanted)
    sat = [sit(sides, task, specs, wanted) for task, specs in specs_of.items()]
    comparison = compare_sittings([one.sitting for one in sat], sides[0].name)
    found = contrasts(comparison, [one.sitting for one in sat], pairs)
    if labels_needed is not None:
        write_needed(Path(labels_needed), sat[0].roles, comparison.labels_needed)
    said = dict.fromkeys(text for one in sat for text in one.findings)
    raters = [] if many else about_raters(Path(reference), format, sides[0])
    findings = (*recognized(sides), *raters, *comparison.findings, *said)
    comparison = replace(comparison, findings=findings, contrasts=found)
    if claim is not None:
        write_claim(Path(claim), comparison, sides, [one.sitting for one in sat], cluster)
    return comparison


def _with_contrasts(strata: Sequence[str] | None, pairs: Sequence[Between]) -> Sequence[str] | None:
    """Stratify by the columns of contrasts too."""
    if not pairs:
        return strata
    return list(dict.fromkeys([*(strata or ()), *(pair.column for pair in pairs)]))


def _check(confidence: float, small_strata: str) -> None:
    if not 0.7 <= confidence < 1:
        hint = f" (did you mean {confidence / 100:g}?)" if 50 <= confidence < 100 else ""
        msg = f"confidence is {confidence:g}; it must be at least 0.7 and below 1{hint}"
        raise InputError(msg)
    rules = ("block", "pool", "watch")
    if small_strata not in rules:
        msg = f"no rule for small strata is called {small_strata!r}{nearest(small_strata, rules)}"
        raise InputError(msg)
