"""Whether the founding claim held in a study: one sentence made of its answers."""

from __future__ import annotations

from collections.abc import Sequence

from quantassay.records.cross import AxisAnswer

from .words import points

CLAIM = "that task, model and metric each move the penalty, and interact"


def conclusion(found: Sequence[AxisAnswer]) -> str:
    """Return whether the claim, that each axis moves the penalty and all interact, held here."""
    shown = [one for one in found if one.settled]
    if not any(one.contrasts for one in found):
        return f"This study cannot say {CLAIM}: nothing in it can be compared."
    if len(shown) == len(found):
        opening = "held in this study"
    elif shown:
        opening = "held in part in this study"
    else:
        opening = "was not shown in this study"
    parts = [
        _part("settled, by so many pp of the largest loss or more", list(map(_at_least, shown))),
        _part("not settled", [_name(one) for one in found if one.contrasts and not one.settled]),
        _part("not asked", [_name(one) for one in found if not one.contrasts]),
    ]
    return f"The claim {CLAIM}, {opening}: {'; '.join(filter(None, parts))}."


def _part(what: str, names: Sequence[str]) -> str:
    return f"{what}: {', '.join(names)}" if names else ""


def _name(one: AxisAnswer) -> str:
    return " x ".join(one.axes)


def _at_least(one: AxisAnswer) -> str:
    """Name what was settled, with the least that its clearest contrast can be."""
    assert one.largest is not None
    return f"{_name(one)} ({points(one.largest.beyond_zero)})"
