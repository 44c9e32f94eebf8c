"""What changes how far the verdict may be trusted."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.cells import Comparison
from .names import counted, several, short
from .subject import Subject
from .wording import WORDS, looks, tone


def cautions(subject: Subject) -> tuple[str, ...]:
    """Return what a reader has to see together with the verdict."""
    return tuple(_all(subject))


def unchanged(subject: Subject) -> tuple[str, ...]:
    """Name the candidates that are, in operations and weights, what they were made from.

    One that ran in a lower precision than the reference is left out: its engine is the scheme.
    """
    if subject.result is None:
        return ()
    reference, uses = subject.comparison.reference, subject.result.engines
    lower = {name for name, use in uses.items() if use.runs_below(uses.get(reference))}
    return tuple(
        facts.name
        for facts in subject.result.variants
        if facts.truth is not None
        and not facts.truth.changed
        and facts.name not in {reference, *(() if facts.scheme else lower)}
    )


def uncovered_by_all(comparison: Comparison) -> tuple[str, ...]:
    """Return the strata that no gate cell covers, where that is so for every candidate alike."""
    each = {ruling.uncovered for ruling in comparison.candidates.values()}
    return each.pop() if len(each) == 1 else ()


def _all(subject: Subject) -> Iterator[str]:
    for name in unchanged(subject):
        yield f"{short(name)} changed nothing: its figures say nothing about a scheme."
    yield from _about_the_rubric(subject)
    yield from _about_candidates(subject.comparison)


def _about_the_rubric(subject: Subject) -> Iterator[str]:
    result = subject.result
    if result is None:
        return
    if result.amendments:
        count = counted(len(result.amendments), "declaration")
        yield f"Amended: {count} changed after results had been seen; see Amendments."
    if result.looks > 1:
        yield looks(result.looks)


def _about_candidates(comparison: Comparison) -> Iterator[str]:
    rulings = comparison.candidates
    unjudged = [name for name, each in rulings.items() if each.gate and each.verdict is None]
    if comparison.verdict is not None and unjudged:
        yield f"Not judged: {several(unjudged)}."
    outside = [
        f"{short(name)} ({WORDS[tone(each.verdict)]})"
        for name, each in rulings.items()
        if not each.gate
    ]
    if outside:
        yield f"Measured, but outside the overall verdict: {several(outside)}."
    strata = uncovered_by_all(comparison)
    if strata and any(cell.margin is not None for cell in comparison.cells):
        yield f"No gate cell covers {counted(len(strata), 'stratum', 'strata')}: {several(strata)}."
