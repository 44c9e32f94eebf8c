"""What the triples of a study were found to be: counts, and the fragile of them at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from quantassay import stats
from quantassay.records.cross import At, CrossCell, OutcomeCount

BY = ("task", "model", "scheme")


def outcome_counts(cells: Sequence[CrossCell]) -> tuple[OutcomeCount, ...]:
    """Count the triples of each outcome by task, model and scheme, in the order they come."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for by in BY:
        for cell in cells:
            found = "not_run" if cell.triple is None else cell.triple.outcome
            counts.setdefault((by, getattr(cell.at, by)), Counter())[found] += 1
    return tuple(
        OutcomeCount(*key, one["robust"], one["fragile"], one["undetermined"], one["not_run"])
        for key, one in counts.items()
    )


def fragile_at_once(least: Mapping[At, float | None], alpha: float) -> tuple[At, ...]:
    """Return the triples that are fragile with Holm over all of them.

    P(any of them is within all of its margins) is at most ``alpha``, however they depend on each
    other.

    Parameters
    ----------
    least
        Of each triple the smallest p of its gate cells, adjusted by Holm over those: by itself the
        p of 'every gate cell is within its margin'. None where it has none, or is not fragile.
    alpha
        One-sided.
    """
    p = [1.0 if one is None else one for one in least.values()]
    adjusted = stats.holm(p)
    return tuple(at for at, one in zip(least, adjusted, strict=True) if one <= alpha)
