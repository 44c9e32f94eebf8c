"""The same answers by accuracy and by the squared error of the stated confidence."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow.compute as pc

from quantassay.records.cells import Cell

from .answers import MODELS
from .comparing import ACCURACY, AT_ONCE, BETWEEN, SQUARED_ERROR, by_metric
from .evidence import LABELS, Evidence, short
from .markdown import flowing, loss, percent, table

WIDTHS = ("int8", "int4")
INTRO = """### The same answers by another metric

The confidence of each answer is published, and no loss was taken from it. Its squared error,
(confidence − right)², is 0 to 1 like being wrong, so that points are points of one scale; it is
least on average where the confidence is the chance to be right. Loss in points, positive is worse.
The difference is taken pair by pair; its intervals are at {level} %, so that all {count} hold at
once at 95 %.
"""


def other_metric(found: Evidence) -> list[str]:
    """Write the loss by both metrics, and how far they are apart."""
    rows = list(losses(found))
    return [
        flowing(INTRO.format(level=percent(AT_ONCE, 2), count=len(rows))),
        *table(
            ("model", "bits", "benchmark", ACCURACY, SQUARED_ERROR, "difference"),
            [[*names, *(loss(one) for one in cells)] for names, cells in rows],
        ),
        "",
        told_apart(rows),
        "",
        confidences(found),
    ]


def losses(found: Evidence) -> Iterator[tuple[list[str], list[Cell]]]:
    """Yield names and three cells for each model, width and benchmark."""
    levels = {ACCURACY: 0.95, SQUARED_ERROR: 0.95, BETWEEN: AT_ONCE}
    for model in MODELS:
        for width in WIDTHS:
            sides = [found.tables[model][one] for one in ("fp16", width)]
            every = [by_metric(*sides, metric, level).cells for metric, level in levels.items()]
            for label in (*LABELS, ""):
                where = {"benchmark": label} if label else {}
                yield (
                    [short(model), width.removeprefix("int"), label or "all"],
                    [next(one for one in cells if dict(one.stratum) == where) for cells in every],
                )


def confidences(found: Evidence) -> str:
    """Describe how the mean confidence moves with the accuracy."""
    parts = []
    for model in MODELS:
        means = [
            f"{percent(pc.mean(found.tables[model][width]['confidence']).as_py())}"
            for width in ("fp16", "int4")
        ]
        parts.append(f"{short(model)} {' → '.join(means)} %")
    return f"Mean confidence at fp16 and in 4 bits, described: {'; '.join(parts)}."


def told_apart(rows: list[tuple[list[str], list[Cell]]]) -> str:
    """Say where the difference is not zero, and whether it is another for another model."""
    found = [names for names, (*_, one) in rows if not low(one) <= 0 <= high(one)]
    if not found:
        return "At this level no row tells the two losses apart."
    text = "; ".join(f"{model} in {bits} bits on {label}" for model, bits, label in found)
    first, second = (
        next(cells[-1] for names, cells in rows if names == [short(model), "4", "all"])
        for model in MODELS
    )
    also = ""
    if low(first) > high(second):
        also = (
            f" In 4 bits on all questions it moves it further for {short(MODELS[0])} than for "
            f"{short(MODELS[1])}: the two differences have disjoint intervals."
        )
    return f"The metric moves the loss, beyond chance, for {text}. No other row shows it.{also}"


def low(one: Cell) -> float:
    """Return the lower end; the least there is where it is undefined."""
    return one.interval[0] if one.interval else float("-inf")


def high(one: Cell) -> float:
    """Return the upper end; the largest there is where it is undefined."""
    return one.interval[1] if one.interval else float("inf")
