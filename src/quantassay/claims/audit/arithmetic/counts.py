"""Percentages beside counts: whether k of n gives the figure that is printed."""

from __future__ import annotations

import math
from collections import defaultdict

from quantassay.claims.audit.figures.figure import Figure, Pair
from quantassay.claims.audit.figures.grid import Spot
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.samples import samples_of
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .words import count, places, shown

MOST = 10
_COUNTED = ("accuracy", "top-1", "top-5", "share correct", "exact match", "EM", "pass@1", "")


def counts(document: Document, figures: Figures) -> list[Finding]:
    """Return figures that no count gives, or that the count beside them does not give."""
    found = [one for grid in figures.grids for one in _columns(document, grid)]
    found += _sentences(document, figures)
    found += _possible(document, figures.pairs)
    return found[:MOST]


def given(k: int, n: int, figure: Figure) -> bool:
    """Return whether k of n can be printed as the figure, rounded or cut off."""
    low, high = figure.span
    return low <= k / n * 100 / figure.scale <= high


def possible(n: int, figure: Figure) -> bool:
    """Return whether some whole number of n samples gives the figure."""
    near = math.floor(figure.share * n)
    return any(given(k, n, figure) for k in range(max(0, near - 1), min(n, near + 2) + 1))


def _columns(document: Document, grid: tuple[Spot, ...]) -> list[Finding]:
    """Return scores of a table that do not follow from the counts of their column or row."""
    lines: dict[tuple[str, int], list[Figure]] = defaultdict(list)
    for spot in grid:
        lines["column", spot.column].append(spot.figure)
        lines["row", spot.row].append(spot.figure)
    found = []
    for figures in lines.values():
        k, n, score = (_only(figures, role) for role in ("count", "n", "score"))
        if k and n and score and 0 <= k.value <= n.value and n.value >= 1 and _counted(score):
            found += _checked(document, int(k.value), int(n.value), score, k, n)
    return found


def _only(figures: list[Figure], role: str) -> Figure | None:
    mine = [one for one in figures if one.role == role]
    return mine[0] if len(mine) == 1 else None


def _sentences(document: Document, figures: Figures) -> list[Finding]:
    """Return scores of a sentence that do not follow from the one "k of n" that it gives."""
    found = []
    for sentence, said in figures.spoken:
        inside = [pair for pair in figures.counts if sentence.start <= pair[0].start < sentence.end]
        scores = [one for one in said if one.role == "score" and one.unit == "percent"]
        if len(inside) == len(scores) == 1 and _counted(scores[0]):
            k, n = inside[0]
            found += _checked(document, int(k.value), int(n.value), scores[0], k, n)
    return found


def _checked(document: Document, k: int, n: int, score: Figure, *figures: Figure) -> list[Finding]:
    if given(k, n, score) or given(n - k, n, score):
        return []
    share = shown(100 * k / n / score.scale, max(score.decimals, 2))
    text = f"{score.text} does not follow from {count(k)} of {count(n)}, which is {share}."
    quotes = tuple(document.quote(*place) for place in places(score, *figures))
    return [Finding("count", text, quotes)]


def _possible(document: Document, pairs: tuple[Pair, ...]) -> list[Finding]:
    """Return scores that no count of the stated number of samples gives."""
    found = []
    for pair in pairs:
        samples = samples_of(pair)
        if samples is None or samples.figure is None or not 20 <= samples.n <= 10**8:
            continue
        for score in (pair.reference, pair.candidate):
            if score and _counted(score) and not score.average and not possible(samples.n, score):
                found.append(_impossible(document, score, samples.n, samples.figure))
    return found


def _counted(score: Figure) -> bool:
    """Return whether a score is a share of samples answered right, as far as its name tells."""
    return score.metric in _COUNTED and 0 <= score.share <= 1 and score.lower_better is not True


def _impossible(document: Document, score: Figure, n: int, figure: Figure) -> Finding:
    near = math.floor(score.share * n)
    around = " and ".join(
        f"{count(k)} give {shown(100 * k / n / score.scale, max(score.decimals, 2) + 1)}"
        for k in (near, near + 1)
    )
    text = (
        f"No count of {count(n)} gives {score.text}: {around}. A mean of several runs or of "
        f"classes, or "
        "another number of samples, could."
    )
    quotes = tuple(document.quote(*place) for place in places(score, figure))
    return Finding("count-possible", text, quotes)
