"""What keys and types cannot say of a selection: an order of all candidates, each once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import nearest, some
from .model import Rubric
from .problems import Path

AT: Path = ("selection", "order")


def selection(rubric: Rubric) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with the order in which candidates are tried, if one is declared."""
    if rubric.selection is None or rubric.selection.order is None:
        return
    order = rubric.selection.order
    wrong = [((*AT, i), _wrong(rubric, order, i)) for i in range(len(order))]
    found = [finding for finding in wrong if finding[1]]
    lacking = [name for name in rubric.gating if name not in order]
    if lacking and not found:
        what = f"lacks {some(lacking)}: list every candidate that gates, or give it 'gate: false'"
        found = [(AT, what)]
    yield from found


def _wrong(rubric: Rubric, order: Sequence[str], i: int) -> str:
    """Say what is wrong with one name of the order; '' where nothing is."""
    name = order[i]
    if name in order[:i]:
        return f"{name!r} is listed twice"
    if name in rubric.gating:
        return ""
    if name not in rubric.variants:
        return f"no variant is called {name!r}{nearest(name, rubric.gating)}"
    if name == rubric.references[0]:
        return f"{name!r} is the deciding reference, not a candidate: remove it"
    return f"{name!r} says 'gate: false', so it is never chosen: remove it here or there"
