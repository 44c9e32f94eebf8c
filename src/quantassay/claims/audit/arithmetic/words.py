"""Numbers and names as findings write them."""

from __future__ import annotations

from quantassay.claims.audit.figures.figure import Figure, Pair

_BOUNDS = {"": "", "about": "about ", "below": "less than ", "above": "more than "}


def shown(value: float, decimals: int = 2) -> str:
    """Return a number with as many decimals as it needs, at least two digits that count."""
    if value != 0 and abs(value) < 10.0**-decimals:
        return f"{value:.2g}"
    return f"{value:,.{decimals}f}"


def printed(figure: Figure) -> str:
    """Return a figure with the bound that the words before it set: "less than 1 %"."""
    return f"{_BOUNDS[figure.bound]}{figure.text}"


def count(value: float) -> str:
    """Return a whole number with its thousands apart."""
    return f"{int(value):,}"


def what(pair: Pair) -> str:
    """Return the words for what was scored, with a colon; empty where they are not known."""
    name = " ".join(pair.name.split())[:60]
    return f"{name}: " if name else ""


def places(*figures: Figure | None) -> list[tuple[int, int]]:
    """Return the stretches to quote for some figures, each once, in order of place."""
    return sorted({one.row for one in figures if one is not None})
