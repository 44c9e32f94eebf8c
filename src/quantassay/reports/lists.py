"""Lists of strata that are claims of their own."""

from __future__ import annotations

from ..records.cells import Listed
from .blocks import Block, Bullets, Paragraph, Section
from .figures import alpha, bracket, known, number, probability, trimmed, with_unit
from .names import short, stratum
from .subject import Subject


def lists(subject: Subject) -> tuple[Section, ...]:
    """Show the strata proven fine where that was asked for, and the suspects where there are."""
    return (*_proven_fine(subject), *_suspects(subject))


def _proven_fine(subject: Subject) -> tuple[Section, ...]:
    found = subject.comparison.proven_fine
    if found is None:
        return ()
    gates = [c for c in subject.comparison.cells if c.role == "gate" and c.stratum]
    level = alpha(subject.comparison.confidence)
    claim = (
        f"{len(found):,} of {len(gates):,} gate cells of strata. Of each candidate's list, all are "
        f"within their margins at once, but for an error of {level} (Holm on the side of the PASS)."
    )
    listed: tuple[Block, ...] = (Bullets(tuple(_line(subject, one) for one in found)),)
    blocks = (Paragraph(claim), *(listed if found else ()))
    return (Section("proven", "Strata proven fine", blocks, brief=True),)


def _suspects(subject: Subject) -> tuple[Section, ...]:
    found = subject.comparison.suspects
    if not found:
        return ()
    title = "Suspects (exploratory, false discovery rate 10 %)"
    said = (
        "Strata without a margin that seem to lose (Benjamini and Hochberg, over the strata of one "
        "candidate). About one in ten may be chance; the intervals are not adjusted."
    )
    lines = Bullets(tuple(_line(subject, one) for one in found))
    return (Section("suspects", title, (lines, Paragraph(said)), brief=True),)


def _line(subject: Subject, one: Listed) -> str:
    unit = subject.scale(one.metric)
    amount = known(one.loss)
    loss = "" if amount is None else f"loss {number(unit.of(amount), unit.decimals)} "
    ends = bracket((unit.of(end) for end in one.interval or ()), unit.decimals)
    margin = "" if one.margin is None else f", margin {trimmed(unit.of(one.margin), 6)}"
    figures = with_unit(f"{loss}{ends}{margin}", unit.loss_unit)
    return (
        f"{short(one.candidate)}: {one.metric} @ {stratum(one.stratum)}, n {one.n:,}, {figures}, "
        f"adjusted p {probability(one.p)}"
    )
