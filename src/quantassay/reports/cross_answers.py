"""Whether task, model and metric move the penalty: each answer with what backs it."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from ..records.cross import Axis, AxisAnswer
from ..records.triple import Outcome
from .blocks import Block, Bullets, Paragraph, Section
from .cross_table import marked
from .cross_view import View
from .figures import confidence
from .names import counted

AXES: tuple[Axis, ...] = get_args(Axis)


def answers(view: View) -> Section:
    """Say for each axis whether it moves the penalty, and whether the founding claim held."""
    lines = tuple(_line(one) for one in view.found.answers)
    blocks: list[Block] = [Bullets(lines)] if lines else [Paragraph("No axis was asked about.")]
    rests = (
        "Each range is the interval of one contrast; all of them hold at once, with "
        f"{confidence(view.found.confidence)} confidence. A contrast is settled where its interval "
        "leaves zero out."
    )
    apart = dict.fromkeys(one.reason for one in view.found.answers if one.contrasts)
    beside = (f"{why[0].upper()}{why[1:]}." for why in apart if why)
    said = [view.found.conclusion, rests if lines else "", *beside]
    blocks += [Paragraph(text) for text in said if text]
    return Section(
        "answers", "Do task, model and metric move the penalty?", tuple(blocks), brief=True
    )


def _line(one: AxisAnswer) -> str:
    """Give an answer in its own words, after the axis where they do not name it."""
    words = one.words or f"no answer, {one.reason or 'and no reason was recorded'}."
    opening = words.partition(":")[0].lower()
    named = all(axis in opening for axis in one.axes)
    return words if named else f"{name(one.axes).capitalize()}: {words[:1].lower()}{words[1:]}"


def name(axes: tuple[Axis, ...]) -> str:
    """Name an axis, or axes together: ``task``, ``task x model``."""
    return " x ".join(axes)


def held(view: View) -> str:
    """Count the outcomes, and say which axes are shown to move the penalty."""
    many = Counter(one.triple.outcome for one in view.ran if one.triple is not None)
    each = [f"{many[one]:,} {one}{_late(view, one)}" for one in get_args(Outcome) if many[one]]
    many_of = counted(len(view.ran), "triple")
    counts = f"{many_of}, each on its declared surface: {', '.join(each) or 'none measured'}."
    moved = [axis for axis in AXES if _settled(view, axis)]
    asked = [axis for axis in AXES if _asked(view, axis)]
    rest = [axis for axis in asked if axis not in moved]
    unasked = [axis for axis in AXES if axis not in asked]
    if not view.found.answers:
        return counts
    said = [("shown to move the loss", moved), ("not shown", rest), ("not asked", unasked)]
    text = "; ".join(f"{what}: {', '.join(axes)}" for what, axes in said if axes)
    return f"{counts} {text[:1].upper()}{text[1:]}."


def _late(view: View, outcome: Outcome) -> str:
    """Count the triples of an outcome that bear a mark."""
    own = [one for one in view.ran if one.triple is not None and one.triple.outcome == outcome]
    late = sum(map(bool, map(marked, own)))
    return f" ({late:,} of them not at the first try)" if late else ""


def _asked(view: View, axis: Axis) -> bool:
    return any(one.axes == (axis,) and one.contrasts > 0 for one in view.found.answers)


def _settled(view: View, axis: Axis) -> bool:
    return any(one.axes == (axis,) and one.settled > 0 for one in view.found.answers)
