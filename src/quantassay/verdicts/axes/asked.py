"""Why an axis cannot be asked about, and which penalties could not be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quantassay.records.cross import Axis, Penalty

from .shares import share_of

NEEDED: Mapping[Axis, str] = {
    "task": "no two tasks share a model and a scheme of which their first metrics can be compared",
    "model": "no task has two models of which a penalty can be compared",
    "metric": "no task has two metrics whose penalties can be compared",
}


def unasked(
    axes: tuple[Axis, ...], penalties: Sequence[Penalty], headline: Mapping[str, str]
) -> str:
    """Return why there is no contrast along some axes."""
    if not penalties:
        return "nothing was measured"
    compared = [one for one in penalties if share_of(one) is not None]
    if not compared:
        return "no penalty has an interval that holds at once with the others"
    short = [why for axis in axes if (why := _one_only(axis, compared))]
    if short:
        return "; ".join(short)
    if len(axes) == 1:
        return NEEDED[axes[0]]
    return f"no two penalties differ in {axes[0]} and {axes[1]} alone and could be compared in both"


def _one_only(axis: Axis, compared: Sequence[Penalty]) -> str:
    there = {
        "task": {one.at.task for one in compared},
        "model": {one.at.model for one in compared},
        "metric": {one.metric for one in compared},
    }[axis]
    return f"one {axis} only" if len(there) == 1 else ""


def left_out(penalties: Sequence[Penalty]) -> str:
    """Say which penalties of whole test sets are in no contrast; '' where all are."""
    own = [one for one in penalties if not one.stratum]
    unscaled = sorted({one.metric for one in own if one.largest is None})
    open_ = [one for one in own if one.largest is not None and share_of(one) is None]
    told = []
    if unscaled:
        told.append(f"not compared, since no largest loss is known: {', '.join(unscaled)}")
    if open_:
        count = f"{len(open_):,} of {len(own):,} penalties"
        told.append(f"not compared, since they have no interval: {count}")
    return "; ".join(told)
