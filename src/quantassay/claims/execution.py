"""The precision that a variant really ran in, in words."""

from __future__ import annotations

from collections.abc import Iterator

from quantassay.records.artifacts import VariantFacts
from quantassay.records.executor import EngineUse


def executed(facts: VariantFacts | None, use: EngineUse | None) -> str | None:
    """Return the precision that really ran; None where the answers were recorded elsewhere.

    What no operation says otherwise of ran as it is stored, unless the engine cannot tell.
    """
    if use is None:
        return None
    if not use.tells:
        return f"not told by {use.engine}"
    return "; ".join(_executed(use)) or (facts.precision if facts else None)


def _executed(use: EngineUse) -> Iterator[str]:
    kinds = dict.fromkeys((one.precision, one.execution) for one in use.precisions)
    for precision, execution in kinds:
        same = [o for o in use.precisions if (o.precision, o.execution) == (precision, execution)]
        count = sum(one.count for one in same)
        yield f"{precision} {execution} ({_operations(count)})"
    if use.full_precision:
        yield f"fp32 ({_operations(sum(use.full_precision.values()))})"


def _operations(count: int) -> str:
    return f"{count:,} operation{'s' * (count != 1)}"
