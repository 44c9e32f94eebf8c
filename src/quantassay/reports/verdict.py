"""The verdict, overall and of each candidate, and what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping

from ..records.cells import CandidateVerdict, Cell, Comparison, stratum_label
from .blocks import Banner, Ruling
from .cautions import cautions, unchanged, uncovered_by_all
from .figures import in_full, ratio
from .looks import stopped
from .names import cell_name, counted, several, short
from .subject import Subject
from .wording import headline, tone

_DECIDING_SHOWN = 6
_SLACK = 1e-3


def check(comparison: Comparison) -> None:
    """Refuse to report a PASS that the cells beneath it contradict.

    Raises
    ------
    ValueError
        If the overall verdict is better than a gating candidate's, a candidate's PASS stands on
        a gate cell that does not pass, or a cell's PASS on no margin or an interval beyond it.
    """
    passed = {name for name, each in comparison.candidates.items() if each.verdict == "pass"}
    for name, each in comparison.candidates.items():
        if comparison.verdict == "pass" and each.gate and each.verdict != "pass":
            msg = f"the overall verdict is pass, but that of {name!r} is {each.verdict}"
            raise ValueError(msg)
    for cell in comparison.cells:
        if cell.role == "gate" and cell.candidate in passed and cell.verdict != "pass":
            msg = f"{cell.candidate!r} passes, but its cell {cell_name(cell)} is {cell.verdict}"
            raise ValueError(msg)
        if cell.verdict == "pass" and _reaches_margin(cell):
            msg = f"{cell.candidate!r}: {cell_name(cell)} passes with an interval up to its margin"
            raise ValueError(msg)


def _reaches_margin(cell: Cell) -> bool:
    """Return whether the interval leaves the margin by more than a search's last digits."""
    if cell.margin is None:
        return True
    return cell.interval is not None and not cell.interval[1] <= cell.margin * (1 + _SLACK)


def banner(subject: Subject) -> Banner:
    """Say the verdict before everything else."""
    comparison = subject.comparison
    check(comparison)
    named = _named_cells(subject)
    return Banner(
        tone=tone(comparison.verdict),
        headline=headline(comparison),
        rulings=tuple(
            _ruling(subject, name, comparison.candidates[name], named)
            for name in subject.ranked
            if name in comparison.candidates
        ),
        cautions=cautions(subject),
    )


def _named_cells(subject: Subject) -> Mapping[tuple[str, str], Cell]:
    """Find the cells that verdicts name; the whole test set may be called ``@ overall``."""
    wanted = {
        (name, label)
        for name, each in subject.comparison.candidates.items()
        for label in each.deciding[:_DECIDING_SHOWN]
    }
    return {
        (cell.candidate, label): cell
        for cell in subject.comparison.cells
        if wanted and cell.role == "gate"
        for label in {cell_name(cell), f"{cell.metric} @ {stratum_label(cell.stratum)}"}
        if (cell.candidate, label) in wanted
    }


def _ruling(
    subject: Subject,
    name: str,
    each: CandidateVerdict,
    named: Mapping[tuple[str, str], Cell],
) -> Ruling:
    return Ruling(
        name=short(name),
        tone=tone(each.verdict),
        gate=each.gate,
        reason=each.reason,
        facts=_facts(subject, name),
        deciding=_deciding(subject, name, each, named),
        limits=_limits(subject, name, each),
    )


def _facts(subject: Subject, name: str) -> tuple[str, ...]:
    """Give the main loss, and the throughput beside it."""
    cell = subject.whole(name, subject.main)
    if cell is None:
        return stopped(subject.comparison, name)
    against = f"against {short(cell.reference)}"
    facts = [f"{cell.metric}: loss {in_full(cell, subject.scale(cell.metric))} {against}"]
    speed = subject.speeds.get(name)
    if speed is not None:
        facts.append(
            f"throughput {ratio(speed.ratio, speed.ratio_interval)} {against} "
            f"({counted(speed.pairs, 'timed pair')})"
        )
    return (*facts, *stopped(subject.comparison, name))


def _deciding(
    subject: Subject,
    name: str,
    each: CandidateVerdict,
    named: Mapping[tuple[str, str], Cell],
) -> tuple[str, ...]:
    if each.verdict == "pass":
        return ()
    shown = each.deciding[:_DECIDING_SHOWN]
    lines = [_decided(subject, label, named.get((name, label))) for label in shown]
    rest = len(each.deciding) - _DECIDING_SHOWN
    if rest > 0:
        lines.append(f"and {counted(rest, 'more cell')}")
    return tuple(lines)


def _decided(subject: Subject, label: str, cell: Cell | None) -> str:
    """Name a deciding cell with its figures, unless they stand above already."""
    if cell is None:
        return short(label)
    if cell is subject.whole(cell.candidate, subject.main):
        return f"{short(cell_name(cell))} (above)"
    return f"{short(cell_name(cell))}: loss {in_full(cell, subject.scale(cell.metric))}"


def _limits(subject: Subject, name: str, each: CandidateVerdict) -> tuple[str, ...]:
    limits = []
    if name in unchanged(subject):
        limits.append("changed nothing: this verdict says nothing about a scheme")
    if not each.gate:
        limits.append("does not count towards the overall verdict (gate: false)")
    if each.uncovered and not uncovered_by_all(subject.comparison):
        count = counted(len(each.uncovered), "stratum", "strata")
        limits.append(f"{count} not covered by any gate cell: {several(each.uncovered)}")
    return tuple(limits)
