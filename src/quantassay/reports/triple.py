"""A triple in one line: robust, fragile or undetermined on its declared surface."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..records.cells import Cell, stratum_label
from ..records.triple import Outcome, Triple
from .blocks import Tone, Value
from .figures import Scale, number, trimmed, with_unit
from .names import counted, short
from .subject import Subject

WHOLE = stratum_label({})
TONES: dict[Outcome, Tone] = {"robust": "pass", "fragile": "fail", "undetermined": "inconclusive"}
_ORDER: dict[Outcome, float] = {"fragile": 0.0, "undetermined": 1.0, "robust": 2.0}


def check(subject: Subject) -> None:
    """Refuse to call a triple robust that the cells of its surface contradict.

    Raises
    ------
    ValueError
        If a robust triple has no surface, or a cell of it does not pass.
    """
    for one in () if subject.result is None else subject.result.triples:
        passed = {
            label(cell.metric, cell.stratum)
            for cell in subject.comparison.cells
            if cell.candidate == one.candidate and cell.verdict == "pass"
        }
        if one.outcome == "robust" and not (one.surface and passed.issuperset(one.surface)):
            msg = f"{one.candidate!r} is called robust, but not every cell of its surface passes"
            raise ValueError(msg)


def lines(subject: Subject, candidate: str) -> tuple[str, ...]:
    """Say in one line what a candidate is as a triple; nothing where nothing was measured."""
    found = () if subject.result is None else subject.result.triples
    cells = [cell for cell in subject.comparison.cells if cell.candidate == candidate]
    if not cells:
        return ()
    return tuple(_line(subject, one, cells) for one in found if one.candidate == candidate)


def _line(subject: Subject, one: Triple, cells: Iterable[Cell]) -> str:
    named = (cell for cell in cells if label(cell.metric, cell.stratum) == one.deciding)
    found = next(named, None)
    where = ""
    if found is not None:
        where = used(found.interval, found.margin, subject.scale(found.metric), one.outcome)
    return in_words(one, where)


def label(metric: str, stratum: Mapping[str, str]) -> str:
    """Name a cell as a triple does."""
    return f"{metric} @ {stratum_label(stratum)}"


def in_words(one: Triple, where: str = "") -> str:
    """Say what a triple is and by which cell; of a robust one also on what, and on what not.

    Examples
    --------
    >>> names = ("top1 @ overall", "top1 @ digit=3")
    >>> in_words(Triple("a", "b", "robust", names[1], "", names, ()), "loss up to 2 of 3 pp")
    'robust on its declared surface (2 cells: 1 metric; the whole test set and 1 stratum), \
nearest to its margin: top1 @ digit=3 (loss up to 2 of 3 pp)'
    """
    said = f"{_WHY[one.outcome]}: {short(one.deciding)}{f' ({where})' if where else ''}"
    if not one.deciding:
        return f"{one.outcome}: {one.reason or 'no margin was declared'}"
    if one.outcome == "fragile":
        return f"fragile, {said}"
    if one.outcome == "undetermined":
        return f"undetermined, {said}; {one.reason}"
    rest = counted(len(one.uncovered), "cell")
    beyond = f"; nothing is said of {rest} without a margin" if one.uncovered else ""
    return f"robust on its declared surface ({surface(one.surface)}), {said}{beyond}"


_WHY: dict[Outcome, str] = {
    "robust": "nearest to its margin",
    "fragile": "surest beyond its margin",
    "undetermined": "farthest from settled",
}


def used(
    ends: tuple[float, float] | None, margin: float | None, unit: Scale, outcome: Outcome
) -> str:
    """Say how much of a margin the interval of a loss reaches: ``loss up to 1.2 of 3 pp``."""
    if ends is None or margin is None:
        return ""
    beyond = outcome == "fragile"
    end = number(unit.of(ends[0] if beyond else ends[1]), unit.decimals)
    of = with_unit(trimmed(unit.of(margin), 6), unit.loss_unit)
    return f"loss from {end}, margin {of}" if beyond else f"loss up to {end} of {of}"


def surface(names: Iterable[str]) -> str:
    """Count cells, metrics and strata of a surface."""
    known = [name.partition(" @ ") for name in names]
    places = dict.fromkeys(place for _, _, place in known)
    strata = [place for place in places if place not in ("", WHOLE)]
    where = [counted(len(strata), "stratum", "strata")] if strata else []
    where = (["the whole test set"] if len(strata) < len(places) else []) + where
    metrics = counted(len(dict.fromkeys(metric for metric, _, _ in known)), "metric")
    return f"{counted(len(known), 'cell')}: {metrics}; {' and '.join(where)}"


def outcome(one: Triple | None) -> Value:
    """Return the outcome as an entry of a table."""
    if one is None:
        return Value("NOT RUN", 3.0, "unjudged")
    return Value(one.outcome.upper(), _ORDER[one.outcome], TONES[one.outcome])
