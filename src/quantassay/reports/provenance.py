"""Where the figures come from: data, variants, calibration, and what is not disclosed."""

from __future__ import annotations

from collections.abc import Mapping

from ..records.artifacts import CalibrationFacts, VariantFacts
from ..records.result import Result
from .blocks import Block, Column, KeyValues, Section, Table, Value
from .figures import NOT_APPLICABLE, bytes_text, number, share
from .names import counted, several, short

NOT_DISCLOSED = "not disclosed"


def disclosures(result: Result) -> Section:
    """List what makes the claim interpretable, and what of it is missing."""
    missing = [key for key, text in result.disclosures.items() if text is None]
    rows = tuple(
        (Value(key), Value(NOT_DISCLOSED, tone="warning") if text is None else Value(text))
        for key, text in result.disclosures.items()
    )
    note = f"{counted(len(missing), 'item')} of {len(rows)} not disclosed." if missing else ""
    table = Table(
        "What makes the claim interpretable", (Column("Item"), Column("Here")), rows, note
    )
    return Section("disclosures", "Disclosures", (table,))


def measured_on(result: Result) -> Section:
    """Say what was measured on."""
    facts = result.test_set
    items = [
        ("Task", facts.task),
        ("Test set", facts.path),
        ("Digest", facts.digest),
        ("Samples", f"{facts.n:,}"),
        ("Composition", facts.composition),
        ("Clusters", _clusters(facts.clusters)),
    ]
    items += [(f"Strata by {key}", _strata(parts)) for key, parts in facts.strata.items()]
    return Section("test-set", "Test set", (KeyValues(tuple(items)),))


def _clusters(clusters: str) -> str:
    if clusters in {"independent", "unknown"}:
        return f"{clusters} (an assumption, as declared)"
    return clusters


def _strata(parts: Mapping[str, int]) -> str:
    return several([f"{short(label)}: n {n:,}" for label, n in parts.items()], 20)


def variants(result: Result) -> Section:
    """Tabulate the variants, what was really changed in each, and what set their ranges."""
    blocks: list[Block] = [_artifacts(result), _truths(result)]
    if any(facts.calibration is not None for facts in result.variants):
        blocks.append(_calibrations(result))
    return Section("variants", "Variants, changes and calibration", tuple(blocks))


def _artifacts(result: Result) -> Table:
    heads = (
        "Variant",
        "Origin",
        "Scheme",
        "Precision",
        "Gates",
        "Engine",
        "Failed",
        "Size",
        "Digest",
    )
    numeric = {"Failed", "Size"}
    return Table(
        "Variants",
        tuple(Column(head, numeric=head in numeric) for head in heads),
        tuple(_artifact(facts, result) for facts in result.variants),
    )


def _artifact(facts: VariantFacts, result: Result) -> tuple[Value, ...]:
    file = facts.artifact
    is_reference = facts.name == result.comparison.reference
    gates = "reference" if is_reference else "yes" if facts.gate else "no"
    return (
        Value(short(facts.name)),
        Value(facts.origin),
        Value(facts.scheme or "none"),
        Value(facts.precision),
        Value(gates),
        Value(facts.engine or "not recorded"),
        Value(f"{facts.failed:,}", facts.failed),
        Value("no file" if file is None else bytes_text(file.bytes), file.bytes if file else None),
        Value("no file" if file is None else file.digest),
    )


def _truths(result: Result) -> Table:
    heads = (
        "Variant",
        "Changed",
        "Operations added",
        "Operations removed",
        "Weight tensors changed",
    )
    more = ("Low-precision share", "Bits per weight")
    columns = (
        *(Column(head, numeric=head == "Weight tensors changed") for head in heads),
        *(Column(head, numeric=True) for head in more),
        Column("Summary", prose=True),
    )
    rows = tuple(_truth(facts) for facts in result.variants)
    note = "Shares are of weight elements; bits are the mean over them."
    return Table("What each scheme really changed", columns, rows, note)


def _truth(facts: VariantFacts) -> tuple[Value, ...]:
    truth = facts.truth
    if truth is None:
        return (Value(short(facts.name)), Value("not compared"), *[Value(NOT_APPLICABLE)] * 6)
    low, bits = truth.low_precision_share, truth.bits_per_weight
    return (
        Value(short(facts.name)),
        Value("yes") if truth.changed else Value("NOTHING", tone="warning"),
        Value(_ops(truth.ops_added)),
        Value(_ops(truth.ops_removed)),
        Value(f"{truth.weights_changed:,} of {truth.weights_total:,}", truth.weights_changed),
        Value("unknown" if low is None else share(low, 1), low),
        Value("unknown" if bits is None else number(bits, 1), bits),
        Value(truth.summary),
    )


def _ops(ops: Mapping[str, int]) -> str:
    return several([f"{count} {op}" for op, count in ops.items()]) or "none"


def _calibrations(result: Result) -> Table:
    heads = (
        ("Variant", False),
        ("Calibration", False),
        ("Source", False),
        ("Method", False),
        ("Samples", True),
        ("Seed", True),
        ("Also in test set", True),
        ("Near-duplicates", True),
        ("Strata", False),
        ("Digest", False),
    )
    rows = tuple(_calibration(facts) for facts in result.variants if facts.calibration is not None)
    columns = tuple(Column(head, numeric=numeric) for head, numeric in heads)
    return Table("What set the ranges (calibration)", columns, rows)


def _calibration(facts: VariantFacts) -> tuple[Value, ...]:
    found = facts.calibration
    if not isinstance(found, CalibrationFacts):
        text = NOT_DISCLOSED if found in {None, "undisclosed"} else str(found)
        return (Value(short(facts.name)), Value(text), *[Value(NOT_APPLICABLE)] * 8)
    return (
        Value(short(facts.name)),
        Value(found.name),
        Value(found.source),
        Value(found.method),
        Value(f"{found.samples:,} of {found.available:,}", found.samples),
        Value(str(found.seed), found.seed),
        _overlap(found.exact_overlap),
        _overlap(found.near_duplicates),
        Value(_strata(found.strata) or "not counted"),
        Value(found.digest),
    )


def _overlap(count: int | None) -> Value:
    if count is None:
        return Value("not checked", tone="warning")
    return Value(f"{count:,}", count, "warning" if count else "plain")
