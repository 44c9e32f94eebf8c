"""Loss and cost of a variant on the frontier, as a reader sees them."""

from __future__ import annotations

from ..records.frontier import Point
from .figures import UNDEFINED, Scale, bracket, number, significant


def loss_text(point: Point, scale: Scale) -> str:
    """Write a loss with its interval, its unit for the caller."""
    if point.loss is None:
        return UNDEFINED
    figure = number(scale.of(point.loss), scale.decimals)
    if point.loss_interval is None:
        return f"{figure}, no interval"
    return f"{figure} {bracket((scale.of(end) for end in point.loss_interval), scale.decimals)}"


def cost_text(point: Point) -> str:
    """Write what a thousand right answers cost, its unit for the caller."""
    if point.cost is None:
        return UNDEFINED
    if point.cost_interval is None:
        return significant(point.cost)
    low, high = map(significant, point.cost_interval)
    return f"{significant(point.cost)} [{low}, {high}]"
