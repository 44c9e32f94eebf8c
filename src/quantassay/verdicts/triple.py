"""Whether a triple is robust or fragile on its declared surface: all its cells with a margin."""

from __future__ import annotations

from collections.abc import Sequence

from quantassay.records.cells import CandidateVerdict, Cell, Comparison, pools, stratum_label
from quantassay.records.triple import Outcome, Triple

NOTHING_DECLARED = "no margin was declared, so there is no surface to be robust on"
ONLY_WATCHED = "every margin is only watched, and a watched cell never makes a triple fragile"


def triples(comparison: Comparison) -> tuple[Triple, ...]:
    """Return what every candidate of a comparison is as a triple, in their order."""
    return tuple(
        triple(name, comparison.reference, verdict, comparison.cells)
        for name, verdict in comparison.candidates.items()
    )


def triple(
    candidate: str, reference: str, verdict: CandidateVerdict, cells: Sequence[Cell]
) -> Triple:
    """Say whether a triple is robust, fragile, or undetermined.

    Robust: every cell with a margin passes, watched ones too; P(robust is said where one is truly
    at or beyond its margin) is at most alpha (intersection-union). Fragile: a gate cell fails;
    P(fragile is said where all are within) is at most alpha (Holm). A declared speed-up is no part
    of it; a verdict that was withheld leaves it undetermined.

    Parameters
    ----------
    candidate, reference
        By name.
    verdict
        On the candidate; withheld where it is ``insufficient`` and no cell decided it.
    cells
        Of the comparison; those of other candidates are passed over.
    """
    own = [cell for cell in cells if cell.candidate == candidate and not cell.exploratory]
    surface = _surface(own)
    outcome: Outcome = "undetermined"
    deciding: Cell | None = None
    if not surface:
        reason = NOTHING_DECLARED
    elif verdict.verdict == "insufficient" and not verdict.deciding:
        reason = verdict.reason
    else:
        outcome, deciding, reason = _decided(surface)
    return Triple(
        candidate=candidate,
        reference=reference,
        outcome=outcome,
        deciding="" if deciding is None else _name(deciding),
        reason=reason,
        surface=tuple(map(_name, surface)),
        uncovered=tuple(_name(cell) for cell in own if cell.role == "described"),
    )


def _decided(surface: Sequence[Cell]) -> tuple[Outcome, Cell | None, str]:
    failed = [cell for cell in surface if cell.role == "gate" and cell.verdict == "fail"]
    if failed:
        told = f"{len(failed):,} of {_counted(surface)} beyond the margin"
        return "fragile", min(failed, key=_surest), told
    short = [cell for cell in surface if cell.verdict != "pass"]
    if short:
        deciding = max(short, key=_farthest)
        return "undetermined", deciding, _unsettled(deciding, len(short), surface)
    if all(cell.role == "watch" for cell in surface):
        return "undetermined", None, ONLY_WATCHED
    told = f"all of {_counted(surface)} within the margin"
    return "robust", max(surface, key=_nearness), told


def _surface(own: Sequence[Cell]) -> list[Cell]:
    """Return the cells with a margin; strata in a pool are in the cell of their pool."""
    pooled = {(gate.split(" @ ")[0], label) for gate, held in pools(own).items() for label in held}
    return [
        cell
        for cell in own
        if cell.role == "gate"
        or (cell.role == "watch" and (cell.metric, stratum_label(cell.stratum)) not in pooled)
    ]


def _unsettled(cell: Cell, short: int, surface: Sequence[Cell]) -> str:
    watched = "it is only watched: " if cell.role == "watch" else ""
    return f"{short:,} of {_counted(surface)} not settled: {watched}{cell.reason or cell.verdict}"


def _counted(surface: Sequence[Cell]) -> str:
    return "1 cell" if len(surface) == 1 else f"{len(surface):,} cells"


def _name(cell: Cell) -> str:
    return f"{cell.metric} @ {stratum_label(cell.stratum)}"


def _surest(cell: Cell) -> tuple[float, float]:
    """Order failed cells: the smallest adjusted p first, then the farthest beyond its margin."""
    p = 1.0 if cell.p_beyond_adjusted is None else cell.p_beyond_adjusted
    return p, -_low(cell)


def _farthest(cell: Cell) -> tuple[bool, float]:
    """Order cells that are not settled: those without an interval, then the widest beyond."""
    return cell.interval is None, _nearness(cell)


def _nearness(cell: Cell) -> float:
    """Return how much of its margin the upper end of a loss takes up."""
    return cell.interval[1] / cell.margin if cell.interval and cell.margin else 0.0


def _low(cell: Cell) -> float:
    return cell.interval[0] / cell.margin if cell.interval and cell.margin else 0.0
