"""How calibration samples are spread over the strata of the test set."""

from __future__ import annotations

from ..records.artifacts import CalibrationFacts, Coverage
from ..records.result import Result
from .blocks import Column, Table, Value
from .figures import share
from .names import several, short

LISTED = 20


def coverage(result: Result) -> tuple[Table, ...]:
    """Tabulate what each calibration set holds of every stratum; nothing where none is known."""
    sets = {
        facts.calibration.name: facts.calibration.coverage
        for facts in result.variants
        if isinstance(facts.calibration, CalibrationFacts)
    }
    rows = [_row(name, key, one) for name, found in sets.items() for key, one in found.items()]
    if not rows:
        return ()
    table = Table(
        "Calibration samples in each stratum, beside its share of the test set",
        (
            Column("Calibration"),
            Column("Strata by"),
            Column("Calibration samples", prose=True),
            Column("Without any", prose=True),
        ),
        tuple(rows),
    )
    return (table,)


def _row(name: str, key: str, found: Coverage) -> tuple[Value, ...]:
    if found.unknown:
        told = Value(f"cannot be told: {found.unknown}", tone="warning")
        return (Value(short(name)), Value(short(key)), told, Value("cannot be told"))
    whole = sum(found.test.values()) or 1
    counts = [
        f"{short(each)}: {found.samples.get(each, 0):,} (test set {share(n / whole, 1)})"
        for each, n in found.test.items()
    ]
    lacking = several(found.lacking, LISTED)
    return (
        Value(short(name)),
        Value(short(key)),
        Value(several(counts, LISTED)),
        Value(lacking or "none", len(found.lacking), "warning" if lacking else "plain"),
    )
