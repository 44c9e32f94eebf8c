"""The verdict on each cell of one candidate: FAIL first, floors only block PASS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.evidence.contract import Evidence
from quantassay.evidence.counting import counted
from quantassay.evidence.dependence import dependence
from quantassay.records.cells import Cell, Role

from .decision import Adjusted, Raw, decide

POWER = 0.9


@dataclass(frozen=True)
class Declared:
    """What was declared about one cell beforehand; ``margin`` None: described."""

    stratum: Mapping[str, str]
    margin: float | None = None
    role: Role = "described"
    critical: bool = False
    exploratory: bool = False
    why: str = ""

    def __post_init__(self) -> None:
        if self.margin is not None and not 0 < self.margin < np.inf:
            msg = f"a margin is positive and finite, not {self.margin}"
            raise ValueError(msg)
        if (self.margin is None) != (self.role == "described"):
            msg = f"a cell is judged where a margin stands: {self.role} with {self.margin}"
            raise ValueError(msg)


@dataclass(frozen=True)
class Group:
    """The cells of one metric: their evidence, and what was declared of each.

    ``blind`` says why no loss could be seen in any of them, '' where one could. Where they are
    looked at more than once, ``level`` is the one-sided nominal level of each (G,), and
    ``p_beyond`` its p over the looks so far (G,); described cells keep the level of a single look.
    ``headroom`` is all that the reference has to lose in each (G,); None: unknown.
    """

    metric: str
    evidence: Evidence
    declared: Sequence[Declared]
    blind: str = ""
    level: NDArray[np.float64] | None = None
    p_beyond: NDArray[np.float64] | None = None
    headroom: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        if len(self.declared) != len(self.evidence.n):
            msg = f"{len(self.declared)} cells are declared, {len(self.evidence.n)} measured"
            raise ValueError(msg)


def judge(
    candidate: str,
    reference: str,
    groups: Sequence[Group],
    confidence: float,
    reserved: int = 0,
) -> list[Cell]:
    """Decide every cell of one candidate.

    The Holm family of FAIL is the gate cells of this candidate, and as many hypotheses more as are
    ``reserved`` for what is judged after them, such as a declared speed-up. Watched cells have a
    family of their own, so that watching more never weakens a gate.
    """
    alpha = (1 - confidence) / 2
    drafts = [cell for group in groups for cell in _measure(candidate, reference, group, alpha)]
    for role in ("gate", "watch"):
        family = [i for i, (cell, _) in enumerate(drafts) if cell.role == role]
        p_beyond = np.array([drafts[i][1].p_beyond for i in family], float)
        later = reserved if role == "gate" else 0
        adjusted = stats.holm(np.append(p_beyond, np.ones(later)))[: len(family)]
        members = int(np.isfinite(p_beyond).sum()) + later
        for i, p in zip(family, adjusted, strict=True):
            cell, raw = drafts[i]
            drafts[i] = (decide(cell, raw, Adjusted(float(p), alpha, members)), raw)
    return [cell for cell, _ in drafts]


def _measure(candidate: str, reference: str, group: Group, alpha: float) -> list[tuple[Cell, Raw]]:
    evidence = group.evidence
    margin = np.array([np.nan if d.margin is None else d.margin for d in group.declared], float)
    judged = np.isfinite(margin)
    filled = np.where(judged, margin, 0.5)
    level = alpha if group.level is None else np.where(judged, group.level, alpha)
    low, high = evidence.bounds(level)
    effect, correlation = dependence(evidence)
    columns = _Columns(
        low=low,
        high=high,
        p_within=evidence.p_within(filled) if judged.any() else margin,
        p_beyond=_p_beyond(group, filled) if judged.any() else margin,
        floor=evidence.floor(filled, level),
        size=evidence.size(),
        counted=counted(evidence),
        needed=evidence.needed(filled, level, POWER) if judged.any() else margin,
        detectable=evidence.detectable(level, POWER),
        design_effect=effect,
        intraclass=correlation,
    )
    return [
        (_cell(candidate, reference, group, columns, g), _raw(columns, group, g))
        for g in range(len(group.declared))
    ]


def _p_beyond(group: Group, margin: NDArray[np.float64]) -> NDArray[np.float64]:
    return group.evidence.p_beyond(margin) if group.p_beyond is None else group.p_beyond


@dataclass(frozen=True)
class _Columns:
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p_within: NDArray[np.float64]
    p_beyond: NDArray[np.float64]
    floor: NDArray[np.float64]
    size: NDArray[np.float64]
    counted: Sequence[str]
    needed: NDArray[np.float64]
    detectable: NDArray[np.float64]
    design_effect: NDArray[np.float64]
    intraclass: NDArray[np.float64]


def _raw(columns: _Columns, group: Group, g: int) -> Raw:
    return Raw(
        float(columns.p_beyond[g]),
        float(columns.size[g]),
        float(columns.floor[g]),
        columns.counted[g],
        group.evidence.undefined[g],
        group.blind,
    )


def _cell(candidate: str, reference: str, group: Group, columns: _Columns, g: int) -> Cell:
    evidence, declared = group.evidence, group.declared[g]
    judged = declared.margin is not None
    loss = _number(evidence.loss[g])
    ends = _number(columns.low[g]), _number(columns.high[g])
    delta = None
    if np.isfinite(evidence.reference[g]) and np.isfinite(evidence.candidate[g]):
        delta = float(evidence.candidate[g] - evidence.reference[g])
    return Cell(
        candidate=candidate,
        reference=reference,
        metric=group.metric,
        stratum=dict(declared.stratum),
        role=declared.role,
        n=int(evidence.n[g]),
        reference_value=_number(evidence.reference[g]),
        candidate_value=_number(evidence.candidate[g]),
        delta=delta,
        loss=loss,
        interval=None if ends[0] is None or ends[1] is None else (ends[0], ends[1]),
        method=evidence.method[g],
        losses=None if evidence.losses is None else int(evidence.losses[g]),
        gains=None if evidence.gains is None else int(evidence.gains[g]),
        margin=declared.margin,
        p_within=_number(columns.p_within[g]) if judged else None,
        p_beyond_adjusted=None,
        verdict=None,
        reason=declared.why or evidence.undefined[g] or "no margin was declared",
        smallest_detectable=_number(columns.detectable[g]),
        needed_n=_count(columns.needed[g]) if judged else None,
        floor_n=_count(columns.floor[g]) if judged else None,
        clusters=None if evidence.clusters is None else int(evidence.clusters[g]),
        design_effect=_number(columns.design_effect[g]),
        intraclass_correlation=_number(columns.intraclass[g]),
        critical=declared.critical,
        exploratory=declared.exploratory,
    )


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _count(value: float) -> int | None:
    return int(np.ceil(value)) if np.isfinite(value) else None
