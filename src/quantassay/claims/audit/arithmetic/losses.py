"""Whether a stated loss or recovery follows from the two scores, and in which reading."""

from __future__ import annotations

from collections.abc import Iterable

from quantassay.claims.audit.figures.figure import Figure, Pair
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .readings import Reading, allowed, fits, mirrored, readings
from .words import places, shown, what

MOST_LISTED = 4
MOST_WRONG = 20


def losses(document: Document, pairs: tuple[Pair, ...]) -> list[Finding]:
    """Return what the stated losses and recoveries of pairs are, or that they do not follow.

    Several rows of one table that speak alike are one finding.
    """
    read = [(pair, reading_of(pair)) for pair in pairs if pair.both and pair.stated]
    relative = [pair for pair, name in read if name == "relative"]
    absolute = [pair for pair, name in read if name == "absolute" and _open(pair)]
    trusted = _trusted(read)
    wrong = [
        pair
        for pair, name in read
        if name is None and (_stated(pair).role != "delta" or _stated(pair).table in trusted)
    ]
    found = [_reading(document, group, "relative") for group in _tables(relative)]
    found += [_reading(document, group, "absolute") for group in _tables(absolute)]
    return found + [_neither(document, pair) for pair in wrong[:MOST_WRONG]]


def reading_of(pair: Pair) -> str | None:
    """Return the reading in which a stated loss follows; "either" where two do, None where none."""
    if pair.both is None or pair.stated is None:
        return "either"
    return reading_among(pair.stated, readings(*pair.both))


def reading_among(stated: Figure, found: Iterable[Reading]) -> str | None:
    """Return which of some readings a stated loss follows in; as ``reading_of``."""
    names = {one.name for one in found if _fits(stated, one)}
    if {"absolute", "relative"} <= names:
        return "either"
    return next(
        (name for name in ("absolute", "relative", "recovery", "relative to the error",
                           "relative to the candidate") if name in names),
        None,
    )  # fmt: skip


def _fits(stated: Figure, reading: Reading) -> bool:
    return allowed(stated, reading) and fits(stated, reading)


def _open(pair: Pair) -> bool:
    """Return whether the words leave open that a percentage might be relative: in a sentence."""
    stated = pair.stated
    return (
        stated is not None and stated.unit == "percent" and not stated.table and stated.bound == ""
    )


def _tables(pairs: list[Pair]) -> list[list[Pair]]:
    """Return pairs of sentences one by one, and those of tables together."""
    alone = [[pair] for pair in pairs if pair.stated and not pair.stated.table]
    cells = [pair for pair in pairs if pair.stated and pair.stated.table]
    groups: dict[int, list[Pair]] = {}
    for pair in cells:
        groups.setdefault(pair.stated.table if pair.stated else 0, []).append(pair)
    return alone + list(groups.values())


def _reading(document: Document, pairs: list[Pair], name: str) -> Finding:
    """Return the finding that a stated loss is relative, or absolute, with both computed."""
    first, more = pairs[0], len(pairs) - 1
    text = _sentence(first, name)
    if more:
        text += f" The same reading fits {more} other row{'s' if more > 1 else ''} of the table."
    quotes = tuple(
        document.quote(*place)
        for pair in pairs[:MOST_LISTED]
        for place in places(pair.reference, pair.candidate, pair.stated)
    )
    return Finding("stated-loss-reading", text, tuple(dict.fromkeys(quotes)))


def _sentence(pair: Pair, name: str) -> str:
    (reference, candidate), stated = pair.scores, _stated(pair)
    found = {
        one.name: one
        for one in readings(reference, candidate)
        if one.unit or one.name == "absolute"
    }
    absolute, relative = found["absolute"], found.get("relative")
    direction = "change" if stated.role == "delta" else "loss"
    points = f"{shown(abs(absolute.value))}{absolute.unit or _points(reference)}"
    share = f"{shown(abs(relative.value))} %" if relative else "undefined"
    if name == "relative":
        return (
            f"{what(pair)}{stated.text} is the relative {direction}, |{reference.text} - "
            f"{candidate.text}| / {reference.text} = {share}; absolute it is {points}."
        )
    return (
        f"{what(pair)}{stated.text} is the absolute {direction}, |{reference.text} - "
        f"{candidate.text}| = {points}; relative to the reference it is {share}."
    )


def _stated(pair: Pair) -> Figure:
    if pair.stated is None:
        msg = "a pair states no loss"
        raise ValueError(msg)
    return pair.stated


def _points(reference: Figure) -> str:
    """Return the unit of a difference of scores: points, where they are percentages."""
    return " pp" if reference.unit == "percent" or reference.lower_better is False else ""


def _trusted(read: list[tuple[Pair, str | None]]) -> set[int]:
    """Return the tables, 0 for prose, whose stated differences are surely meant for their scores.

    All but one must fit, or half of them: a column in which little fits is about something else.
    """
    tables: dict[int, list[bool]] = {}
    for pair, name in read:
        tables.setdefault(_stated(pair).table, []).append(name is not None)
    return {0} | {table for table, fit in tables.items() if 2 * sum(fit) >= len(fit) - 1}


def _neither(document: Document, pair: Pair) -> Finding:
    (reference, candidate), stated = pair.scores, _stated(pair)
    computed = ", ".join(_computed(one, reference) for one in _asked(pair))
    text = (
        f"{what(pair)}{stated.text} does not follow from {reference.text} and {candidate.text}: "
        f"{computed}, with the rounding of every number allowed for."
    )
    quotes = tuple(document.quote(*place) for place in places(reference, candidate, stated))
    return Finding("stated-loss", text, quotes)


def _asked(pair: Pair) -> list[Reading]:
    """Return the readings to print for a stated number, each once; a loss is positive.

    Fractions are printed in points, but for metrics of which less is better.
    """
    reference, candidate = pair.scores
    recovery = pair.stated is not None and pair.stated.role == "recovery"
    wanted = ("recovery",) if recovery else ("absolute", "relative")
    found: dict[str, Reading] = {}
    for one in readings(reference, candidate):
        raw = one.name == "absolute" and one.unit != "" and reference.lower_better
        if one.name in wanted and (one.unit or one.name == "absolute") and not raw:
            found[one.name] = one
    less = reference.lower_better and not recovery
    return [mirrored(one) if less else one for one in found.values()]


def _computed(one: Reading, reference: Figure) -> str:
    decimals = 2 if one.unit else max(2, min(reference.decimals, 6))
    low, value, high = (shown(x, decimals) for x in (one.low, one.value, one.high))
    ends = f"({low} to {high})"
    if one.name == "recovery":
        return f"they give a recovery of {value} % {ends}"
    unit = one.unit or _points(reference)
    return f"the {one.name} loss is {value}{unit} {ends}"
