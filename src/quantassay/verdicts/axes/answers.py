"""Whether an axis, or two together, move the penalty: the sum of all contrasts along it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from quantassay.records.cross import Axis, AxisAnswer, CrossContrast, Penalty

from .asked import left_out, unasked
from .words import Scales, said

AXES: tuple[tuple[Axis, ...], ...] = (
    ("task",), ("model",), ("metric",), ("task", "model"), ("model", "metric"), ("task", "metric"),
)  # fmt: skip


def answers(
    found: Sequence[CrossContrast], penalties: Sequence[Penalty], headline: Mapping[str, str]
) -> tuple[AxisAnswer, ...]:
    """Return what the contrasts of a study say of every axis, and of every two together.

    Parameters
    ----------
    found
        All contrasts of the study, as `contrasts` gives them.
    penalties, headline
        As `contrasts` takes them.
    """
    scales = Scales.of(penalties)
    return tuple(
        _answer(axes, [one for one in found if one.axes == axes], penalties, headline, scales)
        for axes in AXES
    )


def _answer(
    axes: tuple[Axis, ...],
    own: Sequence[CrossContrast],
    penalties: Sequence[Penalty],
    headline: Mapping[str, str],
    scales: Scales,
) -> AxisAnswer:
    if not own:
        why = unasked(axes, penalties, headline)
        return AxisAnswer(axes, 0, 0, None, None, f"Cannot be asked: {why}.", why)
    settled = [one for one in own if one.settled]
    answer = AxisAnswer(
        axes=axes,
        contrasts=len(own),
        settled=len(settled),
        largest=max(settled, key=lambda one: one.beyond_zero, default=None),
        at_most=max(abs(end) for one in own for end in one.interval or (0.0,)),
        words="",
        reason=left_out(penalties),
        by_factor=None if len(axes) == 1 else sum(map(_by_factor, own)),
    )
    return replace(answer, words=said(answer, scales))


def _by_factor(one: CrossContrast) -> bool:
    """Return whether an interaction's factor leaves one out."""
    low, high = one.factor or (None, None)
    return (low is not None and low > 1) or (high is not None and high < 1)
