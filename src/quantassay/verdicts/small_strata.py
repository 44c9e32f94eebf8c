"""What becomes of gate strata below their floor: the rule reads sizes, never scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from quantassay.evidence.contract import Evidence
from quantassay.records.cells import POOLED
from quantassay.records.samples import Partition

from .cells import Declared

Rule = Literal["block", "pool", "watch"]


def small(evidence: Evidence, declared: Sequence[Declared], alpha: float) -> NDArray[np.bool_]:
    """Return which gate strata cannot pass at their size, whatever they score (G,)."""
    margin = np.array([np.nan if d.margin is None else d.margin for d in declared], float)
    gate = np.array([d.role == "gate" and bool(d.stratum) for d in declared])
    floor = evidence.floor(np.where(gate, margin, 0.5), alpha)
    return gate & ~(evidence.size() >= floor)


def apply_rule(
    declared: Sequence[Declared], below: NDArray[np.bool_], rule: Rule
) -> list[Declared]:
    """Move small strata out of the gate as the rubric says; 'block' leaves them in it."""
    if rule == "block":
        return list(declared)
    why = f"below its floor: {'pooled' if rule == 'pool' else 'watched'}, as the rubric says"
    return [
        replace(one, role="watch", why=why) if is_small and not one.critical else one
        for one, is_small in zip(declared, below, strict=True)
    ]


def pooled(part: Partition, below: NDArray[np.bool_]) -> Partition | None:
    """Merge the small strata of one partition into one; None where there are none to merge."""
    if part.critical or not below.any():
        return None
    inside = (part.codes >= 0) & below[np.maximum(part.codes, 0)]
    label = {part.key: POOLED}
    return Partition(part.key, (label,), np.where(inside, 0, -1))
