"""Metric: the scoring rule behind the figure."""

from __future__ import annotations

import re

from quantassay.claims.audit.items.parts import sets
from quantassay.claims.audit.items.reading import Reading, Span
from quantassay.claims.lexicons.matches import Match
from quantassay.records.audit import Item

_OVERLAP = re.compile(r"\bIo[Uu]\b|\bIOU\b|\b0?\.5:0?\.95\b|@ ?0?\.?5")
_AVERAGE = re.compile(r"\b(?:average|avg|mean|overall)\b\.?[ -]?(?:score|accuracy)?", re.I)
_MANY = 3
_RULES_HEADER = re.compile(r"^\W*metric", re.I)
_DIGITS = re.compile(r"\d")
_COUNTED = re.compile(
    r"\b\d[\d,]* ?(?:/|of|out of) ?\d[\d,]*\b|correct(?:ly)? (?:predictions|answers|classified)",
    re.I,
)


def metric(reading: Reading) -> Item:
    """Answer by the guideline: a rule "yes"; one that leaves a choice open "partial"."""
    rules = [match for match in reading.of("metric", rule="named") if _scores(reading, match)]
    overlap = _overlap(reading)
    settled = [match for match in rules if not _open(reading, match, overlap)]
    several = _several(reading)
    if settled and not (several and not _covers(reading, settled)):
        best = sorted(settled, key=lambda match: -_weight(reading, match))
        return reading.item("yes", best, f"named: {_named(reading, best[0])}")
    if rules:
        return reading.item("partial", [*settled, *rules], _left_open(rules[0], several))
    return _worded(reading, several)


def _worded(reading: Reading, several: bool) -> Item:
    """Answer where no rule is named, by whether the task has one customary rule."""
    words = [match for match in reading.of("metric", rule="word", needs="k")]
    named = [match for match in reading.of("dataset") if match.facts.get("use") != "language"]
    customary = [match for match in named if "metric" in match.facts]
    agreements = reading.of("metric", side="agreement")
    if (several or len({match.name for match in named}) > _MANY) and named:
        return reading.item(
            "partial", [*words, *named], "scores of several tasks without their scoring rules"
        )
    if customary:
        first = customary[0]
        return reading.item(
            "yes", [*words, first], f"customary for {first.name}: {first.facts['metric']}"
        )
    if words and _COUNTED.search(reading.text):
        return reading.item("yes", words, "accuracy with its counts")
    if words and named:
        return reading.item(
            "partial", words, f"{words[0].name} on {named[0].name}: several rules are in use"
        )
    if agreements:
        return reading.item("yes", agreements, f"named: {agreements[0].name}")
    if words and any("family" in match.facts for match in reading.of("word")):
        return reading.item("partial", words, f"only the word {words[0].name}")
    return reading.item("no", (), "not disclosed: no scoring rule")


def _scores(reading: Reading, match: Match) -> bool:
    """Whether a rule is that of a score; a bare "AP" or "EM" is one only beside a figure."""
    if "side" in match.facts:
        return False
    grid = reading.grid_at(match.start)
    short = match.end - match.start <= 2
    return (
        not short
        or grid is not None
        or bool(_DIGITS.search(reading.text[match.end : match.end + 25]))
    )


def _overlap(reading: Reading) -> bool:
    """Whether it is said at which overlap boxes count, or there are no boxes."""
    boxless = {"retrieval", "sound classification"}
    tasks = {match.facts.get("task") for match in reading.of("dataset")}
    return bool(_OVERLAP.search(reading.text) or tasks & boxless)


def _open(reading: Reading, match: Match, overlap: bool) -> bool:
    """Whether a rule leaves open at which overlap boxes count, or how deep a ranking is read."""
    if match.facts.get("needs") == "IoU":
        return not overlap
    return match.name in {"nDCG", "top-k"} and not _DIGITS.search(
        reading.text, match.start, match.end + 2
    )


def _several(reading: Reading) -> bool:
    """Whether the figures are of several tasks, or an average over them."""
    suites = reading.of("dataset", suite="yes")
    if len(sets(reading)) >= _MANY or (suites and _AVERAGE.search(reading.text)):
        return True
    sentences = {reading.sentence(match.start) for match in reading.of("dataset")}
    return any(_together(reading, sentence) for sentence in sentences)


def _together(reading: Reading, sentence: Span) -> bool:
    """Whether a sentence names several data sets at once."""
    names = reading.within(*sentence)
    return len({name.name for name in names if name.kind == "dataset"}) >= _MANY


def _covers(reading: Reading, settled: list[Match]) -> bool:
    """Whether rules are named for all of several tasks: in a header, or for most of them."""
    if any(grid.columns_named(_RULES_HEADER) for grid in reading.grids):
        return True
    scored = sets(reading)
    told = [one for one in scored if any(0 < rule.end - one.start < 80 for rule in settled)]
    return not scored or 2 * len(told) > len(scored)


def _weight(reading: Reading, match: Match) -> int:
    """Return how telling a mention is: beside a number or in a table more than elsewhere."""
    near = reading.text[match.end : match.end + 30]
    return 2 * bool(_DIGITS.search(near)) + bool(reading.grid_at(match.start))


def _named(reading: Reading, match: Match) -> str:
    return " ".join(reading.text[match.start : match.end].split())


def _left_open(match: Match, several: bool) -> str:
    if match.facts.get("needs") == "IoU":
        return f"{match.name} without the overlap (IoU) at which boxes count"
    return (
        "rules named for some of the tasks only" if several else f"{match.name} without its depth k"
    )
