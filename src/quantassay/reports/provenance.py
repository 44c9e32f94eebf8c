"""Where the figures come from: data, variants, calibration, and what is not disclosed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ..records.artifacts import CalibrationFacts, Truth, VariantFacts
from ..records.result import Result
from .blocks import Block, Column, KeyValues, Section, Table, Value
from .coverage import coverage
from .figures import NOT_APPLICABLE, bytes_text, number, share
from .names import counted, several, short

NOT_DISCLOSED = "not disclosed"
TRUTHS = (
    "Beside the model that each was made from. Low: in 16 bits or less; of layers with weights, "
    "their multiplications, and weights. Bits: mean over the weights, scales included. Size: of "
    "its files. Just rounded: quantized weights that are the source's rounded to the nearest "
    "value that their own scales allow; a scheme that rounds so that errors cancel (GPTQ), or "
    "rescales weights first, has fewer; – where none lie on an even grid that the format tells."
)


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
        blocks += [_calibrations(result), *coverage(result)]
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
        "Weight tensors changed",
        "Layers low",
        "Multiplications low",
        "Weights low",
        "Bits per weight",
        "Size",
        "Just rounded",
    )
    columns = (
        Column("Variant"),
        *(Column(head, numeric=True) for head in heads),
        Column("Summary", prose=True),
    )
    rows = tuple(_truth(facts) for facts in result.variants)
    return Table("What each scheme really changed", columns, rows, TRUTHS)


def _truth(facts: VariantFacts) -> tuple[Value, ...]:
    truth = facts.truth
    if truth is None:
        return (Value(short(facts.name)), Value("not compared"), *[Value(NOT_APPLICABLE)] * 7)
    count, layers = f"{truth.weights_changed:,} of {truth.weights_total:,}", truth.layers
    return (
        Value(short(facts.name)),
        Value(count if truth.weights_total else NOT_APPLICABLE, truth.weights_changed)
        if truth.changed
        else Value("NOTHING", tone="warning"),
        Value(f"{truth.layers_low} of {layers}" if layers else "unknown", truth.layers_low),
        _part(truth.low_macs_share),
        _part(truth.low_precision_share),
        _known(truth.bits_per_weight, lambda bits: number(bits, 1)),
        _size(truth),
        _just_rounded(truth),
        Value("; ".join([truth.summary, *_likeness(truth)])),
    )


def _just_rounded(truth: Truth) -> Value:
    """Give the share of what was compared, and how much that was where it was not all."""
    if truth.compared is None or truth.nearest_share is None or truth.compared == 1:
        return Value(NOT_APPLICABLE) if truth.compared is None else _part(truth.nearest_share)
    of = f"{_nearly(truth.nearest_share)} of the {_nearly(truth.compared)} compared"
    return Value(of, truth.nearest_share)


def _part(amount: float | None) -> Value:
    return _known(amount, _nearly)


def _nearly(part: float) -> str:
    """Write a share; only all of it is 100 %."""
    text = share(part, 1)
    return "over 99.9 %" if part < 1 and text == share(1, 1) else text


def _known(amount: float | None, words: Callable[[float], str]) -> Value:
    return Value("unknown") if amount is None else Value(words(amount), amount)


def _size(truth: Truth) -> Value:
    if truth.bytes is None or not truth.source_bytes:
        return Value("unknown")
    return Value(share(truth.bytes / truth.source_bytes, 1), truth.bytes)


def _likeness(truth: Truth) -> Iterator[str]:
    if truth.same_as:
        yield f"the same as {several([short(name) for name in truth.same_as])}"
    if truth.near:
        yield f"hardly differs from {several([short(name) for name in truth.near])}"


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
        ("Stratified draw", False),
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
        Value(_strata(found.strata) or "no"),
        Value(found.digest),
    )


def _overlap(count: int | None) -> Value:
    if count is None:
        return Value("not checked", tone="warning")
    return Value(f"{count:,}", count, "warning" if count else "plain")
