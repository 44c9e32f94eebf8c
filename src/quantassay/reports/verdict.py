"""The verdict, overall and of each candidate, and what it leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf

from ..records.cells import CandidateVerdict, Cell, Comparison, pools, stratum_label
from . import triple
from .blocks import Banner, Ruling
from .cautions import cautions, unchanged, uncovered_by_all
from .figures import ends, in_full, known, value, why_no_interval
from .looks import stopped
from .names import cell_name, counted, several, short
from .speed_verdict import (
    SPEEDUP,
    check_speeds,
    decided_by_speed,
    reached,
    throughput_lines,
)
from .strata import stratum_figure
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
    check_speeds(comparison, subject.speeds)
    triple.check(subject)
    named = _named_cells(subject)
    return Banner(
        tone=tone(comparison.verdict),
        headline=headline(comparison) + reached(subject),
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
        facts=(*_facts(subject, name, each), *triple.lines(subject, name)),
        deciding=_deciding(subject, name, each, named),
        limits=_limits(subject, name, each),
    )


def _facts(subject: Subject, name: str, each: CandidateVerdict) -> tuple[str, ...]:
    """Give the losses over all samples, the throughput beside them, and the strata in a line."""
    if subject.whole(name, subject.main) is None:
        return stopped(subject.comparison, name)
    speed = throughput_lines(subject, name)
    strata = _strata_judged(subject, name, each)
    return (*_losses(subject, name), *speed, *strata, *stopped(subject.comparison, name))


def _losses(subject: Subject, name: str) -> Iterator[str]:
    for cell in _shown_whole(subject, name):
        loss = in_full(cell, subject.scale(cell.metric))
        unit, why = subject.scale(cell.metric), why_no_interval(cell)
        both = f"{value(cell.reference_value, unit)} → {value(cell.candidate_value, unit)}, "
        if known(cell.reference_value) is None or known(cell.candidate_value) is None:
            both = ""
        yield f"{cell.metric}: {both}loss {loss} against {short(cell.reference)}{why}"


def _shown_whole(subject: Subject, name: str) -> list[Cell]:
    """Choose cells of the whole test set: the main one first, then those judged or asked for."""
    metrics = sorted(subject.metric_names, key=lambda metric: metric != subject.main)
    cells = filter(None, (subject.whole(name, metric) for metric in metrics))
    found = [c for c in cells if c.margin is not None or c.metric == subject.main]
    beside = subject.components_of(cell.metric for cell in found)
    return [*found, *(c for m in beside if (c := subject.whole(name, m)) and c not in found)]


def _strata_judged(subject: Subject, name: str, each: CandidateVerdict) -> Iterator[str]:
    """Count the judged strata that are not named as deciding; name the worst if none is."""
    named = set(() if each.verdict == "pass" else each.deciding[:_DECIDING_SHOWN])
    judged = [
        cell
        for (candidate, _), cells in subject.strata.items()
        for cell in cells
        if candidate == name and cell.verdict is not None
    ]
    rest = [cell for cell in judged if cell_name(cell) not in named]
    if not rest:
        return
    count = counted(len(rest), "cell" if len(rest) == len(judged) else "other cell")
    line = f"{count} of strata judged: see {subject.source}"
    worst = max(rest, key=_nearness)
    if len(rest) < len(judged) or _nearness(worst) == -inf:
        yield line
        return
    figure = stratum_figure(worst, subject)
    yield f"{line}; worst against its margin: {short(cell_name(worst))}, loss {figure}"


def _nearness(cell: Cell) -> float:
    """Return the upper end of loss in margins."""
    bounds = ends(cell)
    return -inf if bounds is None or cell.margin is None else bounds[1] / cell.margin


def _deciding(
    subject: Subject,
    name: str,
    each: CandidateVerdict,
    named: Mapping[tuple[str, str], Cell],
) -> tuple[str, ...]:
    if each.verdict == "pass":
        return ()
    shown = each.deciding[:_DECIDING_SHOWN]
    lines = [_decided(subject, name, each, label, named.get((name, label))) for label in shown]
    rest = len(each.deciding) - _DECIDING_SHOWN
    if rest > 0:
        lines.append(f"{counted(rest, 'more cell')}: see {subject.source}")
    return tuple(lines)


def _decided(
    subject: Subject, name: str, each: CandidateVerdict, label: str, cell: Cell | None
) -> str:
    """Name a deciding cell with its figures and reason, unless they stand above already."""
    if cell is None:
        return decided_by_speed(subject, name) if label == SPEEDUP else short(label)
    text = f"{short(cell_name(cell))}: loss {in_full(cell, subject.scale(cell.metric))}"
    if cell in _shown_whole(subject, cell.candidate):
        text = f"{short(cell_name(cell))} (above)"
    reason = "" if cell.reason in text else _beyond(cell.reason, each.reason)
    return "; ".join(filter(None, [text, reason, _settled(cell)]))


def _beyond(reason: str, said: str) -> str:
    """Return what a cell's reason adds to that of its candidate."""
    common = said.split(": ", 1)[-1]
    return reason.removeprefix(common).lstrip(": ") if common else reason


def _settled(cell: Cell) -> str:
    """Say how many samples would settle an open cell, where that is known."""
    if cell.verdict != "inconclusive" or cell.needed_n is None or cell.needed_n <= cell.n:
        return ""
    return f"about n {cell.needed_n:,} would settle it"


def _limits(subject: Subject, name: str, each: CandidateVerdict) -> tuple[str, ...]:
    limits = []
    if name in unchanged(subject):
        limits.append("changed nothing: this verdict says nothing about a scheme")
    if not each.gate:
        limits.append("does not count towards the overall verdict (gate: false)")
    if each.uncovered and not uncovered_by_all(subject.comparison):
        count = counted(len(each.uncovered), "stratum", "strata")
        limits.append(f"{count} not covered by any gate cell: {several(each.uncovered)}")
    own = [cell for cell in subject.comparison.cells if cell.candidate == name]
    limits += [f"{short(pool)} holds {several(inside)}" for pool, inside in pools(own).items()]
    return tuple(limits)
