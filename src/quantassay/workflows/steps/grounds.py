"""Grounds on which a candidate gets no verdict, whatever its figures say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from quantassay.records.artifacts import VariantFacts
from quantassay.records.cells import Comparison
from quantassay.records.executor import EngineUse
from quantassay.schemes.truth import CHANGED_NOTHING
from quantassay.verdicts.overall import overall_verdict, withheld

from .kinds import BITS, said

UNCHANGED = f"{CHANGED_NOTHING}: neither operations nor weights differ, so no scheme was measured"
UNLOWERED = "nothing runs, or is stored, in lower precision: no scheme was measured"
FULL = {"fp64", "fp32"}
SCALES = 1.25  # bits of a weight with its scales, times those that its name says, at most


def grounds(
    reference: str, variants: Sequence[VariantFacts], uses: Mapping[str, EngineUse]
) -> dict[str, str]:
    """Return why a candidate gets no verdict, by its name.

    It is the model that it was made from under another name, and ran as that did; it is not in the
    precision that it is said to be, or ran in less; or the reference did.
    """
    judged = [one for one in variants if one.name != reference]
    wrong = "".join(lowered(v, uses.get(reference)) for v in variants if v.name == reference)
    same = alike(reference, variants, uses)
    told = {
        one.name: _why(one) if one.name in same else wrong or _untrue(one, uses.get(one.name))
        for one in judged
    }
    return {name: why for name, why in told.items() if why}


def _untrue(facts: VariantFacts, use: EngineUse | None) -> str:
    return lowered(facts, use) or overstated(facts, use)


def alike(
    reference: str, variants: Sequence[VariantFacts], uses: Mapping[str, EngineUse]
) -> set[str]:
    """Return the variants that are the model that they were made from, and ran as that did."""
    return {one.name for one in variants if unchanged(one) and not _lower(uses, one, reference)}


def _lower(uses: Mapping[str, EngineUse], facts: VariantFacts, reference: str) -> bool:
    """Return whether the same file ran in a lower precision: the executor's own scheme."""
    use = uses.get(facts.name)
    return facts.scheme is None and use is not None and use.runs_below(uses.get(reference))


def _why(facts: VariantFacts) -> str:
    return UNLOWERED if facts.truth and facts.truth.changed else UNCHANGED


def misnamed(variants: Sequence[VariantFacts], uses: Mapping[str, EngineUse]) -> list[str]:
    """Say of every variant that ran in another precision than it is said to be."""
    told = (text(one, uses.get(one.name)) for one in variants for text in (lowered, stored_only))
    return [text for text in told if text]


def unchanged(facts: VariantFacts) -> bool:
    """Return whether a variant is the model that it was made from, under another name."""
    truth = facts.truth
    if truth is None:
        return False
    return not truth.changed or (facts.scheme is not None and not truth.lowered)


def lowered(facts: VariantFacts, use: EngineUse | None) -> str:
    """Say that a variant ran in less than the precision that it is said to be; '' where not.

    Words that name no precision, or declare several, are not compared.
    """
    named = said(facts.name, facts.precision)
    if use is None or not named:
        return ""
    most = max(named, key=lambda kind: BITS[kind])
    ran = ", ".join(_below(use, BITS[most]))
    if not ran:
        return ""
    asked = f" (asked for {use.asked})" if use.asked else ""
    return (
        f"{facts.name} is no {most}: {use.engine} ran {ran}{asked}; set its 'engine_options', or "
        "let its name and 'precision' say what ran"
    )


def _below(use: EngineUse, bits: int) -> Iterator[str]:
    for one in use.precisions:
        if BITS.get(one.precision, bits) < bits:
            may = "" if one.execution != "unknown" else "perhaps "
            yield f"{may}{one.count} {one.op} in {one.precision}"


def stored_only(facts: VariantFacts, use: EngineUse | None) -> str:
    """Say that a variant is stored in few bits, and no operation ran in them; '' where some did."""
    named, truth = said(facts.name, facts.precision), facts.truth
    if use is None or truth is None or not (use.tells and use.full_precision and named):
        return ""
    least = min(named, key=lambda kind: BITS[kind])
    ran = {BITS.get(one.precision, 0) for one in use.precisions}
    if BITS[least] >= 16 or truth.stored != least or any(bits < 16 for bits in ran):
        return ""
    count = sum(use.full_precision.values())
    return (
        f"{facts.name} is {least} in its file alone: {use.engine} ran no operation in it, "
        f"{count} in full precision"
    )


def overstated(facts: VariantFacts, use: EngineUse | None) -> str:
    """Say that nothing of a variant is as narrow as it is said to be; '' where some may be."""
    named, truth = said(facts.name, facts.precision), facts.truth
    if use is None or truth is None or not (use.tells and named):
        return ""
    least = min(named, key=lambda kind: BITS[kind])
    there = {truth.stored, *(one.precision for one in use.precisions)}
    if not there <= set(BITS) or (truth.lowered and truth.stored in FULL):
        return ""  # kinds that are not known, or a part that is lower, and not told how low
    found = min(there, key=lambda kind: BITS[kind])
    packed = truth.bits_per_weight is not None and truth.bits_per_weight <= SCALES * BITS[least]
    if BITS[found] <= BITS[least] or packed:
        return ""
    return (
        f"{facts.name} is no {least}: nothing of it is stored, or ran, in less than {found}; let "
        "its name and 'precision' say what it is"
    )


def withhold(comparison: Comparison, why: Mapping[str, str]) -> Comparison:
    """Give no verdict to the candidates that there are grounds against."""
    verdicts = {
        name: withheld(verdict, why[name]) if name in why else verdict
        for name, verdict in comparison.candidates.items()
    }
    return replace(comparison, candidates=verdicts, verdict=overall_verdict(verdicts))
