"""Outputs produced while timing beside those that accuracy was measured on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import DataError, nearest, reason
from quantassay.records.samples import Predictions
from quantassay.records.speed import Sameness
from quantassay.rubrics.task import Outputs
from quantassay.timing.contract import Workload

from .answered import answered_by_outputs, answered_by_predictions
from .distance import Compared, Difference, difference, together

Produced = Mapping[int, Mapping[str, NDArray[Any]]]
#: samples that are compared at a time
AT_ONCE = 4096
#: samples to which one and the same output is no accident
ENOUGH = 20


def sameness(
    variant: str,
    asked: Outputs,
    workload: Workload,
    produced: Produced,
    predictions: Predictions,
    batch: int,
    how: str = "",
) -> tuple[Sameness, list[str]]:
    """Compare what a variant answered while it was timed with its accuracy pass.

    Parameters
    ----------
    variant
        Its name, for findings.
    asked
        What the rubric says of outputs.
    workload
        What it was asked while it was timed.
    produced
        What ``run`` returned, by position of the query in the workload; any part of the queries.
    predictions
        Of the accuracy pass, in its order, which ran in batches of ``batch``.
    how
        How samples were asked while it was timed, where the queries do not tell: a server joins
        those that wait.

    Returns
    -------
    Sameness
        What was compared. Where answers are numbers or vectors, one counts as changed that differs
        by more than a thousandth of the largest number that was output.
    list of str
        Findings: what a person should know before quoting the throughput.
    """
    try:
        found = _compared(
            asked, predictions, _chunks(asked, workload, produced, predictions, batch)
        )
    except (DataError, ValueError, TypeError, IndexError) as error:
        return _untold(variant, f"could not be compared: {reason(error)}")
    if found is None:
        return _untold(variant, "were not kept, and could not be compared")
    told = _told(found, int(workload.sizes.max()), min(batch, len(predictions)), how)
    bad = [*_failures(found), *_constant(found, asked, predictions)]
    words = [*bad, *([told] if found.changed or not found.rounded else [])]
    same = Sameness(found.n, found.changed, found.moved, "; ".join((told, *bad)))
    return same, [f"{variant} {text}" for text in words]


def _untold(variant: str, why: str) -> tuple[Sameness, list[str]]:
    note = f"outputs produced while timing {why}"
    return Sameness(0, 0, None, note), [f"{variant}: {note}: nothing says what was timed"]


def _chunks(
    asked: Outputs, workload: Workload, produced: Produced, predictions: Predictions, batch: int
) -> Iterator[tuple[NDArray[Any], NDArray[np.intp]]]:
    """Yield raw outputs and which samples of the accuracy pass they are of, not many at a time."""
    held: list[NDArray[Any]] = []
    rows: list[NDArray[np.intp]] = []
    count = 0
    for at in sorted(produced):
        size, first = int(workload.sizes[at]), int(workload.first[at])
        if len(workload.queries) == 1:
            # where samples are too few for one query, it repeats those of the first batch
            size = min(size, batch)
        size = min(size, len(predictions) - first)
        if size <= 0:
            continue
        held.append(_output(produced[at], asked.name, size))
        rows.append(np.arange(first, first + size))
        count += size
        if count >= AT_ONCE:
            yield np.concatenate(held), np.concatenate(rows)
            held, rows, count = [], [], 0
    if rows:
        yield np.concatenate(held), np.concatenate(rows)


def _output(outputs: Mapping[str, NDArray[Any]], name: str | None, size: int) -> NDArray[Any]:
    """Return the first rows of an output, the first one where it has no name.

    Raises
    ------
    DataError
        If there is no such output, or it has fewer rows.
    """
    name = next(iter(outputs), "") if name is None else name
    if name not in outputs:
        msg = f"no output {name!r}{nearest(name, outputs)}"
        raise DataError(msg)
    found = outputs[name]
    if len(found) < size:
        msg = f"output {name!r} has {len(found)} rows for {size} samples"
        raise DataError(msg)
    return found[:size]


def _compared(
    asked: Outputs,
    predictions: Predictions,
    chunks: Iterator[tuple[NDArray[Any], NDArray[np.intp]]],
) -> Compared | None:
    parts: list[Difference] = []
    first, constant = None, True
    for raw, rows in chunks:
        known = answered_by_predictions(predictions.taken(rows))
        parts.append(difference(answered_by_outputs(raw, asked), known))
        first = raw[:1] if first is None else first
        constant = constant and bool((raw == first).all())
    return together(parts, constant) if parts else None


def _told(found: Compared, size: int, batch: int, how: str) -> str:
    """Say what differs, and what that is a matter of; the variant's name comes before it."""
    same = size == batch and not how
    now = how or ("one at a time" if size == 1 else f"in queries of {size}")
    where = f"in the same batches of {batch}" if same else f"{now}, against batches of {batch}"
    if not found.changed and found.rounded and not found.moved:
        bits = "" if found.moved is None else " to the last bit"
        return f"answered all {found.n:,} samples as in its accuracy pass{bits}, {where}"
    moved = "" if found.moved is None else f" (numbers differ by up to {found.moved:.2g})"
    counts = f"{found.changed:,} of {found.n:,} samples differently"
    matters = found.changed or not found.rounded
    if same:
        what = f"answered {counts} while it was timed than in its accuracy pass, {where}{moved}"
        end = ": it is not deterministic, and no single accuracy belongs to its throughput"
        return what + (end if matters else "")
    what = f"answers {counts} {now} than in batches of {batch}{moved}"
    end = f": its accuracy belongs to batches of {batch}, its latency to {_those(size, how)}"
    return what + (end if matters else "")


def _those(size: int, how: str) -> str:
    if how:
        return "samples so asked"
    return "one" if size == 1 else f"queries of {size}"


def _failures(found: Compared) -> Iterator[str]:
    if found.failed:
        yield (
            f"gave {found.failed:,} of {found.n:,} outputs that are not finite or could not be "
            "used while it was timed: the throughput is not one of answers"
        )


def _constant(found: Compared, asked: Outputs, predictions: Predictions) -> Iterator[str]:
    """Say that one output was given to all samples.

    Names may be all alike where the test set is sorted: then the accuracy pass knows others.
    """
    if not found.constant or found.n < ENOUGH:
        return
    labels = predictions.labels
    if asked.kind in ("labels", "texts") and labels is not None and (labels != labels[0]).any():
        return
    yield (
        f"gave the same output to all {found.n:,} samples while it was timed: the throughput is "
        "not one of answers"
    )
