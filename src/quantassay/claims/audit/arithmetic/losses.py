"""Whether a stated loss or recovery follows from the two scores, and in which reading."""

from __future__ import annotations

import re
from collections.abc import Iterable

from quantassay.claims.audit.figures.figure import Figure, Scored, Told
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .readings import Reading, allowed, cut, fits, mirrored, readings
from .words import places, printed, shown, what

MOST_LISTED = 4
MOST_WRONG = 20
_PART = re.compile(
    r"\b(?:worst|hardest|weakest|minority|per[- ](?:class|category|language|subject|domain|task)|"
    r"(?:best|largest|biggest|smallest|single|individual|some|one|each|rare\w*|tail|any)[ -]"
    r"(?:\w+[ -])?(?:class|categor(?:y|ies)|languages?|speakers?|subjects?|strat(?:um|a)|groups?|"
    r"slices?|domains?|tasks?|benchmarks?|digits?|labels?))\b|"
    r"\b(?:class|category|stratum|digit|label|language|subject|domain)\W{1,3}\w{1,30}\W{1,3}"
    r"(?:falls?|fell|drops?|dropped|loses?|lost|goes|went)\b",
    re.IGNORECASE,
)


def losses(document: Document, pairs: Iterable[Scored]) -> list[Finding]:
    """Return what the stated losses and recoveries of pairs are, or that they do not follow.

    Several rows of one table that speak alike are one finding.
    """
    told = [mine for pair in pairs if (mine := pair.told)]
    read = [(pair, reading_of(pair)) for pair in told]
    relative = [pair for pair, name in read if name == "relative"]
    absolute = [pair for pair, name in read if name == "absolute" and _open(pair)]
    trusted = _trusted(read)
    wrong = [
        pair for pair, name in read
        if name is None and (pair.stated.role != "delta" or pair.stated.table in trusted)
        and not _of_a_part(document, pair.stated)
    ]  # fmt: skip
    found = [_reading(document, group, "relative") for group in _tables(relative)]
    found += [_reading(document, group, "absolute") for group in _tables(absolute)]
    return found + [_neither(document, pair) for pair in wrong[:MOST_WRONG]]


def reading_of(pair: Scored) -> str | None:
    """Return the reading in which a stated loss follows; "either" where two do, None where none."""
    if pair.stated is None:
        return "either"
    return reading_among(pair.stated, readings(*pair.scores))


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


def follows(stated: Figure, found: Iterable[Reading]) -> bool:
    """Return whether a stated loss follows in any of some readings."""
    return any(_fits(stated, one) for one in found)


def _fits(stated: Figure, reading: Reading) -> bool:
    return allowed(stated, reading) and fits(stated, reading)


def _of_a_part(document: Document, stated: Figure) -> bool:
    """Return whether the sentence of a loss speaks of one class, or of any part of the samples."""
    return not stated.table and _PART.search(document.plain[slice(*stated.row)]) is not None


def _open(pair: Told) -> bool:
    """Return whether the words leave open that a percentage might be relative: in a sentence."""
    stated = pair.stated
    return stated.unit == "percent" and not stated.table and stated.bound == ""


def _tables(pairs: list[Told]) -> list[list[Told]]:
    """Return pairs of sentences one by one, and those of tables together."""
    alone = [[pair] for pair in pairs if not pair.stated.table]
    groups: dict[int, list[Told]] = {}
    for pair in pairs:
        if pair.stated.table:
            groups.setdefault(pair.stated.table, []).append(pair)
    return alone + list(groups.values())


def _reading(document: Document, pairs: list[Told], name: str) -> Finding:
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


def _sentence(pair: Told, name: str) -> str:
    (reference, candidate), stated = pair.scores, pair.stated
    found = {
        one.name: one
        for one in readings(reference, candidate)
        if one.unit or one.name == "absolute"
    }
    absolute, relative = found["absolute"], found.get("relative")
    direction = "change" if stated.role == "delta" else "loss"
    points = f"{shown(abs(absolute.value))}{absolute.unit or _points(reference)}"
    share = f"{shown(abs(relative.value))} %" if relative else "undefined"
    way = relative if name == "relative" and relative else absolute
    reading = f"{name} {direction}{', cut off' if _is_cut(stated, way) else ''}"
    if name == "relative":
        return (
            f"{what(pair)}{stated.text} is the {reading}, |{reference.text} - "
            f"{candidate.text}| / {reference.text} = {share}; absolute it is {points}."
        )
    return (
        f"{what(pair)}{stated.text} is the {reading}, |{reference.text} - "
        f"{candidate.text}| = {points}; relative to the reference it is {share}."
    )


def _is_cut(stated: Figure, way: Reading) -> bool:
    """Return whether a stated number is the computed one cut off, and not rounded."""
    half = 0.5 * 10.0**-stated.decimals
    return cut(stated, way) and abs(way.value) - abs(stated.value) > half + 1e-9


def _points(reference: Figure) -> str:
    """Return the unit of a difference of scores: points, where they are percentages."""
    return " pp" if reference.unit == "percent" or reference.lower_better is False else ""


def _trusted(read: list[tuple[Told, str | None]]) -> set[int]:
    """Return the tables, 0 for prose, whose stated differences are surely meant for their scores.

    All but one must fit, or half of them: a column in which little fits is about something else.
    """
    tables: dict[int, list[bool]] = {}
    for pair, name in read:
        tables.setdefault(pair.stated.table, []).append(name is not None)
    return {0} | {table for table, fit in tables.items() if 2 * sum(fit) >= len(fit) - 1}


def _neither(document: Document, pair: Told) -> Finding:
    (reference, candidate), stated = pair.scores, pair.stated
    computed = ", ".join(_computed(one, reference) for one in _asked(pair))
    text = (
        f"{what(pair)}{printed(stated)} does not follow from {reference.text} and "
        f"{candidate.text}: {computed}, with the rounding of every number allowed for."
    )
    quotes = tuple(document.quote(*place) for place in places(reference, candidate, stated))
    return Finding("stated-loss", text, quotes)


def _asked(pair: Told) -> list[Reading]:
    """Return the readings to print for a stated number, each once; a loss is positive.

    Fractions are printed in points, but for metrics of which less is better.
    """
    reference, candidate = pair.scores
    recovery = pair.stated.role == "recovery"
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
