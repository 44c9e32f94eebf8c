"""Grounds on which a candidate gets no verdict, whatever its figures say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from quantassay.records.artifacts import VariantFacts
from quantassay.records.cells import Comparison
from quantassay.records.executor import EngineUse
from quantassay.schemes.truth import CHANGED_NOTHING
from quantassay.verdicts.overall import overall_verdict, withheld

UNCHANGED = f"{CHANGED_NOTHING}: neither operations nor weights differ, so no scheme was measured"
UNLOWERED = "nothing runs, or is stored, in lower precision: no scheme was measured"
BITS = {
    "fp64": 64, "fp32": 32, "tf32": 19, "fp16": 16, "bf16": 16, "fp8": 8, "int8": 8, "int4": 4
}  # fmt: skip


def grounds(
    reference: str, variants: Sequence[VariantFacts], uses: Mapping[str, EngineUse]
) -> dict[str, str]:
    """Return why a candidate gets no verdict, by its name.

    It is the model that it was made from under another name, and ran as that did; or the reference
    did not run in the precision that it is said to be.
    """
    judged = [one for one in variants if one.name != reference]
    wrong = "".join(lowered(v, uses.get(reference)) for v in variants if v.name == reference)
    found = {one.name: wrong for one in judged if wrong}
    same = alike(reference, variants, uses)
    return {**found, **{one.name: _why(one) for one in judged if one.name in same}}


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
    """Say of every variant that ran in less than the precision that it is said to be."""
    return [text for one in variants if (text := lowered(one, uses.get(one.name)))]


def unchanged(facts: VariantFacts) -> bool:
    """Return whether a variant is the model that it was made from, under another name."""
    truth = facts.truth
    if truth is None:
        return False
    return not truth.changed or (facts.scheme is not None and not truth.lowered)


def lowered(facts: VariantFacts, use: EngineUse | None) -> str:
    """Say that a variant ran in less than the precision that it is said to be; '' where not.

    A precision in words of the rubric's own is not compared.
    """
    said = BITS.get(facts.precision)
    if use is None or said is None:
        return ""
    ran = ", ".join(_below(use, said))
    if not ran:
        return ""
    asked = f" (asked for {use.asked})" if use.asked else ""
    return (
        f"{facts.name} is no {facts.precision}: {use.engine} ran {ran}{asked}; set its "
        "'engine_options', or declare the 'precision' that ran"
    )


def _below(use: EngineUse, bits: int) -> Iterator[str]:
    for one in use.precisions:
        if BITS.get(one.precision, bits) < bits:
            may = "" if one.execution != "unknown" else "perhaps "
            yield f"{may}{one.count} {one.op} in {one.precision}"


def withhold(comparison: Comparison, why: Mapping[str, str]) -> Comparison:
    """Give no verdict to the candidates that there are grounds against."""
    verdicts = {
        name: withheld(verdict, why[name]) if name in why else verdict
        for name, verdict in comparison.candidates.items()
    }
    return replace(comparison, candidates=verdicts, verdict=overall_verdict(verdicts))
