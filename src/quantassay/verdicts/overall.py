"""From cells to the verdict on a candidate, and from candidates to the overall one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from quantassay.records.cells import CandidateVerdict, Cell, Verdict, stratum_label

WORST_FIRST: tuple[Verdict, ...] = ("fail", "insufficient", "inconclusive", "pass")
ONLY_WATCHED = "no cell gates: every margin is only watched"
NOTHING_JUDGED = "nothing was judged: no margin was declared"


def candidate_verdict(cells: Sequence[Cell], gate: bool = True) -> CandidateVerdict:
    """Decide one candidate from its gate cells: the worst of them.

    Parameters
    ----------
    cells
        All its cells against the deciding reference.
    gate
        Whether the candidate counts for the overall verdict.
    """
    gates = [cell for cell in cells if cell.role == "gate"]
    uncovered = _uncovered(cells, gates)
    if not gates:
        if any(cell.role == "watch" for cell in cells):
            return CandidateVerdict("inconclusive", ONLY_WATCHED, gate, uncovered)
        return CandidateVerdict(None, NOTHING_JUDGED, gate, uncovered)
    verdict = worst([cell.verdict for cell in gates])
    deciding = [cell for cell in gates if cell.verdict == verdict]
    named = tuple(f"{cell.metric} @ {stratum_label(cell.stratum)}" for cell in deciding)
    cells_in_all = "1 gate cell" if len(gates) == 1 else f"{len(gates)} gate cells"
    reason = f"{len(deciding)} of {cells_in_all}: {deciding[0].reason}"
    if verdict == "pass":
        reason = "the gate cell passes" if len(gates) == 1 else f"all {cells_in_all} pass"
    return CandidateVerdict(verdict, reason, gate, uncovered, named)


def withheld(verdict: CandidateVerdict, why: str) -> CandidateVerdict:
    """Turn whatever was decided into ``insufficient``; nothing stays nothing."""
    if verdict.verdict is None:
        return verdict
    return replace(verdict, verdict="insufficient", reason=why, deciding=())


def overall_verdict(candidates: Mapping[str, CandidateVerdict]) -> Verdict | None:
    """Return the worst verdict of the candidates that gate; None where nothing was judged."""
    gating = [candidate.verdict for candidate in candidates.values() if candidate.gate]
    if gating and all(verdict is None for verdict in gating):
        return None
    return worst(verdict or "inconclusive" for verdict in gating) if gating else None


def worst(verdicts: Iterable[Verdict | None]) -> Verdict:
    """Return the worst of some verdicts, at least one."""
    found = set(verdicts)
    return next(verdict for verdict in WORST_FIRST if verdict in found)


def _uncovered(cells: Iterable[Cell], gates: Iterable[Cell]) -> tuple[str, ...]:
    covered = {stratum_label(cell.stratum) for cell in gates}
    every = dict.fromkeys(stratum_label(cell.stratum) for cell in cells)
    return tuple(label for label in every if label not in covered)
