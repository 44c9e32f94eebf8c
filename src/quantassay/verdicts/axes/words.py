"""What the contrasts along an axis say, in one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10

from quantassay.records.cross import Axis, AxisAnswer, CrossContrast, Penalty

from .shares import NOTHING, Factor, share_of

SHOWN: Mapping[tuple[Axis, ...], str] = {
    ("task",): "The task moves the penalty",
    ("model",): "The model moves the penalty",
    ("metric",): "The metric moves the penalty",
    ("task", "model"): "Task and model interact",
    ("model", "metric"): "Model and metric interact",
    ("task", "metric"): "Task and metric interact",
}


@dataclass(frozen=True)
class Scales:
    """What shares of a study are read against.

    ``largest`` is the largest loss of each metric of each task, ``margin`` the smallest margin of
    a whole test set as a share of it; None where none was declared.
    """

    largest: Mapping[tuple[str, str], float]
    margin: float | None

    @classmethod
    def of(cls, penalties: Sequence[Penalty]) -> Scales:
        """Return the scales of the penalties that are compared."""
        compared = [one for one in penalties if share_of(one) is not None]
        largest = {(one.at.task, one.metric): one.largest or 1.0 for one in compared}
        margins = [one.margin / (one.largest or 1.0) for one in compared if one.margin is not None]
        return cls(largest, min(margins, default=None))

    def unit(self, one: CrossContrast | None = None) -> str:
        """Return the unit of a share, of all contrasts or of one."""
        places = self.largest if one is None else [(at.task, m) for at, m in one.more + one.less]
        if all(self.largest[place] == 1.0 for place in places):
            return "pp"
        return "pp of the largest loss"


def said(answer: AxisAnswer, scales: Scales) -> str:
    """Return the sentence of an axis along which there are contrasts."""
    assert answer.at_most is not None
    most = f"{points(answer.at_most)} {scales.unit()}"
    if scales.margin is not None and answer.at_most < scales.margin:
        most += f" (less than the smallest margin, {points(scales.margin)})"
    ratio = ""
    if answer.by_factor or (answer.by_factor is not None and answer.settled):
        ratio = f", {answer.by_factor or 'none'} as a ratio of penalties"
    if answer.largest is None:
        return f"Not shown: {_none(answer.contrasts)} settled{ratio}; none is larger than {most}."
    example = _example(answer.largest, scales)
    count = f"{_some(answer)} settled{ratio}"
    return f"{SHOWN[answer.axes]}: {example}; {count}; none is larger than {most}."


def _some(answer: AxisAnswer) -> str:
    if answer.contrasts == 1:
        return "the one contrast is"
    verb = "is" if answer.settled == 1 else "are"
    return f"{answer.settled:,} of {answer.contrasts:,} contrasts {verb}"


def _none(contrasts: int) -> str:
    return "the one contrast is not" if contrasts == 1 else f"none of {contrasts:,} contrasts is"


def points(share: float) -> str:
    """Write a share in percentage points; a small one keeps its first digit."""
    value = 0.0 if abs(share) < NOTHING else 100 * share
    text = f"{value:.2f}"
    if value and not float(text):
        text = f"{value:.{-floor(log10(abs(value)))}f}"
    return text.replace("-", "\N{MINUS SIGN}")


def times(found: Factor) -> str:
    """Write a factor in words."""
    low, high = found
    assert low is not None
    if high is None:
        return f"at least {_three(low)} times as much"
    return f"{_three(low)} to {_three(high)} times as much"


def _three(value: float) -> str:
    """Write a positive number with three digits that count."""
    return f"{value:,.{max(2 - floor(log10(value)), 0)}f}"


def _example(one: CrossContrast, scales: Scales) -> str:
    told = _alone(one, _ends(one, scales)) if len(one.axes) == 1 else _both(one, _ends(one, scales))
    if len(one.axes) == 1 and one.factor is not None:
        told += f", {times(one.factor)}"
    return told


def _ends(one: CrossContrast, scales: Scales) -> str:
    low, high = one.interval or (0.0, 0.0)
    return f"{points(low)} to {points(high)} {scales.unit(one)}"


def _alone(one: CrossContrast, ends: str) -> str:
    (more, by), (less, other) = one.more[0], one.less[0]
    if one.axes == ("task",):
        names = by if by == other else f"{by} against {other}"
        return (
            f"{more.scheme} on the model '{more.model}' costs {more.task} {ends} more than "
            f"{less.task} ({names})"
        )
    if one.axes == ("model",):
        return (
            f"{more.scheme} costs the model '{more.model}' {ends} more than '{less.model}' on "
            f"{more.task} ({by})"
        )
    return (
        f"{more.scheme} costs the model '{more.model}' {ends} more by {by} than by {other} on "
        f"{more.task}"
    )


def _both(one: CrossContrast, ends: str) -> str:
    (more, by), (less, other) = one.more[0], one.less[0]
    second, its = one.more[1]
    if one.axes == ("task", "metric"):
        return (
            f"what {more.scheme} costs the model '{more.model}' by {by} beyond {other} is {ends} "
            f"more on {more.task} than on {second.task}"
        )
    lost = f"what {more.scheme} costs the model '{more.model}' beyond '{less.model}'"
    if one.axes == ("task", "model"):
        names = by if by == its else f"{by} against {its}"
        return f"{lost} is {ends} more on {more.task} than on {second.task} ({names})"
    return f"{lost} on {more.task} is {ends} more by {by} than by {its}"
